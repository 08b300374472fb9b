/* What was done at the counter, kept on this device until the server has it. Each has a uid: sent twice, it
   counts once. What the server will never take stays here with the reason, until it is dismissed. */
import { ask } from "./counter_key.js";

const NAME = "gracja-counter";
const LONGEST = 60 * 24 * 3600 * 1000; // as long as the server takes records (services/recording.py)

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 2);
    asked.onupgradeneeded = () => {
      for (const store of ["done", "refused"]) {
        if (!asked.result.objectStoreNames.contains(store)) asked.result.createObjectStore(store, { keyPath: "uid" });
      }
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/* A browser that keeps nothing for frames of other sites: then for as long as the page is open. */
const here = { done: new Map(), refused: new Map() };

async function within(stores, mode, act, instead) {
  const base = await opened().catch(() => null);
  if (!base) return instead();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction(stores, mode);
      const asked = act(transaction);
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    base.close();
  }
}

const all = (store) =>
  within(store, "readonly", (to) => to.objectStore(store).getAll(), () => [...here[store].values()]);
const drop = (store, uid) =>
  within(store, "readwrite", (to) => to.objectStore(store).delete(uid), () => here[store].delete(uid));

export const put = (done) =>
  within("done", "readwrite", (to) => to.objectStore("done").put(done), () => here.done.set(done.uid, done));
export const waiting = () => all("done");
export const dismiss = (uid) => drop("refused", uid);

/* From one store to the other in one step, so that it is never in neither. */
function refuse(done, reason) {
  const kept = { uid: done.uid, at: done.at, reader: done.reader, titles: done.titles || [], reason };
  return within(
    ["done", "refused"],
    "readwrite",
    (to) => {
      to.objectStore("refused").put(kept);
      return to.objectStore("done").delete(done.uid);
    },
    () => {
      here.refused.set(done.uid, kept);
      here.done.delete(done.uid);
    },
  );
}

/* What was refused of this reader, the oldest first; of a colleague on the same device it says nothing. */
export async function refused(reader) {
  const rows = await all("refused");
  const old = (one) => Date.now() - new Date(one.at) > LONGEST;
  for (const one of rows.filter(old)) await dismiss(one.uid);
  const own = rows.filter((one) => one.reader === reader && !old(one));
  return own.sort((one, other) => one.at.localeCompare(other.at));
}

let sending = null;

/* Send what waits; how many are left. One at a time: a second call joins the first. */
export function send(address, csrf) {
  sending ||= sendAll(address, csrf).finally(() => {
    sending = null;
  });
  return sending;
}

async function sendAll(address, csrf) {
  for (;;) {
    const some = (await waiting()).slice(0, 50);
    if (!some.length) return 0;
    const answer = await ask(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({ records: some }),
      redirect: "error",
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const { settled, refused: reasons } = await answer.json();
    if (!settled.length) return some.length;
    for (const uid of settled) {
      const done = some.find((one) => one.uid === uid);
      if (done && reasons[uid]) await refuse(done, reasons[uid]);
      else await drop("done", uid);
    }
  }
}
