/* Gestures at the counter. They need the server: whoever is offline is told so, and nothing waits to be granted
   later. Nothing of a customer stays when the next one comes. */
import { ask } from "./counter_key.js";
import { copyable } from "./giving_copy.js";

const page = document.querySelector("[data-counter]");
const room = page.querySelector("[data-gestures]");
const told = room?.querySelector("[data-gestures-told]");
const number = room?.querySelector("[name=number]");
let asked = 0; // answers to what was asked before the next customer came are dropped

function say(sentence) {
  const line = document.createElement("p");
  line.className = "gest__no";
  line.dataset.refused = "";
  line.textContent = sentence;
  told.replaceChildren(line);
}

/* What a write needs; the page itself holds none, because devices keep it. */
async function token() {
  const answer = await ask(page.dataset.stateAt, { headers: { Accept: "application/json" }, redirect: "error", cache: "no-store" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return (await answer.json()).csrf;
}

/* What a helpdesk says of its customer: by each of it in turn they may be known here. */
let ways = [];

function meant() {
  const given = JSON.parse(page.dataset.contact || "[]");
  if (given.join() === ways.join()) return;
  ways = given;
  anew();
  number.value = ways[0] || "";
}

function anew() {
  asked += 1;
  told.replaceChildren();
  room.querySelector("[data-find]").reset();
}

/* Whoever is not known by the one may be by the next; what somebody typed is asked as it is. */
async function found(form, body, headers) {
  const rest = form.matches("[data-find]") && ways.includes(number.value) ? ways.filter((one) => one !== number.value) : [];
  for (;;) {
    const answer = await ask(form.action, { method: "POST", body, headers, redirect: "error" });
    if (answer.status !== 422 || !rest.length) return answer;
    body.set("number", rest.shift());
  }
}

function situation(body) {
  if (page.dataset.channel) body.set("channel", page.dataset.channel);
  body.set("band", page.dataset.band);
  for (const tap of page.querySelectorAll("[data-cue]")) {
    if (tap.type === "checkbox" ? tap.checked : Number(tap.value) > 0) body.append("cue", tap.dataset.cue);
  }
}

async function send(form, button) {
  if (room.getAttribute("aria-busy") === "true") return; // a second tap
  const mine = ++asked;
  const body = new FormData(form, button);
  situation(body);
  room.setAttribute("aria-busy", "true");
  try {
    const headers = { "X-CSRFToken": await token(), "HX-Request": "true" };
    const answer = await found(form, body, headers);
    const html = await answer.text();
    if (mine !== asked) return;
    if (answer.status >= 500) throw new Error(`status ${answer.status}`);
    told.innerHTML = html;
    copyable(told);
    told.scrollIntoView({ block: "nearest" });
  } catch {
    if (mine === asked) say(room.dataset.offlineSays);
  } finally {
    room.removeAttribute("aria-busy");
  }
}

function begin() {
  room.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target, event.submitter);
  });
  page.querySelector("[data-next]").addEventListener("click", anew);
  page.addEventListener("gracja:contact", meant);
  meant();
  room.dataset.ready = "";
}

if (room) begin();
