/* The counter: taps -> advice, here and now. Without this script the page's form asks the server. */
import { again, ask, keep, key } from "./counter_key.js";
import { advise, against, inLanguage } from "./dial.js";
import { put, send, waiting } from "./counter_queue.js";

const page = document.querySelector("[data-counter]");
const policy = JSON.parse(document.getElementById("policy").textContent);
const words = JSON.parse(document.getElementById("words").textContent);
const { rules } = policy;
const language = document.documentElement.lang;
const number = new Intl.NumberFormat(language);
const MOST = 3;
const taps = [...page.querySelectorAll("[data-cue]")];
let order = []; // of the taps, the oldest first
let told = null;
let csrf = "";
let met = false;

const fill = (sentence, facts) =>
  sentence.replace(/\{(\w+)(?::n)?\}/g, (_, name) =>
    typeof facts[name] === "number" ? number.format(facts[name]) : facts[name],
  );
const find = (name) => page.querySelector(`[data-${name}]`);
const service = () => policy.services[Number(find("service")?.value || 0)] || policy.services[0];
const uid = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16).padStart(2, "0")).join("");

function cuesNow() {
  const cues = {};
  for (const tap of taps) {
    const count = tap.type === "checkbox" ? Number(tap.checked) : Math.min(10000, Math.max(0, Math.trunc(Number(tap.value) || 0)));
    if (count) cues[tap.dataset.cue] = count;
  }
  return cues;
}

function situation() {
  const { kind, occupation } = service();
  return { kind, occupation, cues: cuesNow() };
}

/* ---- What is shown ---- */

function textOf(line) {
  const text = inLanguage(line.text, language);
  const holder = document.createElement("span");
  for (const part of text.split(/(„[^”]*”|“[^”]*”)/)) {
    if (/^[„“]/.test(part)) {
      const said = document.createElement("q");
      said.className = "said";
      said.textContent = part;
      holder.append(said);
    } else holder.append(part);
  }
  if (line.when) {
    const when = document.createElement("small");
    when.textContent = inLanguage(line.when, language);
    holder.append(" ", when);
  }
  return holder;
}

function row(line, ticks) {
  const item = document.querySelector(ticks ? "template[data-row-do]" : "template[data-row-hold]").content.cloneNode(true);
  const box = item.querySelector("input");
  if (box) box.value = `${line.source}:${line.name}`;
  item.querySelector("[data-text]").replaceWith(textOf(line));
  return item;
}

function why(reason) {
  const cue = rules.cues.find((one) => one.cue === reason.name);
  const because = cue ? inLanguage(cue.why, language) : "";
  if (reason.what === "start") return fill(words.dial[`start_${reason.name}`], { points: reason.points });
  if (reason.what === "limit") return words.dial[reason.points > 0 ? "limit_low" : "limit_high"];
  if (reason.what === "ceiling") return fill(words.dial.ceiling, { why: because, dial: told.dial });
  if (reason.what === "occupation") {
    const job = rules.occupations.find((one) => one.occupation === reason.name);
    return fill(words.dial.occupation, { title: inLanguage(job.title, language), why: inLanguage(job.why, language) });
  }
  if (reason.count === null) return fill(words.dial.cue, { why: because });
  const title = inLanguage(cue.counts, language);
  return fill(words.dial.cue_counted, { title: title[0].toUpperCase() + title.slice(1), count: reason.count, why: because });
}

const signed = (points) => (points > 0 ? `+${number.format(points)}` : number.format(points).replace("-", "−"));

function showReasons() {
  find("reasons").replaceChildren(
    ...told.reasons.map((reason) => {
      const line = document.createElement("tr");
      const [what, points] = [document.createElement("th"), document.createElement("td")];
      what.scope = "row";
      what.textContent = why(reason);
      points.textContent = reason.what === "start" ? number.format(reason.points) : signed(reason.points);
      line.append(what, points);
      return line;
    }),
  );
  find("total").textContent = number.format(told.dial);
}

/* The picture: you stand as far from the customer as the dial says. As in templatetags/distance.py. */
const CUSTOMER = 346;
const reach = (dial) => 46 + ((100 - dial) / 100) * 256;

function showPicture() {
  const picture = find("picture");
  const you = CUSTOMER - reach(told.dial);
  const ends = { discreet: CUSTOMER - reach(rules.bands.attentive_from), attentive: CUSTOMER - reach(rules.bands.personal_from), personal: 322 };
  picture.setAttribute("class", `dist dist--${told.band}`);
  picture.setAttribute("aria-label", fill(words.picture[told.band], { dial: told.dial }));
  picture.querySelector(".you").setAttribute("cx", you);
  picture.querySelector(".is-you").setAttribute("x", you);
  const edge = Math.min(ends[told.band] - 6, 320);
  const [near, far] = picture.querySelectorAll(".sight");
  const from = you + 20;
  line(near, from, Math.max(from, edge));
  line(far, Math.max(from, edge + 12), 320);
  for (const label of picture.querySelectorAll("[data-zone]")) label.classList.toggle("onf", label.dataset.zone === told.band);
  picture.querySelector(".is-you").classList.add("onf");
}

function line(one, from, to) {
  one.setAttribute("x1", from);
  one.setAttribute("x2", Math.max(from, to));
}

function show() {
  const began = performance.now();
  told = advise(situation(), rules, service(), policy.bands, policy.glance);
  page.dataset.band = told.band;
  showPicture();
  find("word").textContent = words.adverbs[told.band];
  find("dial").textContent = fill(words.of_100, { dial: told.dial });
  const ticked = new Set([...find("do").querySelectorAll(":checked")].map((one) => one.value));
  find("do").replaceChildren(...told.do.map((one) => row(one, true)));
  for (const box of find("do").querySelectorAll("input")) box.checked = ticked.has(box.value);
  find("hold").replaceChildren(...told.hold.map((one) => row(one, false)));
  find("hold-section").hidden = !told.hold.length;
  find("reach").replaceChildren(...told.withinReach.slice(0, 3).map((one) => row(one, false)));
  find("reach-section").hidden = !told.withinReach.length;
  const minutes = { own: told.cost.own, others: told.cost.others };
  find("cost").textContent = fill(words.dial[told.cost.others ? "cost_personal_at_least" : "cost_personal_alone"], minutes);
  find("why-word").textContent = words.why[told.band];
  showReasons();
  page.dataset.tookMs = String(performance.now() - began);
}

/* ---- What is tapped ---- */

function say(text) {
  find("said").textContent = text;
}

function tapped(tap) {
  const { cue } = tap.dataset;
  say("");
  const on = tap.type === "checkbox" ? tap.checked : Number(tap.value) > 0;
  order = order.filter((one) => one !== cue);
  if (on) {
    for (const other of against(cue, cuesNow(), rules)) release(other);
    order.push(cue);
    const boxes = order.filter((one) => tapOf(one).type === "checkbox");
    if (boxes.length > MOST) {
      say(fill(words.let_go, { cue: tapOf(boxes[0]).dataset.title }));
      release(boxes[0]);
    }
  }
  show();
}

function setCount(tap, count) {
  tap.value = String(count);
  tap.setAttribute("value", tap.value); // what the style sheet sees
}

const tapOf = (cue) => taps.find((one) => one.dataset.cue === cue);

function release(cue) {
  const tap = tapOf(cue);
  if (tap.type === "checkbox") tap.checked = false;
  else setCount(tap, 0);
  order = order.filter((one) => one !== cue);
}

page.addEventListener("change", (event) => {
  if (event.target.matches("[data-cue]")) tapped(event.target);
  else if (event.target.matches("[data-service]")) show();
});
page.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  if (!step) return;
  const tap = tapOf(step.dataset.for);
  setCount(tap, Math.min(99, Math.max(0, Math.trunc(Number(tap.value) || 0) + Number(step.dataset.step))));
  tapped(tap);
});

/* Who scrolls, reads: the board shows only what was chosen. */
const slim = (is) => find("form").classList.toggle("board--slim", is);
window.addEventListener("scroll", () => (scrollY > 24 ? order.length && slim(true) : scrollY || slim(false)), { passive: true });
find("more").addEventListener("click", () => scrollTo({ top: 0 }));

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
  return {
    uid: uid(),
    at: new Date().toISOString(),
    reader: policy.reader,
    kind: service().kind,
    occupation: service().occupation,
    edition: service().edition,
    place: at?.value || "",
    cues: cuesNow(),
    lines: told.do.map((one) => `${one.source}:${one.name}`),
    moves: [...find("do").querySelectorAll(":checked")].map((one) => one.value),
    offline: page.dataset.state === "offline",
    source: page.dataset.counter,
  };
}

async function next() {
  const moves = find("do").querySelector(":checked");
  if (policy.keeps !== "nothing" && (order.length || moves)) {
    const done = record();
    begin();
    await put(done);
    say(words.kept);
  } else begin();
  await meet();
}

function begin() {
  for (const tap of taps) release(tap.dataset.cue);
  for (const box of find("do").querySelectorAll("input")) box.checked = false;
  say("");
  show();
  page.scrollIntoView({ block: "start" });
}

/* Whether the server is there: then what waits is sent. */
async function meet() {
  try {
    const answer = await ask(page.dataset.stateAt, { headers: { Accept: "application/json" }, redirect: "error", cache: "no-store" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const state = await answer.json();
    csrf = state.csrf;
    online(true);
    if (await send(page.dataset.recordsAt, csrf)) say(words.some_wait);
    if (met && state.version !== policy.version && !order.length) again();
    met = true; // a page that comes from another process may be a few seconds ahead
  } catch {
    online(false);
  }
  page.dataset.waiting = String((await waiting()).length);
}

function online(is) {
  page.dataset.state = is ? "online" : "offline";
  const of = new Date(policy.as_of).toLocaleDateString(language, { day: "numeric", month: "long", year: "numeric" });
  find("state").textContent = is ? find("state").dataset.place : fill(words.offline, { day: of });
}

/* ---- A helpdesk around us ---- */

const CHANNELS = { "Channel::WebWidget": "chat", "Channel::Email": "email", "Channel::Voice": "phone" };
let openTalk = null;

const knownBy = (contact) =>
  [contact?.phone_number, contact?.email, contact?.identifier].filter(Boolean).map((one) => String(one).slice(0, 200));

/* Another conversation is another customer: what was tapped for the one before says nothing of them. What was
   ticked as done is recorded as with "Next customer". */
function another() {
  if (find("do").querySelector(":checked")) next();
  else begin();
}

function hear(event) {
  const origins = page.dataset.origins.split(" ").filter(Boolean);
  if (!origins.includes(event.origin) || typeof event.data !== "string") return;
  let given;
  try {
    given = JSON.parse(event.data);
  } catch {
    return; // not what a dashboard sends
  }
  if (given?.event !== "appContext") return;
  const talk = given.data?.conversation;
  if (openTalk !== null && talk?.id !== openTalk) another();
  openTalk = talk?.id ?? null;
  find("heard").hidden = !talk?.id;
  page.dataset.channel = CHANNELS[talk?.channel || talk?.meta?.channel] || "message";
  page.dataset.contact = JSON.stringify(knownBy(given.data?.contact || talk?.meta?.sender));
  page.dispatchEvent(new Event("gracja:contact"));
  if (page.dataset.wordsAt && talk) read(talk);
}

/* What the customer wrote: signs of their state are tapped for you, with the words that say so. */
async function read(talk) {
  const INCOMING = 0;
  const messages = (talk.messages || [])
    .filter((one) => one.message_type === INCOMING && !one.private && one.content)
    .map((one) => String(one.content))
    .slice(-20);
  if (!messages.length) return;
  if (!csrf) await meet();
  const answer = await ask(page.dataset.wordsAt, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ messages }),
  });
  if (!answer.ok) return;
  for (const { cue, words: quote } of (await answer.json()).heard) {
    const tap = tapOf(cue);
    if (!tap || tap.type !== "checkbox" || tap.checked) continue;
    tap.checked = true;
    tapped(tap);
    say(fill(words.read_from, { cue: tap.dataset.title, words: quote }));
  }
}

function listen() {
  if (page.dataset.counter !== "panel" || window.parent === window) return;
  window.addEventListener("message", hear);
  for (const origin of page.dataset.origins.split(" ").filter(Boolean)) {
    window.parent.postMessage("chatwoot-dashboard-app:fetch-info", origin);
  }
}

/* ---- Begin ---- */

document.documentElement.classList.add("js");
order = taps.filter((tap) => (tap.type === "checkbox" ? tap.checked : Number(tap.value) > 0)).map((tap) => tap.dataset.cue);
/* An address may tick what excludes each other; the page says so, and neither is held. */
for (const cue of [...order]) {
  const others = against(cue, cuesNow(), rules);
  if (others.length) [cue, ...others].forEach(release);
}
find("told").hidden = false;
find("next").addEventListener("click", next);
find("form").addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("online", meet);
window.addEventListener("offline", () => online(false));
if (key) keep(key);
show();
meet();
setInterval(meet, 30000);
listen();
if ("serviceWorker" in navigator && page.dataset.counter === "counter") {
  navigator.serviceWorker.register(page.dataset.worker, { scope: page.dataset.scope });
}
page.dataset.ready = "";
