/* The bench: squiggles stand still under the words while they change, and no answer takes typed words away.

   The server draws the mirror behind each field (.read__mirror) and this keeps its text that of the field, so that
   the field grows with it. What is being typed is left alone by answers until it is sent (hx-morph-skip). */

const fields = () => document.querySelectorAll(".read textarea");
const mirror = (field) => field.parentElement.querySelector(".read__mirror");
const seen = (field) => field.form?.elements.namedItem("seen");

function reflect(field) {
  const behind = mirror(field);
  if (behind && behind.textContent !== field.value) behind.textContent = field.value;
}

function hold(field, held) {
  for (const one of [field, seen(field)]) one?.toggleAttribute("hx-morph-skip", held);
}

document.addEventListener("input", (event) => {
  if (!event.target.matches?.(".read textarea")) return;
  hold(event.target, true);
  keepSquiggles(event.target);
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.(".read textarea")) hold(event.target, false);
}, true);

/* Enter ends a standard as it ends a line of a form; a new line is Shift and Enter. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches?.(".read textarea")) return;
  event.preventDefault();
  event.target.blur();
  event.target.focus();
});

/* What somebody unfolded stays so when the bench is drawn anew. */
const unfolded = new Map();

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".bench details[id]")) unfolded.set(event.target.id, event.target.open);
}, true);

document.addEventListener("htmx:after:swap", () => {
  for (const field of fields()) reflect(field);
  for (const [id, open] of unfolded) {
    const folded = document.getElementById(id);
    if (open && folded) folded.open = true;
  }
});

/* After a phrase was added its field is empty again, for the next one. */
document.addEventListener("htmx:after:request", (event) => {
  const form = event.target.closest?.("form[data-clear]");
  if (!form || !event.detail.ctx.response?.raw.ok) return;
  const written = form.elements.namedItem("phrase") ?? form.elements.namedItem("text");
  if (written) written.value = "";
});

/** The part of the mirror before the change keeps its squiggles; the rest is read anew. */
function keepSquiggles(field) {
  const behind = mirror(field);
  if (!behind) return;
  const text = field.value;
  let at = 0;
  for (const node of [...behind.childNodes]) {
    const piece = node.textContent;
    if (text.startsWith(piece, at) && at + piece.length <= text.length) at += piece.length;
    else {
      while (node.nextSibling) node.nextSibling.remove();
      node.remove();
      break;
    }
  }
  if (at < text.length) behind.append(text.slice(at));
}

for (const field of fields()) reflect(field);
