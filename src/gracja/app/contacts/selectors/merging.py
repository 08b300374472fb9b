"""What two records of one customer would become, before they are joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from gracja.app.contacts.models import Consent, Customer

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
    given = [list(one.consents.order_by("-given_at")) for one in (kept, other)]
    first, second = _side(kept, given[0]), _side(other, given[1])
    texts = {name: getattr(first, name) or getattr(second, name) for name in _TEXTS}
    agreed = dict.fromkeys((*first.consents, *second.consents))
    result = Side(
        **texts,
        birthday=first.birthday or second.birthday,
        do_not_contact=first.do_not_contact or second.do_not_contact,
        consents=tuple(purpose for purpose in agreed if _stands(purpose, [*given[0], *given[1]])),
        numbers=first.numbers + second.numbers,
        purchases=first.purchases + second.purchases,
    )
    lost = tuple(
        name
        for name in (*_TEXTS[:3], "birthday")
        if getattr(second, name) and getattr(second, name) != getattr(result, name)
    )
    return Preview(first, second, result, lost)


def _stands(purpose: str, given: Sequence[Consent]) -> bool:
    """Whether no later withdrawal, on either record, takes it back: the first one in force is kept."""
    ours = [one for one in given if one.purpose == purpose]
    in_force = next(one for one in ours if one.withdrawn_at is None)
    return not any(one.withdrawn_at and one.withdrawn_at >= in_force.given_at for one in ours)


def _side(one: Customer, given: Sequence[Consent]) -> Side:
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
        tuple(sorted({each.purpose for each in given if each.withdrawn_at is None})),
        one.numbers.count(),
        one.purchases.count(),
    )
