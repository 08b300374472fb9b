"""Customers added, changed and joined; consents given and withdrawn."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.common.taken import unless_taken
from gracja.app.contacts.models import Consent, Customer, CustomerNumber
from gracja.app.contacts.models.customers import last_digits
from gracja.app.contacts.models.erased import marks_of_number
from gracja.app.contacts.services.customers.suppressing import admit, marks_of
from gracja.app.organisation.access import may, may_somewhere, require
from gracja.app.organisation.models import Person, User

PERSONAL: Final = ("name", "phone", "email", "birthday")
_LEAP: Final = 2028  # so that 29 February is a birthday


@dataclass(frozen=True, slots=True)
class Details:
    """What is kept of a customer. birthday: (month, day), without a year: nobody's age is asked.
    do_not_contact: None leaves it as it is, so that no other change takes it back.
    """

    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    birthday: tuple[int, int] | None = None
    do_not_contact: bool | None = None


@transaction.atomic
def add_customer(
    *,
    by: User,
    details: Details,
    numbers: Iterable[tuple[str, str]] = (),
    although_known: bool = False,
    back_because: str = "",
) -> Customer:
    """A new record, with as little in it as given. numbers: of other systems, (system, value).
    although_known: also where another record has this telephone or e-mail, as in a family. back_because: why
    somebody who was erased is written down again (suppressing.BACK).

    Raises Refused: not_permitted, birthday_impossible (month, day), customer_number_taken (value),
    customer_known (a second record would escape what was kept of the first), customer_erased_before.
    """
    _require_at_counter(by)
    customer = Customer()
    _write(customer, details)
    shared = _shared_with_another(by, customer, although_known=although_known)
    admit(by=by, customer=customer, marks=marks_of(customer), because=back_because)
    with _unless_known():
        customer.save(force_insert=True)
    audit.record(
        "customer.add",
        by=by,
        subject=("customer", customer.key),
        after=facts_of(customer) | shared,
        personal=PERSONAL,
    )
    for system, value in numbers:
        number_customer(by=by, customer=customer, system=system, value=value, back_because=back_because)
    return customer


@transaction.atomic
def change_customer(
    *,
    by: User,
    customer: Customer,
    details: Details,
    numbers: Iterable[tuple[str, str]] = (),
    although_known: bool = False,
    back_because: str = "",
) -> Customer:
    """numbers: added to those that are there. although_known, back_because: as `add_customer`, of a new
    telephone, e-mail or number.

    Raises Refused: not_permitted, customer_gone, birthday_impossible (month, day), customer_number_taken
    (value), customer_known, customer_erased_before.
    """
    _require_at_counter(by)
    kept = locked(customer)
    before = facts_of(kept)
    had, marks = (kept.phone_digits, kept.email), set(marks_of(kept))
    _write(kept, details)
    changed = (kept.phone_digits, kept.email) != had
    shared = _shared_with_another(by, kept, although_known=although_known) if changed else {}
    admit(by=by, customer=kept, marks=set(marks_of(kept)) - marks, because=back_because)
    with _unless_known():
        kept.save()
    audit.record(
        "customer.change",
        by=by,
        subject=("customer", kept.key),
        before=before,
        after=facts_of(kept) | shared,
        personal=PERSONAL,
    )
    for system, value in numbers:
        number_customer(by=by, customer=kept, system=system, value=value, back_because=back_because)
    return kept


@transaction.atomic
def number_customer(
    *, by: User, customer: Customer, system: str, value: str, back_because: str = ""
) -> CustomerNumber:
    """Say how another system (a till, a card) names a customer. Repeating it is harmless. back_because: as
    `add_customer`.

    Raises Refused: not_permitted, customer_gone, customer_number_taken (value), customer_erased_before.
    """
    _require_at_counter(by)
    kept = locked(customer)
    taken = Refused("customer_number_taken", value=value)
    found = CustomerNumber.objects.filter(system=system, value=value).first()
    if found is None:
        admit(by=by, customer=kept, marks=marks_of_number(system, value), because=back_because)
        with unless_taken(system=taken, customer_number_once=taken):
            found = CustomerNumber.objects.create(customer=kept, system=system, value=value)
        audit.record(
            "customer.number",
            by=by,
            subject=("customer", kept.key),
            after={"system": system, "number": value},
            personal=("number",),
        )
    if found.customer_id != kept.pk:
        raise taken
    return found


@transaction.atomic
def give_consent(*, by: User, customer: Customer, purpose: str) -> Consent:
    """The customer agrees, before `by`. Repeating it keeps the first.

    Raises Refused: not_permitted, customer_gone, consent_unknown (purpose).
    """
    _require_at_counter(by)
    if purpose not in Consent.PURPOSES:
        raise Refused("consent_unknown", purpose=purpose)
    kept = locked(customer)
    consent, made = kept.consents.get_or_create(
        purpose=purpose, withdrawn_at=None, defaults={"taken_by": by.person}
    )
    if made:
        audit.record("consent.give", by=by, subject=("customer", kept.key), after={"purpose": purpose})
    return consent


@transaction.atomic
def withdraw_consent(*, by: User, customer: Customer, purpose: str) -> None:
    """The customer takes it back; nothing is done on it from now on. Repeating is harmless.

    Of a record that was joined with another, it is taken back there.
    Raises Refused: not_permitted.
    """
    _require_at_counter(by)
    kept = _locked_whole(customer)
    if kept.consents.filter(purpose=purpose, withdrawn_at=None).update(withdrawn_at=now()):
        audit.record("consent.withdraw", by=by, subject=("customer", kept.key), after={"purpose": purpose})


def facts_of(customer: Customer) -> dict[str, str | bool]:
    """What the log compares."""
    birthday = f"{customer.birthday_month}-{customer.birthday_day}" if customer.birthday_month else ""
    return {
        "name": customer.name,
        "phone": customer.phone,
        "email": customer.email,
        "language": customer.language,
        "birthday": birthday,
        "do_not_contact": customer.do_not_contact,
    }


def _shared_with_another(by: User, customer: Customer, *, although_known: bool) -> dict[str, bool]:
    """What the log says where another record has this telephone or e-mail. Raises Refused: customer_known."""
    # locked: a double click is one after the other
    Person.objects.select_for_update(no_key=True).get(pk=by.person.pk)
    there = Customer.objects.filter(erased_at=None, merged_into=None).exclude(pk=customer.pk)
    phone, email = customer.phone_digits, customer.email
    customer.phone_shared = bool(phone) and there.filter(phone_digits=phone).exists()
    customer.email_shared = bool(email) and there.filter(email=email).exists()
    if not (customer.phone_shared or customer.email_shared):
        return {}
    if not although_known:
        raise Refused("customer_known")
    return {"although_known": True}


def _unless_known() -> AbstractContextManager[None]:
    """Where somebody else wrote the same telephone or e-mail down since we looked."""
    known = Refused("customer_known")
    # by the name of the rule, or where SQLite says only the columns, by those
    rules = ("customer_phone_once", "customer_email_once", "customer.phone_digits", "customer.email")
    return unless_taken(**dict.fromkeys(rules, known))


def _require_at_counter(by: User) -> None:
    """Whoever serves may write a customer down; a customer belongs to no place."""
    if not may_somewhere(by, "customer.find") and not may(by, "customer.manage"):
        require(by, "customer.manage")


def locked(customer: Customer) -> Customer:
    """The record as it is now, for the caller's transaction. Raises Refused: customer_gone."""
    kept = Customer.objects.select_for_update().get(pk=customer.pk)
    if kept.erased_at or kept.merged_into_id:
        raise Refused("customer_gone")
    return kept


def _locked_whole(customer: Customer) -> Customer:
    """The record that stands for this one now, whatever it was joined with meanwhile."""
    kept = Customer.objects.select_for_update().get(pk=customer.pk)
    while kept.merged_into_id:
        kept = Customer.objects.select_for_update().get(pk=kept.merged_into_id)
    return kept


def _write(customer: Customer, details: Details) -> None:
    month, day = details.birthday or (None, None)
    if details.birthday and not _is_a_day(*details.birthday):
        raise Refused("birthday_impossible", month=month, day=day)
    before = last_digits(customer.phone) or customer.phone
    customer.name, customer.phone = details.name.strip(), details.phone.strip()
    customer.email = details.email.strip().lower()
    customer.phone_digits = last_digits(customer.phone)
    customer.phone_wrong &= (customer.phone_digits or customer.phone) == before
    customer.language = details.language
    if details.do_not_contact is not None:
        customer.do_not_contact = details.do_not_contact
    customer.birthday_month, customer.birthday_day = month, day


def _is_a_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(_LEAP, month)[1]
