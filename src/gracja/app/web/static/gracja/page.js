/* What every page does. Without it everything still works. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (button) button.closest(".message")?.remove();
});
