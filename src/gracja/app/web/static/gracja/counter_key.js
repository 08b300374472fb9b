/* The panel's key, where a helpdesk's frame gets no cookie: kept in this browser, sent with every request. */
const NAME = "gracja-panel-key";
const page = document.querySelector("[data-counter]");
export const key = page?.dataset.key || "";

/* A browser that keeps nothing for frames asks for the key each time. */
function storing(act) {
  try {
    return act(localStorage);
  } catch {
    return null;
  }
}
export const kept = () => storing((store) => store.getItem(NAME)) || "";
export const keep = (secret) => storing((store) => store.setItem(NAME, secret));
export const forget = () => storing((store) => store.removeItem(NAME));

/* The panel's page comes as the answer to a form, so that the key stands in no address and no log. */
export function enter(secret, address = "") {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "key";
  field.value = secret;
  form.append(field);
  document.body.append(form);
  form.submit();
}

/* Load the page anew, as whoever is in it now. */
export function again() {
  if (key) enter(key, page.dataset.panel);
  else location.reload();
}

/* fetch with the key; where it has ended, the page says so. */
export async function ask(address, given = {}) {
  if (!key) return fetch(address, given);
  const headers = { ...given.headers, Authorization: `Panel ${key}` };
  const answer = await fetch(address, { ...given, headers, credentials: "omit" });
  if (answer.status === 401) again();
  return answer;
}
