"""Contacts that we start at a place, for tests that go through all addresses."""

from __future__ import annotations

from dataclasses import dataclass

from gracja.app.contacts.services.customers.records import Details, add_customer, give_consent
from gracja.app.gestures.calls.models import Batch, Call
from gracja.app.gestures.calls.services.cards import make_batch
from gracja.app.organisation.selectors.company import today_here


@dataclass(frozen=True)
class Contacts:
    one: Call  # a card that Darek is to write
    batch: Batch  # another, of his, put together to be printed


def contacts_at(place, cast) -> Contacts:
    """Two cards of Darek's, with customers who agreed."""
    one, other = (_card(place, cast, name) for name in ("Iga Kot", "Jan Ryba"))
    batch, _ = make_batch(by=cast.darek, cards=[other], policy=None)
    return Contacts(one, batch)


def _card(place, cast, name):
    customer = add_customer(by=cast.darek, details=Details(name, "600 100 200"), although_known=True)
    give_consent(by=cast.darek, customer=customer, purpose="card")
    return Call.objects.create(
        cause=f"thanks_visits:{customer.key}",
        customer_key=customer.key,
        place=place,
        owner=cast.darek.person,
        reason="thanks_visits",
        way="card",
        why={"visits": 7},
        due_on=today_here(),
    )
