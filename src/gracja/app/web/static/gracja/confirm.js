/* A question before what cannot be undone.

   <a href="..." data-confirm="Delete the standard “Greets”?" data-consequence="..." data-action="Delete the standard">
   leads to a page that asks; here a dialog asks on the spot and posts to the same address.
   A form with data-confirm is sent after a yes. data-danger: the button is a dangerous one. */
import { phrases } from "./messages.js";

export function askFirst() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-confirm]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    ask(link).then((yes) => yes && post(link.href));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.answered) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    ask(form).then((yes) => {
      if (!yes) return;
      form.dataset.answered = "yes";
      form.requestSubmit(button);
      delete form.dataset.answered;
    });
  }, true);
}

function ask({ dataset }) {
  const dialog = document.createElement("dialog");
  const title = element("h2", dataset.confirm);
  title.id = "question";
  dialog.setAttribute("aria-labelledby", title.id);
  const cancel = element("button", phrases().cancel, "btn btn--text");
  const yes = element("button", dataset.action, dataset.danger === undefined ? "btn btn--primary" : "btn btn--danger");
  const acts = element("div", "", "acts");
  acts.append(yes, cancel);
  dialog.append(title, ...(dataset.consequence ? [element("p", dataset.consequence, "muted")] : []), acts);
  document.body.append(dialog);
  dialog.showModal();
  cancel.focus();
  return new Promise((resolve) => {
    yes.addEventListener("click", () => dialog.close("yes"));
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}

function element(name, text, classes = "") {
  const made = document.createElement(name);
  made.textContent = text ?? "";
  made.className = classes;
  if (name === "button") made.type = "button";
  return made;
}

function post(address) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  form.append(document.querySelector("input[name=csrfmiddlewaretoken]").cloneNode());
  document.body.append(form);
  form.submit();
}
