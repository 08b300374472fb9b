"""Gestures at Rynek, for tests that go through all addresses: one that waits for a yes, and a code."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from gracja.app.common.clock import today
from gracja.app.common.money import Money
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.models import Budget, Policy
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.granting import grant_gesture
from gracja.app.gestures.services.policies import write_policy
from gracja.app.gestures.wish import Wish


def gestures_at(rynek, cast):
    """customer, policy (a gift), asked (by Darek, for a second person) and code (of a discount)."""
    day = timedelta(days=1)
    if not Budget.objects.filter(place=rynek).exists():
        first, last = today() - day, today() + 30 * day
        open_budget(by=cast.filip, place=rynek, first_day=first, last_day=last, amount=Money(500_00, "PLN"))
    customer = add_customer(by=cast.darek, details=Details("Joanna Kruk"))

    def granted(kind, key, **terms):
        document = {
            "kind": kind,
            "title": {"pl": "Krem do rąk", "en": "Hand cream"},
            "currency": "PLN",
            "usual_minor": 10_00,
            "most_minor": 20_00,
        }
        policy = write_policy(by=cast.filip, document=document | terms)
        return grant_gesture(by=cast.darek, wish=Wish(policy, rynek, customer, "Czekała"), key=key)

    asked = granted("gift", "asked in the world", approve_above_minor=0)
    discount = granted("discount", "a code in the world", discount={"percent": 10})
    policy = Policy.objects.get(pk=asked.terms.policy_id)
    return SimpleNamespace(customer=customer, policy=policy, asked=asked, code=discount.code.code)
