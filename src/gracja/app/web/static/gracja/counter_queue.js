/* What was done at the counter, kept on this device until the server has it. Each has a uid: sent twice, it
   counts once. */
import { ask } from "./counter_key.js";

const NAME = "gracja-counter";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("done", { keyPath: "uid" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/* A browser that keeps nothing for frames of other sites: then for as long as the page is open. */
const here = new Map();

async function within(mode, act, instead) {
  const base = await opened().catch(() => null);
  if (!base) return instead();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = base.transaction("done", mode);
      const asked = act(transaction.objectStore("done"));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    base.close();
  }
}

export const put = (done) => within("readwrite", (store) => store.put(done), () => here.set(done.uid, done));
export const waiting = () => within("readonly", (store) => store.getAll(), () => [...here.values()]);
const drop = (uid) => within("readwrite", (store) => store.delete(uid), () => here.delete(uid));

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
    const { settled } = await answer.json();
    if (!settled.length) return some.length;
    for (const uid of settled) await drop(uid);
  }
}
