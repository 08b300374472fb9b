"""Questions that gestures raise, for those who may read who gave what. Never a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from gracja.app.common.clock import now
from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.models import Customer, CustomerNumber
from gracja.app.contacts.selectors.names import names
from gracja.app.gestures.models import Gesture
from gracja.app.gestures.recovery.models import COMPLAINT, Case
from gracja.app.gestures.selectors.reading import places_read, require_reading
from gracja.app.gestures.selectors.splitting import split_gestures
from gracja.app.organisation.models import Person, Place, User
from gracja.engine.gesture.questions import GRANTS, SERVED, Question, questions

DAYS: Final = 90
_COLUMNS: Final = ["employee", "customer", "place", "started_at"]
_KEY: Final = 6  # signs of a customer's key that are shown


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with names in place of keys. customer: the uid of the record that it is about, if any."""

    question: Question
    customer: str


@dataclass(frozen=True, slots=True)
class Fairness:
    """since: the first moment of the period. grants: gestures looked at; contacts: those known with both
    employee and customer, without which only some questions can be asked.
    """

    since: datetime
    grants: int
    contacts: int
    asked: tuple[Asked, ...]


def fairness(*, by: User) -> Fairness:
    """What the last 90 days ask, at the places where `by` may read gestures, most striking first.

    How a gesture came to somebody never served is asked only of employees of whom contacts with known
    customers are recorded: of others nothing is known. Raises Refused: not_permitted.
    """
    require_reading(by)
    since = now() - timedelta(days=DAYS)
    places = dict(Place.objects.filter(places_read(by)).values_list("uid", "name"))
    grants = _grants(since, places)
    served = [*_conversations(since, places), *_complaints(since, places)]
    found = questions(pa.Table.from_pylist(grants, GRANTS), pa.Table.from_pylist(served, SERVED))
    recorded = Counter(row["employee"] for row in served if not row["complained"])
    kept = [one for one in found if one.code != "never_served" or recorded[one.facts["employee"]]]
    kept = sorted([*kept, *split_gestures(since, places)], key=lambda one: one.chance or 0.0)
    return Fairness(since, len(grants), len(served), tuple(named(kept, places)))


def _grants(since: datetime, places: dict[str, str]) -> list[dict[str, Any]]:
    """Gestures of the period that were not taken back, of people and places that are known."""
    rows = (
        Gesture.objects.filter(made_at__gte=since)
        .exclude(state__in=("released", "expired"))
        .exclude(given_by=None)
        .values_list(
            "given_by__key", "customer_key", "place__uid", "terms__policy__kind", "cost_minor", "made_at"
        )
    )
    heads = GRANTS.names
    return [dict(zip(heads, row, strict=True)) for row in rows if row[2] in places]


def _conversations(since: datetime, places: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Contacts in the archive whose employee, customer and place are ours."""
    archive = archive_if_there()
    if archive is None:
        return
    known = names()
    with archive.shared():
        stored = archive.conversation_files()
        months = {file.month for file in stored.files()}
        for file in stored.files(sorted(one for one in months if one >= f"{since:%Y-%m}")):
            for table in stored.read(file, _COLUMNS):
                recent = table.filter(pc.greater_equal(table["started_at"], pa.scalar(since)))
                rows = recent.filter(pc.is_valid(recent["customer"])).to_pylist()
                customers = _customers({row["customer"] for row in rows})
                for row in rows:
                    employee, place = known.people.get(row["employee"]), known.places.get(row["place"])
                    if employee and place in places and row["customer"] in customers:
                        yield {
                            "employee": employee,
                            "customer": customers[row["customer"]],
                            "place": place,
                            "complained": False,
                            "at": row["started_at"],
                        }


def _customers(called: set[str]) -> dict[str, str]:
    """What another system calls a customer -> our key."""
    found: dict[str, str] = {}
    every = sorted(called)
    for start in range(0, len(every), 500):
        rows = CustomerNumber.objects.filter(value__in=every[start : start + 500])
        found |= dict(rows.values_list("value", "customer__key"))
    return found


def _complaints(since: datetime, places: dict[str, str]) -> Iterator[dict[str, Any]]:
    """A complaint is a contact with whoever noted it."""
    rows = (
        Case.objects.filter(kind=COMPLAINT, noted_at__gte=since)
        .exclude(customer_key="")
        .exclude(noted_by=None)
        .values_list("noted_by__key", "customer_key", "place__uid", "noted_at")
    )
    for employee, customer, place, at in rows:
        if place in places:
            yield {
                "employee": employee, "customer": customer, "place": place, "complained": True, "at": at
            }  # fmt: skip


def named(found: Iterable[Question], places: Mapping[str, str]) -> Iterator[Asked]:
    """With names in place of keys."""
    found = list(found)
    keys = {one.facts.get("employee", "") for one in found}
    people = dict(Person.objects.filter(key__in=keys).values_list("key", "name"))
    customers = {one.facts.get("customer", "") for one in found}
    records = dict(Customer.objects.filter(key__in=customers).values_list("key", "uid"))
    for one in found:
        facts = dict(one.facts)
        customer = facts.get("customer", "")
        shown = {
            "employee": people.get(facts.get("employee", ""), "–"),
            "customer": f"{customer[:_KEY]}…",
            "place": places.get(facts.get("place", ""), "–"),
        }
        facts |= {name: value for name, value in shown.items() if name in facts}
        yield Asked(replace(one, facts=facts), records.get(customer, ""))
