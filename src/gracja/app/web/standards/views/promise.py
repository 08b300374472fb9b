"""The public promise: chosen by a manager, read by anybody who has the address."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gracja.app.common.refused import Refused
from gracja.app.standards.selectors import promises as selectors
from gracja.app.standards.services import promise as services
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal


@login_not_required
@require_GET
def public(request: SignedIn, token: str) -> HttpResponse:
    """What the company promises its customers."""
    promise = selectors.public_promise(token=token)
    answer = render(request, "standards/promise.html", {"promise": promise})
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@require_http_methods(["GET", "POST"])
def choose(request: SignedIn, edition_id: str) -> HttpResponse:
    """Choose what is promised, in the customer's words; turn the page on or off."""
    shown = selectors.to_promise(by=request.user, edition_id=edition_id)
    refused = ""
    typed: dict[str, Any] | None = None
    if request.method == "POST":
        typed = _typed(request, shown)
        try:
            page = services.save_promise(by=request.user, edition_id=edition_id, **typed)
        except Refused as no:
            if no.code == "not_permitted":
                raise
            refused = say_refusal(no.code, reader(), **no.facts)
        else:
            tell(request, _("The promise page is on.") if page.on else _("Saved. The promise page is off."))
            return redirect("choose_promise", edition_id)
    context = _context(request, shown, typed) | {"refused": refused}
    return render(request, "standards/choose_promise.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "POST"])
def move(request: SignedIn, edition_id: str) -> HttpResponse:
    """A new address, after asking: printed codes stop working."""
    shown = selectors.to_promise(by=request.user, edition_id=edition_id)
    back = reverse("choose_promise", args=[edition_id])
    if request.method == "POST":
        services.move_promise(by=request.user, edition_id=edition_id)
        tell(request, _("The promise page has a new address."))
        return redirect(back)
    context = {
        "question": _("Give the promise page of “%(name)s” a new address?")
        % {"name": shown.edition.edition_id},
        "consequence": _("Whoever has the old address or a printed code finds nothing there any more."),
        "action": _("Make a new address"),
        "back": back,
        "danger": True,
    }
    return render(request, "common/confirm.html", context)


def _typed(request: SignedIn, shown: selectors.ToPromise) -> dict[str, Any]:
    sent = request.POST
    chosen = [
        {
            "standard": one.standard.standard,
            **{lang: sent.get(f"{one.standard.standard}_{lang}", "") for lang in ("pl", "en")},
        }
        for one in shown.choices
        if f"promise_{one.standard.standard}" in sent
    ]
    lead = {lang: sent.get(f"lead_{lang}", "") for lang in ("pl", "en")}
    return {"standards": chosen, "lead": lead, "on": "on" in sent}


def _context(request: SignedIn, shown: selectors.ToPromise, typed: dict[str, Any] | None) -> dict[str, Any]:
    address = ""
    if shown.page:
        address = request.build_absolute_uri(reverse("public_promise", args=[shown.page.token]))
    rows = []
    sent = request.POST if typed else None
    for one in shown.choices:
        name = one.standard.standard
        rows.append(
            {
                "part": one.part,
                "name": name,
                "behaviour": one.standard.behaviour,
                "chosen": f"promise_{name}" in sent if sent is not None else one.promised,
                "pl": sent.get(f"{name}_pl", "") if sent is not None else one.pl,
                "en": sent.get(f"{name}_en", "") if sent is not None else one.en,
            }
        )
    return {
        "shown": shown,
        "rows": rows,
        "lead": typed["lead"] if typed else (shown.page.lead if shown.page else {}),
        "on": typed["on"] if typed else bool(shown.page and shown.page.on),
        "address": address,
        "code": segno.make(address, micro=False).svg_data_uri(scale=4, border=2, light="#fff")
        if address
        else "",
    }
