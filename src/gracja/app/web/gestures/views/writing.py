"""Policies written and changed: a form of sentences, and for whom it would be open today."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.gestures.club.selectors.stock import gifts_given_by
from gracja.app.gestures.selectors import policies as selectors
from gracja.app.gestures.selectors.budgets import budgets
from gracja.app.gestures.selectors.forbidding import services_that_forbid
from gracja.app.gestures.selectors.reach import reach_today
from gracja.app.gestures.services.policies import change_policy, write_policy
from gracja.app.gestures.terms import check_terms
from gracja.app.organisation.access import require
from gracja.app.web.gestures.frame import show
from gracja.app.web.gestures.policy_forms import FACTS
from gracja.app.web.gestures.policy_sheet import Sheet, sheet_of, sheet_typed
from gracja.app.web.gestures.shown import conditions_in_words
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader
from gracja.engine.edition.texts import in_language
from gracja.engine.gesture.facts import KINDS
from gracja.wording.gestures import condition_in_words
from gracja.wording.refusals import say_refusal

_KEEP: Final = ("save", "")


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedIn) -> HttpResponse:
    """Choose a kind, then say the terms."""
    require(request.user, "gesture.manage")
    kind = request.POST.get("kind", request.GET.get("kind", ""))
    if kind not in KINDS:
        return show(request, "choose_kind", "gesture_policies", {"kinds": KINDS})
    names = selectors.names_in_terms(reader())
    currency = _currency(request)
    if request.method != "POST":
        return _sheet(request, sheet_of(kind, None, names=names, currency=currency), names)
    sheet = sheet_typed(kind, request.POST, names=names, currency=currency)
    if request.POST.get("do", "") not in _KEEP:
        return _sheet(request, sheet, names)
    if (document := sheet.document()) is None:
        return _sheet(request, sheet, names, status=422)
    try:
        made = write_policy(by=request.user, document=document)
    except Refused as refused:
        return _refused(request, sheet, names, refused)
    tell(request, _("Written. It holds from now on."))
    return redirect("gesture_policy", made.uid)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedIn, uid: str) -> HttpResponse:
    """New terms from now on. Saved only over what its writer saw; what was typed stays, whatever comes."""
    written = selectors.policy(by=request.user, uid=uid)
    require(request.user, "gesture.manage")
    kind, before = written.policy.kind, written.terms.document
    names = selectors.names_in_terms(reader())
    seen = request.POST.get("seen", "") if request.method == "POST" else str(written.terms.version)
    also = {
        "written": written,
        "seen": seen,
        "title": in_language(written.document.title, reader()),
        "gifts": gifts_given_by(written.policy),
    }
    currency = written.document.currency
    if request.method != "POST":
        return _sheet(request, sheet_of(kind, before, names=names, currency=currency), names, also)
    sheet = sheet_typed(kind, request.POST, names=names, currency=currency, before=before)
    if request.POST.get("do", "") not in _KEEP:
        return _sheet(request, sheet, names, also)
    if (document := sheet.document()) is None:
        return _sheet(request, sheet, names, also, status=422)
    version = int(seen) if seen.isdecimal() and len(seen) < 9 else -1
    try:
        change_policy(by=request.user, policy=written.policy, document=document, version=version)
    except Refused as refused:
        return _refused(request, sheet, names, refused, also)
    tell(request, _("Saved. What was granted keeps its terms."))
    return redirect("gesture_policy", uid)


@require_POST
def look(request: SignedIn) -> HttpResponse:
    """For how many customers the terms as they are typed would be open today: a fragment."""
    require(request.user, "gesture.manage")
    kind = request.POST.get("kind", "")
    names = selectors.names_in_terms(reader())
    sheet = sheet_typed(kind if kind in KINDS else KINDS[0], request.POST, names=names, currency="PLN")
    return render(request, "gestures/reach.html", _reach(request, sheet, names))


def _sheet(
    request: SignedIn,
    sheet: Sheet,
    names: selectors.Names,
    also: dict[str, Any] | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    forbidding = services_that_forbid()
    context = {
        "sheet": sheet,
        "facts": FACTS.items(),
        "refused": refused,
        "forbidding": sorted(names.services.get(one, one) for one in forbidding),
        "conditions": _next(sheet.conditions),
        "caps": _next(sheet.caps),
        **(also or {}),
    }
    if request.POST.get("do") == "look":
        context |= _reach(request, sheet, names)
    return show(request, "policy_form", "gesture_policies", context, status=status)


def _refused(
    request: SignedIn,
    sheet: Sheet,
    names: selectors.Names,
    refused: Refused,
    also: dict[str, Any] | None = None,
) -> HttpResponse:
    if refused.code == "not_permitted":
        raise refused
    said = say_refusal(refused.code, reader(), **refused.facts)
    return _sheet(request, sheet, names, also, refused=said, status=409)


def _reach(request: SignedIn, sheet: Sheet, names: selectors.Names) -> dict[str, Any]:
    """What the preview says; nothing where the sheet cannot be read yet."""
    document = sheet.document() if sheet.main.is_bound else None
    if document is None:
        return {"reach": None, "unread": sheet.wrong}
    try:
        terms = check_terms(document)
    except Refused as refused:
        return {"reach": None, "refused_terms": say_refusal(refused.code, reader(), **refused.facts)}
    found = reach_today(by=request.user, terms=terms)
    titles = names.cues | names.places
    contact = [
        condition_in_words(one, reader(), currency=terms.currency, titles=titles) for one in found.contact
    ]
    said = conditions_in_words(terms.conditions, terms.currency, names, reader()) if terms.conditions else []
    return {"reach": found, "of_the_contact": contact, "said": said, "terms": terms}


def _next(rows: list[Any]) -> int:
    """How many indices have to be looked at when the rows come back."""
    return max((int(row.prefix[1:]) for row in rows), default=-1) + 1


def _currency(request: SignedIn) -> str:
    found = budgets(by=request.user).order_by("-pk").values_list("currency", flat=True).first()
    return found or "PLN"
