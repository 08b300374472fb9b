/* Reads a member's card with the camera, where the browser can read codes itself. Elsewhere the field and a
   hand scanner do; the button for the camera then stays hidden. */
const EVERY_MS = 200;

async function canRead() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  return (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

async function look(view, found) {
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  view.srcObject = stream;
  view.hidden = false;
  await view.play();
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  addEventListener("pagehide", stop, { once: true });
  const again = async () => {
    const codes = view.readyState >= 2 ? await detector.detect(view).catch(() => []) : [];
    if (!codes.length) {
      setTimeout(again, EVERY_MS);
      return;
    }
    stop();
    found(codes[0].rawValue);
  };
  again();
}

const camera = document.querySelector("[data-camera]");
const form = document.querySelector("form[data-card]");
if (camera && form && (await canRead())) {
  const told = camera.querySelector("[data-told]");
  const start = camera.querySelector("[data-start]");
  camera.hidden = false;
  start.addEventListener("click", async () => {
    told.textContent = told.dataset.looking;
    start.hidden = true;
    try {
      await look(camera.querySelector("[data-view]"), (number) => {
        form.elements.card.value = number;
        form.requestSubmit();
      });
    } catch {
      start.hidden = false;
      told.textContent = told.dataset.refused;
    }
  });
}
