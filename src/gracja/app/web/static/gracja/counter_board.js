/* What is tapped: at most three things and two counts. On a phone the board folds to these alone, so that
   the advice stands in sight; "change" opens it again. */
import { against } from "./dial.js";
import { fill, find, page, rules, say, spoken, words } from "./counter_page.js";

const MOST = 3;
const form = find("form");
const more = find("more");
const line = find("line");
const taps = [...page.querySelectorAll("[data-cue]")];
let order = []; // of the taps, the oldest first
let changed = () => {};

const yesNo = (tap) => tap.type === "checkbox";
const isOn = (tap) => (yesNo(tap) ? tap.checked : Number(tap.value) > 0);
const counted = (tap) => Math.min(10000, Math.max(0, Math.trunc(Number(tap.value) || 0)));
const tapOf = (cue) => taps.find((one) => one.dataset.cue === cue);
export const chosen = () => order.length > 0;

export function cuesNow() {
  const cues = {};
  for (const tap of taps) {
    const count = yesNo(tap) ? Number(tap.checked) : counted(tap);
    if (count) cues[tap.dataset.cue] = count;
  }
  return cues;
}

function setCount(tap, count) {
  tap.value = String(count);
  const back = page.querySelector(`[data-back="${tap.dataset.cue}"]`);
  back.hidden = !count;
  back.querySelector("span").textContent = `${spoken(tap.dataset.title)}: ${count}`;
}

function release(cue) {
  const tap = tapOf(cue);
  if (yesNo(tap)) tap.checked = false;
  else setCount(tap, 0);
  order = order.filter((one) => one !== cue);
}

function tapped(tap, counting = false) {
  const { cue } = tap.dataset;
  say("");
  order = order.filter((one) => one !== cue);
  if (!yesNo(tap)) setCount(tap, counted(tap));
  if (isOn(tap)) {
    for (const other of against(cue, cuesNow(), rules)) release(other);
    order.push(cue);
    const boxes = order.filter((one) => yesNo(tapOf(one)));
    if (boxes.length > MOST) {
      say(fill(words.let_go, { cue: tapOf(boxes[0]).dataset.title }));
      release(boxes[0]);
    }
  }
  form.classList.toggle("board--counting", counting); // seldom one tap: its buttons stay under the thumb
  fold(chosen());
  if (folds() && scrollY) scrollTo({ top: 0 });
  changed();
}

/* ---- Folded ---- */

const folds = () => more.offsetParent !== null; // beside the advice there is room for the whole board
export const isFolded = () => folds() && form.classList.contains("board--folded");

function fold(is) {
  const on = line.contains(document.activeElement) ? document.activeElement : null;
  form.classList.toggle("board--folded", is);
  more.setAttribute("aria-expanded", String(!is));
  if (on && on.offsetParent === null) more.focus(); // what was taken back is gone from the line
}

more.addEventListener("click", () => {
  form.classList.remove("board--counting");
  fold(!form.classList.contains("board--folded"));
  changed();
});
/* Who scrolls, reads. */
window.addEventListener("scroll", () => scrollY > 24 && chosen() && fold(true), { passive: true });

page.addEventListener("change", ({ target }) => target.matches("[data-cue]") && tapped(target, !yesNo(target)));
page.addEventListener("click", (event) => {
  const back = event.target.closest("[data-back]");
  const step = event.target.closest("[data-step]");
  if (!back && !step) return;
  const tap = tapOf(back ? back.dataset.back : step.dataset.for);
  tap.value = String(back ? 0 : Math.min(99, Math.max(0, counted(tap) + Number(step.dataset.step))));
  tapped(tap, !back);
});

/* ---- For the others ---- */

/* Tap it for the reader; nothing where it is no such cue or tapped already. */
export function tapFor(cue) {
  const tap = tapOf(cue);
  if (!tap || !yesNo(tap) || tap.checked) return "";
  tap.checked = true;
  tapped(tap);
  return tap.dataset.title;
}

export function clear() {
  for (const tap of taps) release(tap.dataset.cue);
  form.classList.remove("board--counting");
  say("");
  fold(false);
}

/* act: called after every tap. An address may tick what excludes each other; the page says so, and neither is
   held. */
export function begin(act) {
  changed = act;
  order = taps.filter(isOn).map((tap) => tap.dataset.cue);
  for (const tap of taps) if (!yesNo(tap)) setCount(tap, counted(tap));
  for (const cue of [...order]) {
    const others = against(cue, cuesNow(), rules);
    if (others.length) [cue, ...others].forEach(release);
  }
  fold(chosen());
}
