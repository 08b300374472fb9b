/* Whether the server is there; what waits for it; what it refused. */
import { again, ask } from "./counter_key.js";
import { dismiss, put, refused, send, waiting } from "./counter_queue.js";
import { chosen } from "./counter_board.js";
import { fill, find, language, page, policy, say, spoken, words } from "./counter_page.js";

let csrf = "";
let met = false;
const dialog = find("refused-list");

/* Then what waits is sent. */
export async function meet() {
  try {
    const answer = await ask(page.dataset.stateAt, { headers: { Accept: "application/json" }, redirect: "error", cache: "no-store" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const state = await answer.json();
    csrf = state.csrf;
    online(true);
    if (await send(page.dataset.recordsAt, csrf)) say(words.some_wait);
    if (met && state.version !== policy.version && !chosen() && !dialog.open) again();
    met = true; // a page that comes from another process may be a few seconds ahead
  } catch {
    online(false);
  }
  await showRefused();
  page.dataset.waiting = String((await waiting()).length);
}

/* What a write needs. */
export async function token() {
  if (!csrf) await meet();
  return csrf;
}

function online(is) {
  page.dataset.state = is ? "online" : "offline";
  const of = new Date(policy.as_of).toLocaleDateString(language, { day: "numeric", month: "long", year: "numeric" });
  find("state").textContent = is ? find("state").dataset.place : fill(words.offline, { day: of });
}

export async function keepUntilSent(record) {
  await put(record);
  say(words.kept);
}

/* ---- What was refused ---- */

async function showRefused() {
  const rows = await refused(policy.reader);
  page.dataset.refused = String(rows.length);
  const open = find("refused-open");
  open.hidden = !rows.length;
  open.textContent = fill(words.refused, { n: rows.length });
  find("refused-rows").replaceChildren(...rows.map(rowOf));
  if (!rows.length) dialog.close();
}

function rowOf(one) {
  const item = document.querySelector("template[data-row-refused]").content.cloneNode(true);
  const at = new Date(one.at).toLocaleString(language, { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
  const titles = one.titles.map((title) => spoken(title)).join(", ");
  item.querySelector("[data-what]").textContent = titles ? `${at}: ${titles}` : at;
  item.querySelector("[data-why]").textContent = spoken(one.reason);
  const button = item.querySelector("button");
  button.addEventListener("click", async () => {
    await dismiss(one.uid);
    await showRefused();
    dialog.querySelector("button")?.focus();
  });
  return item;
}

find("refused-open").addEventListener("click", () => dialog.showModal());
window.addEventListener("online", meet);
window.addEventListener("offline", () => online(false));
