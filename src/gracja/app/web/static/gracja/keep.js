/* Nothing typed is lost: a form with data-keep is remembered in this browser until the server has taken it.

   data-keep="name" tells two forms of one page apart. Kept by reader, so that nobody sees another's words; never
   passwords or files; for a week. A page marked <meta name="unsent"> (sign-in, error) took nothing. */
import { phrases } from "./messages.js";

const WEEK_MS = 7 * 24 * 3600 * 1000;
const SENT = "gracja:sent";
const reader = () => document.body.dataset.reader;
const forms = () => document.querySelectorAll("form[data-keep]");

export function keepWhatIsTyped() {
  settle();
  forgetOld();
  if (!reader()) return;
  for (const form of forms()) giveBack(form);
  document.addEventListener("input", (event) => remember(event.target.closest("form[data-keep]")));
  document.addEventListener("change", (event) => remember(event.target.closest("form[data-keep]")));
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-keep]")) sessionStorage.setItem(SENT, remember(event.target));
    if (event.target.matches("form[data-sign-out]")) forgetAll();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, request, response } = event.detail.ctx; // the form may be drawn anew since it was sent
    const form = sourceElement?.closest("form[data-keep]");
    if (!form) return;
    sessionStorage.removeItem(SENT);
    if (response?.raw.ok && !typedSince(keyOf(form), request.body)) forget(keyOf(form));
  });
  document.addEventListener("htmx:after:swap", () => {
    for (const form of forms()) giveBack(form);
  });
}

/** Was what the last page sent taken? Only a page that came by that way, took it and found no fault says so. */
function settle() {
  const key = sessionStorage.getItem(SENT);
  if (!key) return;
  sessionStorage.removeItem(SENT);
  const came = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  const followed = document.referrer.startsWith(location.origin);
  const unsent = document.querySelector("meta[name=unsent]");
  const faulty = [...forms()].some((form) => keyOf(form) === key && form.querySelector("[aria-invalid=true]"));
  const wrong = document.querySelector("form[data-keep] .wrong");
  if (came && followed && !unsent && !faulty && !wrong) forget(key);
}

const keyOf = (form) => `gracja:kept:${reader()}:${location.pathname}:${form.dataset.keep}`;
const forget = (key) => localStorage.removeItem(key);

function ours() {
  return Object.keys(localStorage).filter((key) => key.startsWith("gracja:kept:"));
}

function forgetAll() {
  for (const key of ours()) if (key.startsWith(`gracja:kept:${reader()}:`)) forget(key);
}

function forgetOld() {
  for (const key of ours()) if (!(read(key)?.at > Date.now() - WEEK_MS)) forget(key);
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** What people typed or chose: [name, value] in order, as the form would send it. */
function typed(form) {
  const hidden = new Set([...form.querySelectorAll("[type=hidden], [type=password], [type=file]")].map((one) => one.name));
  return [...new FormData(form)].filter(([name]) => !hidden.has(name));
}

/** Words that came after the form was sent stay kept: the answer is not about them. */
function typedSince(key, sent) {
  return Boolean(sent) && Boolean(read(key)?.values.some(([name, value]) => !sent.getAll(name).includes(value)));
}

function remember(form) {
  if (!form) return "";
  const key = keyOf(form);
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: typed(form) }));
  } catch {
    // full, or forbidden by the browser: the page works on without
  }
  return key;
}

function giveBack(form) {
  const kept = read(keyOf(form));
  const given = form.querySelector(".restored, [aria-invalid=true], .wrong"); // the server gave it back itself
  if (!kept || given || JSON.stringify(typed(form)) === JSON.stringify(kept.values)) return;
  fill(form, kept.values);
  form.prepend(note(form));
}

function fill(form, values) {
  const left = [...values];
  const take = (name, wanted) => {
    const at = left.findIndex(([key, value]) => key === name && (wanted === undefined || value === wanted));
    return at < 0 ? undefined : left.splice(at, 1)[0][1];
  };
  for (const field of form.elements) {
    if (!field.name || ["hidden", "password", "file", "submit"].includes(field.type)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = take(field.name, field.value) !== undefined;
    else if (field.multiple) for (const option of field.options) option.selected = take(field.name, option.value) !== undefined;
    else field.value = take(field.name) ?? field.value;
  }
}

function note(form) {
  const shown = document.createElement("p");
  shown.className = "restored";
  shown.setAttribute("role", "status");
  shown.append(phrases().restored ?? "");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--text btn--s";
  button.textContent = phrases().forget ?? "";
  button.addEventListener("click", () => {
    forget(keyOf(form));
    form.reset();
    shown.remove();
  });
  shown.append(button);
  return shown;
}
