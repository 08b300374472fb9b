/* Light, dark, or as the system: at once here, and kept on the server. */

const NEXT = { system: "light", light: "dark", dark: "system" };

export function switchTheme() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-switch]");
    if (!form) return;
    event.preventDefault();
    const button = form.querySelector("button");
    const chosen = button.value;
    keep(form, chosen);
    if (chosen === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    button.value = NEXT[chosen];
    button.setAttribute("aria-label", button.dataset[chosen]);
  });
}

function keep(form, chosen) {
  const sent = new FormData(form);
  sent.set("theme", chosen);
  // kept or not, the page has changed already; nothing is lost if the server cannot be reached
  fetch(form.action, { method: "POST", body: sent, headers: { "X-Requested-With": "fetch" } }).catch(() => {});
}
