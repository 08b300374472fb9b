/* A helpdesk around the counter: whose conversation is open there, and what its customer wrote. */
import { ask } from "./counter_key.js";
import { tapFor } from "./counter_board.js";
import { token } from "./counter_sending.js";
import { fill, find, page, say, words } from "./counter_page.js";

const CHANNELS = { "Channel::WebWidget": "chat", "Channel::Email": "email", "Channel::Voice": "phone" };
const INCOMING = 0;
const origins = (page.dataset.origins || "").split(" ").filter(Boolean);
let openTalk = null;
let another = () => {};

const knownBy = (contact) =>
  [contact?.phone_number, contact?.email, contact?.identifier].filter(Boolean).map((one) => String(one).slice(0, 200));

function hear(event) {
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

/* Signs of the customer's state are tapped for you, with the words that say so. */
async function read(talk) {
  const messages = (talk.messages || [])
    .filter((one) => one.message_type === INCOMING && !one.private && one.content)
    .map((one) => String(one.content))
    .slice(-20);
  if (!messages.length) return;
  const answer = await ask(page.dataset.wordsAt, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": await token() },
    body: JSON.stringify({ messages }),
  });
  if (!answer.ok) return;
  for (const { cue, words: quote } of (await answer.json()).heard) {
    const title = tapFor(cue);
    if (title) say(fill(words.read_from, { cue: title, words: quote }));
  }
}

/* act: called when another conversation is opened, which is another customer. */
export function listen(act) {
  if (page.dataset.counter !== "panel" || window.parent === window) return;
  another = act;
  window.addEventListener("message", hear);
  for (const origin of origins) window.parent.postMessage("chatwoot-dashboard-app:fetch-info", origin);
}
