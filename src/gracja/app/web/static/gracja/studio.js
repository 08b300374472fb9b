/* The studio: the curve drawn by hand, parts moved by hand, and nothing that loses its place when a page changes. */
import { drawCurves } from "./studio_curve.js";
import { moveParts } from "./studio_parts.js";

drawCurves();
moveParts();
keepPlace();
showOpenPart();
forgetWhatIsSettled();

/** What had the focus has it again when the server drew it anew. */
function keepPlace() {
  let held = "";
  document.addEventListener("focusin", (event) => {
    held = event.target.id;
  });
  document.addEventListener("htmx:after:swap", () => {
    if (document.activeElement !== document.body || !held) return;
    const again = document.getElementById(held);
    const near = again?.disabled ? again.parentElement.querySelector("button:not([disabled])") : again;
    near?.focus({ preventScroll: true });
  });
}

/** On a phone the journey is wider than the window: the open part is the one to see. */
function showOpenPart() {
  const open = document.querySelector(".journey .part--open");
  const journey = open?.closest(".journey");
  if (journey) journey.scrollLeft = open.offsetLeft - (journey.clientWidth - open.offsetWidth) / 2;
}

/** Who keeps the other's version does not get their own words back from this browser. */
function forgetWhatIsSettled() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-forget]");
    if (!link) return;
    for (const form of document.querySelectorAll("form[data-keep]")) {
      if (form.elements.key?.value !== link.dataset.forget) continue;
      const end = `:${location.pathname}:${form.dataset.keep}`;
      for (const key of Object.keys(localStorage)) if (key.endsWith(end)) localStorage.removeItem(key);
    }
  });
}
