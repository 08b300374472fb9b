"""Customers, what they agreed to and what they bought."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.people import EMAIL
from gracja.app.api.shapes import Given, Moment, Page, Text, Uid, UidInPath
from gracja.app.common.money import MOST_MINOR, Money
from gracja.app.contacts.selectors.customers import consents_of, customer_for, customers
from gracja.app.contacts.services.customers.batched import Sent
from gracja.app.contacts.services.customers.batches import take_purchases
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    change_customer,
    give_consent,
    withdraw_consent,
)
from gracja.app.gestures.calls.services.proposing import end_unwanted
from gracja.app.operations.erasure import erase_customer
from gracja.app.operations.export import export_customer

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer, CustomerNumber

router = Router()
AT_ONCE = 200
ALTHOUGH_KNOWN = (
    "Also where another customer has this telephone or e-mail, as in a family; else that is refused with "
    "`customer_known`."
)
BACK_BECAUSE = (
    "Why somebody who was erased is written down again: by their own wish, because the telephone, e-mail or "
    "number is another person’s now, or because they were erased by mistake. Without it that is refused with "
    "`customer_erased_before`; it needs the scope `customer.admit`, for a program that was told so."
)
Back = Literal["", "own_wish", "other_person", "mistake"]


class NumberShape(Schema):
    """How another system names a customer."""

    system: str = Field(description="A till, a shop, a card.")
    value: str


class BirthdayShape(Schema):
    """Without a year: nobody's age is asked."""

    month: int
    day: int


class CustomerOut(Schema):
    """What is known of a customer; what they bought is in the export."""

    uid: Uid
    name: str
    phone: str
    phone_wrong: bool = Field(description="Somebody else answered there: not called until it is another.")
    email: str
    language: str
    birthday: BirthdayShape | None
    do_not_contact: bool
    numbers: list[NumberShape]
    consents: list[str] = Field(description="Agreed to now: club, call, card, study.")
    since: Moment
    erased_at: Moment | None

    @staticmethod
    def resolve_birthday(one: Customer) -> dict[str, int] | None:
        if not (one.birthday_month and one.birthday_day):
            return None
        return {"month": one.birthday_month, "day": one.birthday_day}

    @staticmethod
    def resolve_numbers(one: Customer) -> list[CustomerNumber]:
        return list(one.numbers.order_by("pk"))

    @staticmethod
    def resolve_consents(one: Customer) -> list[str]:
        return sorted(consents_of(one))

    @staticmethod
    def resolve_since(one: Customer) -> Any:
        return one.made_at


class CustomerListed(Schema):
    """A customer in a list."""

    uid: Uid
    name: str
    phone: str
    email: str
    do_not_contact: bool


class NumberGiven(Given):
    """How another system names a customer."""

    system: Text = Field(min_length=1, max_length=60, pattern=r"\S")
    value: Text = Field(min_length=1, max_length=200, pattern=r"\S")


class BirthdayGiven(Given):
    """Without a year."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)


class CustomerGiven(Given):
    """As little as serving them well needs; everything is optional."""

    name: Text = Field("", max_length=120)
    phone: Text = Field("", max_length=40)
    email: Text = Field("", max_length=254, pattern=EMAIL)
    language: Literal["", "pl", "en"] = ""
    birthday: BirthdayGiven | None = None
    do_not_contact: bool = False


class CustomerAdded(CustomerGiven):
    """Somebody new, with the numbers by which other systems know them."""

    although_known: bool = Field(default=False, description=ALTHOUGH_KNOWN)
    back_because: Back = Field("", description=BACK_BECAUSE)
    numbers: list[NumberGiven] = Field(default_factory=list, max_length=20)


class CustomerChanged(Given):
    """What is left out stays as it is."""

    name: Text | None = Field(None, max_length=120)
    phone: Text | None = Field(None, max_length=40)
    email: Text | None = Field(None, max_length=254, pattern=EMAIL)
    language: Literal["", "pl", "en"] | None = None
    birthday: BirthdayGiven | None = Field(None, description="Null takes it away.")
    do_not_contact: bool | None = None
    numbers: list[NumberGiven] = Field(
        default_factory=list, max_length=20, description="Added to those that are there."
    )
    although_known: bool = Field(default=False, description=ALTHOUGH_KNOWN)
    back_because: Back = Field("", description=BACK_BECAUSE)


class ConsentGiven(Given):
    """What the customer agrees to, or takes back, from now on."""

    purpose: Literal["club", "call", "card", "study"]
    given: bool = True


class PurchaseSent(Given):
    """A receipt or invoice, or a refund with a number of its own."""

    system: Text = Field(min_length=1, max_length=60, description="Whose numbers these are: a till, a shop.")
    number: Text = Field(min_length=1, max_length=100, description="By it the document is known again.")
    at: AwareDatetime
    amount_minor: int = Field(
        ge=-MOST_MINOR, le=MOST_MINOR, description="In the smallest unit; below zero for a refund."
    )
    currency: Text = Field(pattern=r"^[A-Z]{3}$")
    customer: Text = Field("", max_length=22, description="The `uid` of the customer; or")
    customer_number: Text = Field("", max_length=200, description="as the same system names them.")
    place: Text = Field("", max_length=22, description="The `uid` of a place.")
    refund_of: Text = Field(
        "", max_length=100, description="Of a refund: the document; empty: that of its own number."
    )


class PurchasesSent(Given):
    """A batch: all of it is taken, or nothing."""

    purchases: list[PurchaseSent] = Field(min_length=1, max_length=AT_ONCE)


class TakenOut(Schema):
    """How many were new, and how many were here already."""

    purchases: int
    refunds: int
    same: int
    erased: int = Field(description="Of customers who were erased: left out.")


class Sought(Paging):
    text: Text = Field("", max_length=200, description="Part of the name; or a number, telephone or e-mail.")


@reads(router, "/customers", scope="customer.read", response=Page[CustomerListed])
def list_customers(request: Called, sought: Query[Sought]) -> Any:
    """Customers, in the order in which they were added."""
    return page_of_rows(customers(by=request.auth, search=sought.text), sought)


@reads(router, "/customers/{uid}", scope="customer.find", response=CustomerOut)
def get_customer(request: Called, uid: UidInPath) -> Any:
    """One customer; of a record that was joined with another, that one."""
    return _customer(request, uid)


@writes(router, "POST", "/customers", scope="customer.find", response={201: CustomerOut})
def create_customer(request: Called, given: CustomerAdded) -> Any:
    """Add somebody. Send an `Idempotency-Key`: two customers may bear one name."""
    return add_customer(
        by=request.auth,
        details=_details(given),
        numbers=_numbers(given.numbers),
        although_known=given.although_known,
        back_because=given.back_because,
    )


@writes(router, "PATCH", "/customers/{uid}", scope="customer.find", response=CustomerOut)
def patch_customer(request: Called, uid: UidInPath, given: CustomerChanged) -> Any:
    """Change what is sent, and leave the rest."""
    one = _customer(request, uid)
    names = ("name", "phone", "email", "language")
    changed: dict[str, Any] = {name: said for name in names if (said := getattr(given, name)) is not None}
    if "birthday" in given.model_fields_set:
        changed["birthday"] = _birthday(given.birthday)
    month, day = one.birthday_month, one.birthday_day
    there = Details(one.name, one.phone, one.email, one.language, (month, day) if month and day else None)
    kept = change_customer(
        by=request.auth,
        customer=one,
        details=replace(there, **changed, do_not_contact=given.do_not_contact),
        numbers=_numbers(given.numbers),
        although_known=given.although_known,
        back_because=given.back_because,
    )
    end_unwanted(of=kept)
    return kept


@writes(router, "POST", "/customers/{uid}/consents", scope="customer.find", response=CustomerOut)
def note_consent(request: Called, uid: UidInPath, given: ConsentGiven) -> Any:
    """Write down that the customer agrees, or takes it back. The same again changes nothing."""
    one = _customer(request, uid)
    if given.given:
        give_consent(by=request.auth, customer=one, purpose=given.purpose)
    else:
        withdraw_consent(by=request.auth, customer=one, purpose=given.purpose)
        end_unwanted(of=one)
    return one


@reads(router, "/customers/{uid}/export", scope="customer.read", response=dict[str, Any])
def get_export(request: Called, uid: UidInPath) -> Any:
    """All that is kept of the customer, for the customer. That it was made is written down."""
    return export_customer(by=request.auth, customer=_customer(request, uid))


@writes(router, "DELETE", "/customers/{uid}", scope="customer.erase", response=CustomerOut)
def delete_customer(request: Called, uid: UidInPath) -> Any:
    """Erase who they are, for ever; open gestures give their money back, amounts stay under a pseudonym."""
    erase_customer(by=request.auth, customer=_customer(request, uid))
    return _customer(request, uid)


@writes(router, "POST", "/purchases", scope="customer.manage", response=TakenOut)
def send_purchases(request: Called, given: PurchasesSent) -> Any:
    """Take purchases and refunds, each once: a document is known again by system and number. Documents of
    customers who were erased are left out and counted.
    """
    rows = [
        Sent(
            system=one.system,
            number=one.number,
            at=one.at,
            amount=Money(one.amount_minor, one.currency),
            customer=one.customer,
            customer_number=one.customer_number,
            place=one.place,
            refund_of=one.refund_of,
        )
        for one in given.purchases
    ]
    return take_purchases(by=request.auth, sent=rows)


def _customer(request: Called, uid: str) -> Customer:
    try:
        return customer_for(by=request.auth, uid=uid)
    except ObjectDoesNotExist:
        raise Http404 from None


def _numbers(given: list[NumberGiven]) -> list[tuple[str, str]]:
    return [(one.system, one.value) for one in given]


def _details(given: CustomerGiven) -> Details:
    return Details(
        given.name,
        given.phone,
        given.email,
        given.language,
        _birthday(given.birthday),
        do_not_contact=given.do_not_contact,
    )


def _birthday(given: BirthdayGiven | None) -> tuple[int, int] | None:
    return (given.month, given.day) if given else None
