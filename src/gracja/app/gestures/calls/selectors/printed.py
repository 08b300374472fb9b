"""Cards as they are printed: the name as the company writes it, the words in the customer's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.http import Http404

from gracja.app.contacts.models import Customer
from gracja.app.gestures.calls.models import Call, Reason
from gracja.app.gestures.calls.printing.press import Card, card_as_picture, cards_as_pdf
from gracja.app.gestures.calls.selectors.calls import batch_for, call_for, customer_of, usual
from gracja.app.gestures.calls.selectors.guard import wanted_still
from gracja.app.gestures.recovery.selectors import customers_of
from gracja.app.organisation.models import Company, User

SHEETS: Final = ("a6", "a4")


def batch_as_pdf(*, by: User, uid: str, sheet: str) -> bytes:
    """A page for each card (a6), or four on each (a4); without who was erased, or agrees to it no longer.

    Raises Http404.
    """
    batch = batch_for(by=by, uid=uid)
    rows = list(batch.calls.filter(wanted_still()).order_by("pk"))
    called = customers_of(one.customer_key for one in rows)
    company, cards = _laid_out((one, called.get(one.customer_key)) for one in rows)
    if not cards:
        raise Http404
    return cards_as_pdf(cards, company=company, sheet="a4" if sheet == "a4" else "a6")


def card_as_png(*, by: User, uid: str) -> bytes:
    """One card, as it looks when it is cut. Raises Http404."""
    call = call_for(by=by, uid=uid)
    company, cards = _laid_out([(call, customer_of(call))])
    if call.way != "card" or not cards:
        raise Http404
    return card_as_picture(cards[0], company=company)


def _laid_out(rows: Iterable[tuple[Call, Customer | None]]) -> tuple[str, list[Card]]:
    company = Company.objects.first()
    rules = {one.name: one for one in Reason.objects.all()}
    usual_language = company.language if company else "pl"
    cards = []
    for call, customer in rows:
        if customer is not None:
            language = customer.language or usual_language
            text = call.text or (rules.get(call.reason) or usual(call.reason)).text(language)
            cards.append(Card(customer.name, text, language))
    return (company.name if company else ""), cards
