"""Cards: put together, looked at, printed, sent."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.money import money
from gracja.app.common.refused import Refused
from gracja.app.gestures.calls.selectors import calls as selectors
from gracja.app.gestures.calls.selectors import printed
from gracja.app.gestures.calls.services import cards as services
from gracja.app.gestures.recovery.selectors import customers_of
from gracja.app.web.calls.views.calls import only_who_gives
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

AT_ONCE = 50
MOST = 200  # cards in one file


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """Cards that were put together, newest first."""
    only_who_gives(request)
    found = selectors.batches(by=request.user).prefetch_related("calls")[:AT_ONCE]
    rows = [(one, len(one.calls.all())) for one in found]
    return render(request, "calls/batches.html", {"rows": rows})


@require_POST
def make(request: SignedIn) -> HttpResponse:
    """Put the chosen cards together; what they cost is set aside."""
    only_who_gives(request)
    chosen = selectors.cards_to_print(by=request.user, uids=request.POST.getlist("card")[:MOST])
    if not chosen:
        warn(request, _("Choose at least one card."))
        return redirect(reverse("calls") + "?show=cards")
    try:
        paid = {
            policy.uid: (policy, terms) for policy, terms in selectors.policies_for_cards(by=request.user)
        }
        policy, terms = paid.get(request.POST.get("policy", ""), (None, None))
        typed = request.POST.get("cost", "").strip()[:30]
        cost = money(typed, terms.currency) if typed and terms else None
        batch, left = services.make_batch(by=request.user, cards=chosen, policy=policy, cost=cost)
    except Refused as refused:
        if refused.code == "not_permitted":
            raise
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
        return redirect(reverse("calls") + "?show=cards")
    _say_left(request, left)
    return redirect("cards_batch", batch.uid)


@require_GET
def batch(request: SignedIn, uid: str) -> HttpResponse:
    """The cards of one batch, as pictures."""
    one = selectors.batch_for(by=request.user, uid=uid)
    rows = list(one.calls.select_related("gesture", "place").order_by("pk"))
    called = customers_of(card.customer_key for card in rows)
    context = {
        "batch": one,
        "rows": [(card, called.get(card.customer_key)) for card in rows],
        "waits": sum(card.gesture is not None and card.gesture.state == "asked" for card in rows),
        "sent": sum(card.outcome == "sent" for card in rows),
        "open": sum(card.state == "proposed" for card in rows),
    }
    return render(request, "calls/batch.html", context)


@require_GET
def as_pdf(request: SignedIn, uid: str, sheet: str) -> HttpResponse:
    """All cards of a batch, to be printed."""
    if sheet not in printed.SHEETS:
        raise Http404
    content = printed.batch_as_pdf(by=request.user, uid=uid, sheet=sheet)
    shown = f'inline; filename="cards-{sheet}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": shown})


@require_GET
def picture(request: SignedIn, uid: str) -> HttpResponse:
    """One card, as it looks."""
    return HttpResponse(printed.card_as_png(by=request.user, uid=uid), content_type="image/png")


@require_POST
def sent(request: SignedIn, uid: str) -> HttpResponse:
    """They are on their way."""
    one = selectors.batch_for(by=request.user, uid=uid)
    n, left = services.send_batch(by=request.user, batch=one)
    tell(request, ngettext("%(n)s card is marked as sent.", "%(n)s cards are marked as sent.", n) % {"n": n})
    _say_left(request, left)
    return redirect("cards_batch", uid)


@require_http_methods(["GET", "POST"])
def drop(request: SignedIn, uid: str) -> HttpResponse:
    """They were not sent."""
    one = selectors.batch_for(by=request.user, uid=uid)
    if request.method == "POST":
        services.drop_batch(by=request.user, batch=one)
        tell(request, _("The cards are taken apart. They wait to be printed again."))
        return redirect(reverse("calls") + "?show=cards")
    context = {
        "question": _("Take these cards apart?"),
        "consequence": _("They wait to be printed again, and what was set aside for them goes back."),
        "action": _("Take the cards apart"),
        "back": reverse("cards_batch", args=(uid,)),
        "danger": True,
    }
    return render(request, "common/confirm.html", context)


def _say_left(request: SignedIn, left: services.Left) -> None:
    """Who was left out, and why."""
    called = customers_of(card.customer_key for card, _why in left)
    for card, why in left:
        customer = called.get(card.customer_key)
        name = customer.name if customer else "–"
        warn(request, f"{name}: {say_refusal(why.code, reader(), **why.facts)}")
