/* A gesture's own page: print it, copy its code. */
import { copyable } from "./giving_copy.js";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
copyable(document);
