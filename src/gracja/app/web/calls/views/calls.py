"""Whom to contact: the list, one contact, what came of it, and the manager's rules."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.gestures.calls.selectors import calls as selectors
from gracja.app.gestures.calls.selectors.calls import SHOWN
from gracja.app.gestures.calls.selectors.guard import bears
from gracja.app.gestures.calls.services import making
from gracja.app.gestures.calls.services.rules import change_reason
from gracja.app.gestures.recovery.selectors import customers_of
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.selectors.company import today_here
from gracja.app.organisation.selectors.places import places_to
from gracja.app.web.calls import words
from gracja.app.web.calls.forms import PostponeForm, RuleForm, refuse
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.gestures.calls.models import Call

AT_ONCE = 50


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """Whom the reader is to contact, by day."""
    only_who_gives(request)
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "due"
    place = request.GET.get("place", "")[:22]
    rows = selectors.calls(by=request.user, show=show, place=place)
    page = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    customers, today = customers_of(one.customer_key for one in page), today_here()
    context = {
        "page": page,
        "rows": [
            (
                one,
                customers.get(one.customer_key),
                words.why(one),
                words.WAYS[one.way],
                one.state == "proposed" and one.due_on < today,
                words.OUTCOMES.get(one.outcome),
            )
            for one in page
        ],
        "due": selectors.due(by=request.user),
        "show": show,
        "place": place,
        "shown": words.SHOWN.items(),
        "places": places_to("gesture.approve", by=request.user).order_by("name"),
        "policies": _policies(request) if show == "cards" else (),
        "may_manage": may(request.user, "gesture.manage"),
    }
    return render(request, "calls/calls.html", context)


@require_GET
def call(request: SignedIn, uid: str) -> HttpResponse:
    """One contact: why, what to say, and what came of it."""
    return _page(request, selectors.call_for(by=request.user, uid=uid))


@require_POST
def outcome(request: SignedIn, uid: str) -> HttpResponse:
    """What came of it."""
    one = selectors.call_to_note(by=request.user, uid=uid)
    try:
        kept = making.note_outcome(
            by=request.user,
            call=one,
            outcome=request.POST.get("outcome", ""),
            note=request.POST.get("note", ""),
        )
    except Refused as refused:
        if refused.code not in ("too_close", "outcome_unknown"):
            raise
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
        return _page(request, one, note=request.POST.get("note", ""), status=422)
    if kept.outcome == "asked_not":
        tell(request, _("Noted. This customer is not contacted any more, by nobody."))
    elif kept.state == "proposed":
        tell(request, _("Noted. It is due again in two days."))
    else:
        tell(request, _("Noted."))
    return redirect("calls")


@require_POST
def postpone(request: SignedIn, uid: str) -> HttpResponse:
    """Another day."""
    one = selectors.call_for(by=request.user, uid=uid)
    form = PostponeForm(request.POST)
    if form.is_valid():
        try:
            making.postpone_call(by=request.user, call=one, until=form.cleaned_data["until"])
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("Postponed."))
            return redirect("calls")
    return _page(request, one, postpone=form, status=422)


@require_POST
def give(request: SignedIn, uid: str) -> HttpResponse:
    """Somebody else makes the contact."""
    one = selectors.call_for(by=request.user, uid=uid)
    there = selectors.makers(by=request.user, place=one.place)
    owner = there.filter(uid=request.POST.get("owner", "")[:22]).first()
    if owner is None:
        warn(request, say_refusal("contact_owner_elsewhere", reader()))
        return redirect("call", uid)
    making.give_call(by=request.user, call=one, owner=owner)
    tell(request, _("%(name)s makes the contact now.") % {"name": owner.name})
    return redirect("calls")


@require_http_methods(["GET", "POST"])
def rules(request: SignedIn) -> HttpResponse:
    """For what customers are contacted; each reason is saved by itself."""
    if not may(request.user, "gesture.manage"):
        raise Http404
    sent = request.POST.get("name", "") if request.method == "POST" else ""
    shown, wrong = [], False
    for one in selectors.rules(by=request.user):
        form = RuleForm(request.POST if one.name == sent else None, of=one)
        if form.is_valid():
            try:
                change_reason(by=request.user, name=one.name, rule=form.rule())
            except Refused as refused:
                refuse(form, refused, form.AT)
            else:
                tell(request, _("Saved. Contacts are proposed once a day."))
                return redirect("call_rules")
        wrong = wrong or form.is_bound
        shown.append((one, words.REASONS[one.name], form))
    status = 422 if wrong or request.method == "POST" else 200
    return render(request, "calls/rules.html", {"rules": shown}, status=status)


def only_who_gives(request: SignedIn) -> None:
    """Raises Http404 for who may neither make contacts nor say who does."""
    if not any(may_somewhere(request.user, one) for one in ("gesture.grant", "gesture.approve")):
        raise Http404


def _policies(request: SignedIn) -> list[tuple[str, Any]]:
    found = selectors.policies_for_cards(by=request.user)
    return [(policy.uid, terms.title) for policy, terms in found]


def _page(
    request: SignedIn, one: Call, *, postpone: PostponeForm | None = None, note: str = "", status: int = 200
) -> HttpResponse:
    customer = selectors.customer_of(one)
    mine = selectors.may_make(request.user, one) and one.state == "proposed"
    room = bears(customer, one.due_on, without=one) if mine and customer and not one.begun_at else None
    language = selectors.language_of(customer) if customer else reader()
    later = max(today_here(), one.due_on) + timedelta(days=7)
    lead = selectors.leads(request.user, one) and one.state == "proposed"
    context = {
        "call": one,
        "customer": customer,
        "why": words.why(one),
        "reason": words.REASONS[one.reason],
        "way": words.WAYS[one.way],
        "outcome": words.OUTCOMES.get(one.outcome),
        "text": selectors.text_of(one, language),
        "text_language": language,
        "too_close": room if room and not room.now else None,
        "mine": mine,
        "note": note or one.note,
        "postpone": (postpone or PostponeForm(initial={"until": later})) if mine else None,
        "owners": selectors.makers(by=request.user, place=one.place).order_by("name") if lead else (),
    }
    return render(request, "calls/call.html", context, status=status)
