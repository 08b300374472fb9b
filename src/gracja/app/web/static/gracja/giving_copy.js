/* Codes that can be copied, where the browser has a clipboard. */
export function copyable(within) {
  if (!navigator.clipboard) return;
  for (const button of within.querySelectorAll("[data-copy-code]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copyCode);
        button.querySelector("span").textContent = button.dataset.copied;
      } catch {
        button.hidden = true; // not allowed here: the code stands above, to be selected
      }
    });
  }
}
