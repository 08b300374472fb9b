/* Parts moved by their handle: pointer or arrow keys. The same form is sent as by the buttons beside it. */

const KEYS = { ArrowLeft: "earlier", ArrowUp: "earlier", ArrowRight: "later", ArrowDown: "later" };

export function moveParts() {
  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.("[data-grip]");
    if (grip && event.button === 0) drag(grip, event);
  });
  document.addEventListener("keydown", (event) => {
    const grip = event.target.closest?.("[data-grip]");
    const way = grip && KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    document.getElementById(`${way}-${grip.closest("[data-part]").dataset.part}`)?.click();
  });
}

function drag(grip, start) {
  start.preventDefault();
  grip.focus({ preventScroll: true });
  const station = grip.closest("[data-part]");
  const list = station.parentElement;
  const home = station.nextElementSibling;
  const move = (event) => place(station, event);
  const key = (event) => event.key === "Escape" && end({ type: "pointercancel" });
  const end = (event) => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", end);
    removeEventListener("pointercancel", end);
    removeEventListener("keydown", key);
    station.classList.remove("station--dragged");
    if (event.type !== "pointerup") list.insertBefore(station, home);
    else if (station.nextElementSibling !== home) send(station);
  };
  station.classList.add("station--dragged");
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
  addEventListener("keydown", key);
}

/** Where the pointer is: before or after the part below it, whichever half. */
function place(station, event) {
  const below = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-part]");
  if (!below || below === station || below.parentElement !== station.parentElement) return;
  const box = below.getBoundingClientRect();
  const across = box.top < station.getBoundingClientRect().bottom && box.bottom > station.getBoundingClientRect().top;
  const half = across ? event.clientX < box.left + box.width / 2 : event.clientY < box.top + box.height / 2;
  station.parentElement.insertBefore(station, half ? below : below.nextElementSibling);
}

function send(station) {
  const form = station.querySelector("form[data-move]");
  const next = document.createElement("input");
  next.type = "hidden";
  next.name = "next";
  next.value = station.nextElementSibling?.dataset.part ?? "";
  form.append(next);
  form.requestSubmit();
}
