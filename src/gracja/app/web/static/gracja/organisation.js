/* Copy the link of an invitation; without a clipboard the field is selected, to be copied by hand. */
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.lastChild.textContent = button.dataset.copied;
    } catch {
      field.focus();
    }
  });
}
