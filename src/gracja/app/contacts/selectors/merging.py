"""What two records of one customer would become, before they are joined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors.customers import consents_of

_TEXTS: Final = ("name", "phone", "email", "language")
_LEAP: Final = 2028  # so that 29 February is a day


@dataclass(frozen=True, slots=True)
class Side:
    """One record, or what both would be. consents: purposes agreed to now. birthday: of a year that says
    nothing.
    """

    name: str
    phone: str
    email: str
    language: str
    birthday: date | None
    do_not_contact: bool
    consents: tuple[str, ...]
    numbers: int
    purchases: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Both records and what is kept. lost: values of the other record that would be gone, by field."""

    kept: Side
    other: Side
    result: Side
    lost: tuple[str, ...]


def preview_of(*, kept: Customer, other: Customer) -> Preview:
    """As `merge_customers` would join them; a consent withdrawn on one after it was given on the other is not
    among those kept.
    """
    first, second = _side(kept), _side(other)
    texts = {name: getattr(first, name) or getattr(second, name) for name in _TEXTS}
    agreed = dict.fromkeys((*first.consents, *second.consents))
    result = Side(
        **texts,
        birthday=first.birthday or second.birthday,
        do_not_contact=first.do_not_contact or second.do_not_contact,
        consents=tuple(purpose for purpose in agreed if _stands(purpose, kept, other)),
        numbers=first.numbers + second.numbers,
        purchases=first.purchases + second.purchases,
    )
    lost = tuple(
        name
        for name in (*_TEXTS[:3], "birthday")
        if getattr(second, name) and getattr(second, name) != getattr(result, name)
    )
    return Preview(first, second, result, lost)


def _stands(purpose: str, *records: Customer) -> bool:
    """Whether no later withdrawal, on either record, takes it back: the first consent kept decides."""
    given = [
        one for record in records for one in record.consents.filter(purpose=purpose, withdrawn_at=None)[:1]
    ][:1]
    return bool(given) and not any(
        record.consents.filter(purpose=purpose, withdrawn_at__gte=given[0].given_at).exists()
        for record in records
    )


def _side(one: Customer) -> Side:
    birthday = (
        date(_LEAP, one.birthday_month, one.birthday_day) if one.birthday_month and one.birthday_day else None
    )
    return Side(
        one.name,
        one.phone,
        one.email,
        one.language,
        birthday,
        one.do_not_contact,
        tuple(sorted(consents_of(one))),
        one.numbers.count(),
        one.purchases.count(),
    )
