/* The customer's feeling, a knob for each part: dragged, or moved by the arrow keys. What is drawn goes into the
   number of that part below, and is saved from there. */

const MIDDLE = 64;
const PER_POINT = 0.42;
const SETTLED_MS = 450;
const waiting = new Map(); // part -> [feeling, timer]

export function drawCurves() {
  document.addEventListener("pointerdown", (event) => {
    const knob = event.target.closest?.("[data-draw] [role=slider]");
    if (knob) drag(knob, event);
  });
  document.addEventListener("keydown", (event) => {
    const knob = event.target.closest?.("[data-draw] [role=slider]");
    const step = knob && steps(Number(knob.getAttribute("aria-valuenow")))[event.key];
    if (step === undefined || step === null) return;
    event.preventDefault();
    show(knob, step);
    saveSoon(knob.dataset.part, step);
  });
  document.addEventListener("htmx:after:swap", () => {
    for (const [part, [feeling]] of waiting) {
      const knob = document.getElementById(`knob-${part}`);
      if (knob) show(knob, feeling);
    }
  });
}

const steps = (now) => ({
  ArrowUp: now + 5,
  ArrowRight: now + 5,
  ArrowDown: now - 5,
  ArrowLeft: now - 5,
  PageUp: now + 20,
  PageDown: now - 20,
  Home: -100,
  End: 100,
});

function drag(knob, event) {
  event.preventDefault();
  const part = knob.dataset.part;
  const top = knob.ownerSVGElement.getBoundingClientRect().top;
  const move = (one) => show(knob, Math.round((MIDDLE - (one.clientY - top)) / PER_POINT));
  const end = (one) => {
    knob.removeEventListener("pointermove", move);
    knob.removeEventListener("pointerup", end);
    knob.removeEventListener("pointercancel", end);
    if (one.type === "pointerup") save(part, Number(knob.getAttribute("aria-valuenow")));
  };
  knob.setPointerCapture(event.pointerId);
  knob.addEventListener("pointermove", move);
  knob.addEventListener("pointerup", end);
  knob.addEventListener("pointercancel", end);
  knob.focus({ preventScroll: true });
}

function show(knob, wanted) {
  const feeling = Math.max(-100, Math.min(100, wanted));
  knob.setAttribute("aria-valuenow", feeling);
  knob.setAttribute("cy", MIDDLE - feeling * PER_POINT);
  knob.classList.remove("knob--idle");
  const curve = knob.closest("[data-draw]");
  const path = curve.querySelector(".feel");
  path.classList.remove("feel--idle");
  path.setAttribute("d", through([...curve.querySelectorAll("[role=slider]")]));
}

/** Level at each knob, as the server draws it. */
function through(knobs) {
  const points = knobs.map((knob) => [parseFloat(knob.getAttribute("cx")), Number(knob.getAttribute("cy"))]);
  let drawn = `M0,${points[0][1]} L${points[0].join(",")}`;
  for (let at = 1; at < points.length; at += 1) {
    const [[x0, y0], [x, y]] = [points[at - 1], points[at]];
    const middle = (x0 + x) / 2;
    drawn += ` C${middle},${y0} ${middle},${y} ${x},${y}`;
  }
  return `${drawn} L100,${points.at(-1)[1]}`;
}

function saveSoon(part, feeling) {
  clearTimeout(waiting.get(part)?.[1]);
  waiting.set(part, [feeling, setTimeout(() => save(part, feeling), SETTLED_MS)]);
}

function save(part, wanted) {
  waiting.delete(part);
  const number = document.getElementById(`feel-${part}`);
  number.value = Math.max(-100, Math.min(100, wanted));
  number.dispatchEvent(new Event("change", { bubbles: true }));
}
