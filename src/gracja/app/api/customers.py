"""Customers, what they agreed to and what they bought."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from ninja import Field, Query, Router

from gracja.app.api.callers import Called
from gracja.app.api.customer_shapes import (
    BirthdayGiven,
    ConsentGiven,
    CustomerAdded,
    CustomerChanged,
    CustomerGiven,
    CustomerListed,
    CustomerOut,
    NumberGiven,
    PurchasesSent,
    TakenOut,
)
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.shapes import Page, Text, UidInPath
from gracja.app.common.money import Money
from gracja.app.contacts.selectors.customers import customer_for, customers
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
    from gracja.app.contacts.models import Customer

router = Router()


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
