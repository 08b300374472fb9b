/* Messages at the foot of the window: what happened, and the way back. */

const SHOWN_MS = 10000;
const room = () => document.getElementById("messages");

/** What the page says in the reader's language: data-* of #phrases. */
export const phrases = () => document.getElementById("phrases")?.dataset ?? {};

/** Show a problem. It stays until it is dismissed; the same text is shown once. */
export function say(text, link) {
  const shown = [...room().querySelectorAll(".message > span")];
  if (!text || shown.some((span) => span.textContent === text)) return;
  const message = document.createElement("div");
  message.className = "message message--problem";
  message.setAttribute("role", "alert");
  const words = document.createElement("span");
  words.textContent = text;
  message.append(words);
  if (link) {
    const way = document.createElement("a");
    way.href = link.address;
    way.textContent = link.text;
    message.append(way);
  }
  message.append(closing());
  room().append(message);
}

function closing() {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.dismiss = "";
  button.textContent = "×";
  button.setAttribute("aria-label", phrases().dismissLabel ?? "");
  return button;
}

/** Dismiss on click or Escape; what can neither be undone nor went wrong leaves by itself. */
export function watchMessages() {
  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".message")?.remove();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") room()?.querySelector(".message:last-child")?.remove();
  });
  new MutationObserver(letGo).observe(room(), { childList: true });
  letGo();
}

function letGo() {
  for (const message of room().querySelectorAll(".message:not([data-leaving], .message--problem, :has(form))")) {
    message.dataset.leaving = "";
    setTimeout(() => leave(message), SHOWN_MS);
  }
}

function leave(message) {
  if (message.matches(":hover, :focus-within")) setTimeout(() => leave(message), SHOWN_MS);
  else message.remove();
}
