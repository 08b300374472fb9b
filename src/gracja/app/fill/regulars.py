"""The regulars of the salons, as the till knows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gracja.app.common.money import Money
from gracja.app.contacts.models import Customer
from gracja.app.contacts.services.customers.purchases import add_purchase
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    give_consent,
    number_customer,
)
from gracja.app.fill.autumn import GESTURES_FROM, at, who
from gracja.app.fill.people import MANAGER
from gracja.app.organisation.models import Place
from gracja.demo.regulars import Bought, regulars, visits

TILL: Final = "till"


def bring_in_regulars() -> None:
    """Records, consents, and what they paid until gestures began."""
    with at(GESTURES_FROM):
        by = who(MANAGER)
        for one in regulars():
            details = Details(name=one.name, phone=one.phone, language=one.language, birthday=one.birthday)
            customer = add_customer(by=by, details=details)
            number_customer(by=by, customer=customer, system=TILL, value=one.number)
            for purpose in one.agrees:
                give_consent(by=by, customer=customer, purpose=purpose)
        take_in(bought for one in regulars() for bought in visits(one, GESTURES_FROM.date()))


def take_in(bought: Iterable[Bought]) -> None:
    """What the till wrote down."""
    by = who(MANAGER)
    places = {place.code: place for place in Place.objects.filter(kind=Place.PLACE)}
    for one in bought:
        add_purchase(
            by=by,
            customer=customer_of(one.regular.number),
            place=places[one.regular.place],
            system=TILL,
            number=one.document,
            at=one.at,
            amount=Money(one.amount_minor, "PLN"),
        )


def customer_of(number: str) -> Customer:
    """The record that the till means by this number."""
    return Customer.objects.get(numbers__system=TILL, numbers__value=number)
