/* Reads a member's card with the camera: by the browser's own reader where it has one, else by ours. The button
   stands wherever the browser gives pages a camera; the field and a hand scanner do everywhere. */
import { read } from "./qr_finding.js";

const EVERY_MS = 150;
const SEEN_PIXELS = 480; // of the picture's middle: enough for a card at arm's length

const camera = document.querySelector("[data-camera]");
const form = document.querySelector("form[data-card]");
if (camera && form) {
  const start = camera.querySelector("[data-start]");
  const told = camera.querySelector("[data-told]");
  const say = (what) => (told.textContent = told.dataset[what] ?? "");
  camera.hidden = false;
  if (navigator.mediaDevices?.getUserMedia) {
    start.hidden = false;
    start.addEventListener("click", () => scan(camera.querySelector("[data-view]"), start, say));
  } else say("none");
}

async function scan(view, start, say) {
  start.hidden = true;
  say("looking");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    const stop = () => stream.getTracks().forEach((track) => track.stop());
    addEventListener("pagehide", stop, { once: true });
    try {
      form.elements.card.value = await textBefore(view, stream);
      form.requestSubmit();
    } finally {
      stop();
    }
  } catch (fault) {
    view.hidden = true;
    start.hidden = false;
    say(fault.name === "NotFoundError" ? "none" : "refused");
  }
}

/* What the first code says that is held before the camera. */
async function textBefore(view, stream) {
  view.srcObject = stream;
  view.hidden = false;
  await view.play();
  const look = (await theirs()) ?? ours();
  for (;;) {
    const text = view.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await look(view) : null;
    if (text) return text;
    await new Promise((again) => setTimeout(again, EVERY_MS));
  }
}

async function theirs() {
  if (!("BarcodeDetector" in window)) return null;
  if (!(await window.BarcodeDetector.getSupportedFormats()).includes("qr_code")) return null;
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  return async (view) => (await detector.detect(view))[0]?.rawValue;
}

function ours() {
  const canvas = document.createElement("canvas");
  const drawn = canvas.getContext("2d", { willReadFrequently: true });
  return (view) => {
    const side = Math.min(view.videoWidth, view.videoHeight);
    if (!side) return null;
    canvas.width = canvas.height = Math.min(side, SEEN_PIXELS);
    const [left, top] = [(view.videoWidth - side) / 2, (view.videoHeight - side) / 2];
    drawn.drawImage(view, left, top, side, side, 0, 0, canvas.width, canvas.height);
    return read(drawn.getImageData(0, 0, canvas.width, canvas.height));
  };
}
