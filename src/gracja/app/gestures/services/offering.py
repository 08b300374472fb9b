"""Gestures offered and granted at the counter: eligibility is noted with the first offer, and nobody at the
counter learns who is held out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.gestures.models import Gesture
from gracja.app.gestures.selectors.offers import Offers, consider, offers_of
from gracja.app.gestures.services.admitting import first_eligible
from gracja.app.gestures.services.budgets import budget_for
from gracja.app.gestures.services.granting import grant_gesture
from gracja.app.gestures.terms import TermsDocument
from gracja.app.gestures.wish import Wish
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Place, User

_ALIKE: Final = ("held_out", "not_eligible")  # apart, they would say who is held out


@transaction.atomic
def offer_gestures(*, by: User, place: Place, customer: Customer, told: Mapping[str, Any]) -> Offers:
    """What may be given now, to show it to whoever serves. For each policy whose conditions are met the
    customer's first eligibility is noted, held out or not: both halves of a study begin with the offer.

    Raises Refused: not_permitted, customer_gone.
    """
    require(by, "gesture.grant", place=place)
    # locked, and read anew: who is erased or joined meanwhile is noted nowhere
    kept = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if kept.erased_at or kept.merged_into_id:
        raise Refused("customer_gone")
    considered = consider(by, place, customer, told)
    for policy, terms in considered.policies:
        first_eligible(policy, terms, customer, place)
    return offers_of(by, place, customer, considered)


def grant_offer(*, by: User, wish: Wish, key: str) -> Gesture:
    """As `grant_gesture`; whoever is held out is refused in the words of one to whom it is not open, and
    where the budget would not have borne it, in those.

    Raises Refused: not_open, and as `grant_gesture` except not_eligible and held_out.
    """
    try:
        return grant_gesture(by=by, wish=wish, key=key)
    except Refused as refused:
        if refused.code == "held_out":
            _refuse_as_if_open(wish)
        if refused.code in _ALIKE:
            raise Refused("not_open") from None
        raise


def _refuse_as_if_open(wish: Wish) -> None:
    """Raises Refused: no_budget (place, day), over_budget (left, cost), as for one to whom it is open."""
    budget = budget_for(wish.place, now())
    document = TermsDocument.model_validate(wish.policy.versions.all()[:1].get().document)
    cost = wish.cost or Money(document.usual_minor, document.currency)
    if cost.currency == budget.currency and cost.minor > budget.left.minor:
        raise Refused("over_budget", left=str(budget.left), cost=str(cost))
