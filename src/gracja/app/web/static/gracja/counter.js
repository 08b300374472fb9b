/* The counter: taps -> advice, here and now. Without this script the page's form asks the server. */
import { begin, chosen, clear, cuesNow, isFolded } from "./counter_board.js";
import { moves, showAdvice, untick } from "./counter_advice.js";
import { listen } from "./counter_helpdesk.js";
import { keep, key } from "./counter_key.js";
import { find, page, policy, rules } from "./counter_page.js";
import { keepUntilSent, meet } from "./counter_sending.js";
import { advise } from "./dial.js";

let told = null;
const service = () => policy.services[Number(find("service")?.value || 0)] || policy.services[0];
const uid = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16).padStart(2, "0")).join("");

function show() {
  const began = performance.now();
  const { kind, occupation } = service();
  told = advise({ kind, occupation, cues: cuesNow() }, rules, service(), policy.bands, policy.glance);
  showAdvice(told);
  if (find("gestures")) find("gestures").hidden = !service().gestures; // where standards forbid them
  fit();
  page.dataset.tookMs = String(performance.now() - began);
}

/* Long lines of a company's own are set smaller before any of them hides behind the taps. */
const TIGHT = ["adv--tight", "adv--tighter"];

function fit() {
  page.classList.remove(...TIGHT);
  if (!isFolded()) return;
  const last = told.hold.length ? find("hold") : find("do");
  for (const step of TIGHT) {
    if (last.getBoundingClientRect().bottom + scrollY <= innerHeight - find("foot").offsetHeight) return;
    page.classList.add(step);
  }
}

/* ---- Where: asked of whoever works at several places and is on no shift; this device remembers it. ---- */

const at = find("at");
const AT = "gracja-counter-place";

function remember(act) {
  try {
    return act(localStorage);
  } catch {
    return null; // it keeps nothing for frames of other sites
  }
}

function here() {
  const gestures = document.getElementById("gest-place");
  if (gestures && [...gestures.options].some((one) => one.value === at.value)) gestures.value = at.value;
  remember((store) => store.setItem(AT, at.value));
}

if (at) {
  const last = remember((store) => store.getItem(AT));
  if (!at.value && [...at.options].some((one) => one.value === last)) at.value = last;
  here();
  at.addEventListener("change", here);
}

/* ---- What is kept ---- */

function record() {
  const { kind, occupation, edition } = service();
  const cues = cuesNow();
  return {
    uid: uid(),
    at: new Date().toISOString(),
    reader: policy.reader,
    kind,
    occupation,
    edition,
    place: at?.value || "",
    cues,
    titles: rules.cues.filter((one) => cues[one.cue]).map((one) => one.title), // today's rules may not know them later
    lines: told.do.map((one) => `${one.source}:${one.name}`),
    moves: moves(),
    offline: page.dataset.state === "offline",
    source: page.dataset.counter,
  };
}

async function next() {
  const done = policy.keeps !== "nothing" && (chosen() || moves().length) ? record() : null;
  anew();
  if (done) await keepUntilSent(done);
  await meet();
}

function anew() {
  clear();
  untick();
  show();
  page.scrollIntoView({ block: "start" });
}

/* What was tapped for the customer before says nothing of another. What was ticked as done is recorded as with
   "Next customer". */
const another = () => (moves().length ? next() : anew());

/* ---- Begin ---- */

document.documentElement.classList.add("js");
find("told").hidden = false;
begin(show);
page.addEventListener("change", (event) => event.target.matches("[data-service]") && show());
find("next").addEventListener("click", next);
find("form").addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("resize", fit);
if (key) keep(key);
show();
meet();
setInterval(meet, 30000);
listen(another);
if ("serviceWorker" in navigator && page.dataset.counter === "counter") {
  navigator.serviceWorker.register(page.dataset.worker, { scope: page.dataset.scope });
}
page.dataset.ready = "";
