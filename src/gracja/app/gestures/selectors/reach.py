"""For how many customers terms would be met today, before anybody keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Coalesce, TruncDate

from gracja.app.common.clock import now
from gracja.app.contacts.models import Consent, Customer, Purchase
from gracja.app.contacts.selectors.value import worths_now
from gracja.app.gestures.club.models import Member
from gracja.app.gestures.selectors.facts import TOLD, is_birthday
from gracja.app.gestures.terms import TermsDocument
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.company import company_zone
from gracja.engine.gesture.facts import WEEKDAYS
from gracja.engine.gesture.policy import AllOf, AnyOf, Condition, Conditions, NotThis, eligible, names_in

LOOKED_AT: Final = 10_000  # customers at most; of more, as many by lot: their keys are random
EXAMPLES: Final = 3
_AT_ONCE: Final = 5000
OF_THE_CONTACT: Final = (*TOLD, "place")  # what is known only when the customer is there


@dataclass(frozen=True, slots=True)
class Example:
    """A customer to whom the gesture would be open; by the beginning of the key, never by name."""

    key: str
    visits: int | None
    days_since: int | None


@dataclass(frozen=True, slots=True)
class Reach:
    """open: of the customers looked at, those to whom the gesture would be open; unknown: those of whom
    something that is asked is not known. sampled: only a part was looked at. contact: the conditions that
    only the contact itself can meet, left out here.
    """

    open: int
    unknown: int
    looked_at: int
    sampled: bool
    examples: tuple[Example, ...]
    contact: tuple[Condition, ...]


def reach_today(*, by: User, terms: TermsDocument) -> Reach:
    """Who would be eligible today, by the conditions that are about the customer.

    Raises Refused: not_permitted.
    """
    require(by, "gesture.manage")
    at = now()
    there = Customer.objects.filter(merged_into=None, erased_at=None).order_by("key")
    everybody = there.count()
    asked = about_customer(terms.conditions) if terms.conditions else None
    met, unknown, examples = 0, 0, list[Example]()
    rows = list(there.values_list("pk", "key", "birthday_month", "birthday_day")[:LOOKED_AT])
    for facts, key in _facts(rows, terms, at):
        decision = eligible(facts, asked) if asked else None
        if decision is None or decision.met:
            met += 1
            if len(examples) < EXAMPLES:
                examples.append(
                    Example(key[:6], facts.get("earlier_visits"), facts.get("days_since_last_visit"))
                )
        elif decision.unknown and not decision.failed:
            unknown += 1
    contact = tuple(_of_the_contact(terms.conditions)) if terms.conditions else ()
    return Reach(met, unknown, len(rows), len(rows) < everybody, tuple(examples), contact)


def about_customer(node: Conditions, *, wanted: bool = True) -> Conditions | None:
    """The conditions without those of the contact, which are taken as they would have to be; None: nothing
    is left to ask.
    """
    if isinstance(node, Condition):
        return None if node.field in OF_THE_CONTACT else node
    if isinstance(node, NotThis):
        inner = about_customer(node.not_, wanted=not wanted)
        return None if inner is None else NotThis.model_validate({"not": inner})
    below = node.all if isinstance(node, AllOf) else node.any
    left = [about_customer(one, wanted=wanted) for one in below]
    kept = [one for one in left if one is not None]
    if not kept or (isinstance(node, AnyOf) == wanted and len(kept) < len(left)):
        return None  # one of several is enough, and the contact can be that one
    return AllOf(all=kept) if isinstance(node, AllOf) else AnyOf(any=kept)


def _of_the_contact(node: Conditions) -> Iterator[Condition]:
    if isinstance(node, Condition):
        if node.field in OF_THE_CONTACT:
            yield node
    elif isinstance(node, NotThis):
        yield from (one.opposite() for one in _of_the_contact(node.not_))
    else:
        for one in node.all if isinstance(node, AllOf) else node.any:
            yield from _of_the_contact(one)


def _facts(
    rows: list[tuple[int, str, int | None, int | None]], terms: TermsDocument, at: datetime
) -> Iterator[tuple[dict[str, Any], str]]:
    """What selectors/facts.py says of each, for all of them in a few queries."""
    here = at.astimezone(company_zone())
    same = {"kind": terms.kind, "weekday": WEEKDAYS[here.weekday()]}
    bought = _purchases([row[0] for row in rows], terms.currency, here)
    members = set(
        Consent.objects.filter(purpose="club", withdrawn_at=None).values_list("customer_id", flat=True)
    )
    unused = set(
        Member.objects.filter(left_at=None, birthday_agreed_at=None).values_list(
            Coalesce("customer__merged_into", "customer"), flat=True
        )
    )
    worths = (
        worths_now([row[0] for row in rows], terms.currency)
        if terms.conditions and "customer_value_minor" in names_in(terms.conditions)
        else {}
    )
    for pk, key, month, day in rows:
        facts: dict[str, Any] = same | {"club_member": pk in members}
        if month and day and pk not in unused:
            facts["birthday"] = is_birthday(here.date(), month, day)
        if pk in worths:
            facts["customer_value_minor"] = worths[pk]
        if pk in bought:
            visits, last, total = bought[pk]
            facts |= {
                "earlier_visits": visits,
                "days_since_last_visit": (here.date() - last.astimezone(here.tzinfo).date()).days,
                "purchases_total_minor": total,
            }
        yield facts, key


def _purchases(pks: Iterable[int], currency: str, here: datetime) -> dict[int, tuple[int, datetime, int]]:
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    found: dict[int, tuple[int, datetime, int]] = {}
    every = list(pks)
    for start in range(0, len(every), _AT_ONCE):  # a database takes only so many values at once
        rows = (
            Purchase.objects.filter(customer__in=every[start : start + _AT_ONCE], at__lt=midnight)
            .filter(amount_minor__gt=F("refunded_minor"))
            .values_list("customer")
            .annotate(
                visits=Count(TruncDate("at", tzinfo=here.tzinfo), distinct=True),
                last=Max("at"),
                total=Sum(F("amount_minor") - F("refunded_minor"), filter=Q(currency=currency), default=0),
            )
        )
        found |= {pk: (visits, last, total) for pk, visits, last, total in rows}
    return found
