/* Lets the panel in with the key of its link or of this browser; one that was refused is asked for anew. */
import { enter, forget, kept } from "./counter_key.js";

const page = document.querySelector("main");
const begins = "#key=";

if ("refused" in page.dataset) forget();
else if (location.hash.startsWith(begins)) {
  const given = location.hash.slice(begins.length);
  history.replaceState(null, "", location.pathname); // it stands in the address no longer
  enter(given);
} else if (kept()) enter(kept());
