/* What a page says when a fragment cannot be fetched. The server's own refusals come as messages by themselves. */
import { phrases, say } from "./messages.js";

export function watchSending() {
  document.addEventListener("htmx:error", (event) => {
    if (event.detail?.error?.name !== "AbortError") say(phrases().serverGone);
  });
  document.addEventListener("htmx:response:error", (event) => {
    // from a proxy in front: the server itself answers with a message of its own
    if ([502, 503, 504].includes(event.detail.ctx.response.status)) say(phrases().serverGone);
  });
  document.addEventListener("htmx:after:request", followWholePages);
  document.addEventListener("htmx:after:request", aimAnew);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-theme-switch")) return;
    if (form.getAttributeNames().some((name) => name.startsWith("hx-"))) return;
    // a second click while the first is on its way sends nothing
    if (form.ariaBusy === "true") event.preventDefault();
    form.ariaBusy = "true";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    for (const busy of document.querySelectorAll("[aria-busy=true]")) busy.removeAttribute("aria-busy");
  });
}

/** A fragment's request that was sent on to a whole page (set-up, another address) goes there. */
function followWholePages(event) {
  const { response, text, select, target } = event.detail.ctx;
  if (!response?.raw.redirected || select || target === document.body) return;
  if (!/^\s*<!doctype html/i.test(text)) return;
  event.preventDefault();
  location.assign(response.raw.url);
}

/** A request that waited in the queue aims at what stands there now: the answer before it may have drawn that anew. */
function aimAnew(event) {
  const { ctx } = event.detail;
  if (!ctx.target?.id || ctx.target.isConnected) return;
  ctx.target = document.getElementById(ctx.target.id) ?? ctx.target;
}
