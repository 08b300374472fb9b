"""Conversations drawn for people to mark: by a lot over all that an edition marked in a period, with a chance
that is known for each, so that people's marks and the detector's can be measured together (docs/adr/0016).
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from django.db import IntegrityError, transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors.scored import Scored, Talked, scored_conversations, talked
from gracja.app.observations.models import DrawnReview, Visit
from gracja.app.observations.selectors.drawn import able_at, to_do_of
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Person, Place, User
from gracja.app.organisation.selectors.notices import measured_from
from gracja.app.standards.models import Edition
from gracja.app.standards.selectors.reading import document_of
from gracja.engine.errors import EngineInputError

if TYPE_CHECKING:
    import polars as pl

    from gracja.engine.edition.model import Edition as Document

MOST: Final = 1000
LONGEST: Final = 120  # signs of a visit's name: a conversation with a longer one can be no visit
_ATTEMPTS: Final = 3
_OF_ENGINE: Final = {
    "sample_budget_too_large": "conversation_review_few",
    "sample_per_employee_too_many": "conversation_review_least",
}


@dataclass(frozen=True)
class Lot:
    """population: conversations that the lot was cast over: those that nobody reviewed yet. nowhere: how
    many more belong to no place of ours, and can be given to nobody.
    """

    reviews: list[DrawnReview]
    population: int
    nowhere: int

    @property
    def given_to_nobody(self) -> int:
        return sum(one.evaluator_id is None for one in self.reviews)


def draw_reviews(
    *, by: User, edition: Edition, first: date, last: date, budget: int, per_employee: int = 0
) -> Lot:
    """Draw so many conversations of these days (UTC, both included) and give each to an evaluator; of each
    employee at least `per_employee`, or all that there are. Days before staff were told are left out.

    What was reviewed, or is to be, is not drawn over: each of the others has the same chance, of one employee
    the same, whatever was drawn before.

    Raises Refused: not_permitted; period_backwards; conversation_review_range (most): too few or too many at
    once; conversation_review_nothing: nothing that can be drawn; conversation_review_few (contacts: how many
    are left); conversation_review_least (needed): the budget is too small for so many of each employee;
    conversation_review_nobody: nobody may mark and read any of them.
    """
    require(by, "visit.plan")
    if not 1 <= budget <= MOST or per_employee < 0:
        raise Refused("conversation_review_range", most=MOST)
    told = [day for source in ("automatic", "visit") if (day := measured_from(source))]
    first = max([first, *told])
    if first > last:
        raise Refused("period_backwards", first=first.isoformat(), last=last.isoformat())
    asked = _Asked(edition, first, last, budget, per_employee)
    scored = scored_conversations(edition, first, last)
    for left in reversed(range(_ATTEMPTS)):
        try:
            return _draw(by, asked, scored)
        except IntegrityError:  # somebody drew the same conversation in this moment
            if not left:
                raise
    raise AssertionError


@dataclass(frozen=True, slots=True)
class _Asked:
    edition: Edition
    first: date
    last: date
    budget: int
    per_employee: int


def _draw(by: User, asked: _Asked, scored: Scored) -> Lot:
    seed = secrets.randbits(32)
    rows, population = _chosen(asked, scored, seed)
    given = _given(by, rows)
    if not any(evaluator for _, _, evaluator in given):
        raise Refused("conversation_review_nobody")
    people = {one.key: one for one in Person.objects.filter(key__in={row["employee"] for row in rows})}
    places = {one.uid: one for one in Place.objects.filter(uid__in={row["place"] for row in rows})}
    made = [
        DrawnReview(
            contact=row["contact"],
            edition=asked.edition,
            place=places[row["place"]],
            employee=people.get(row["employee"]),
            occurred_at=row["occurred_at"],
            channel=said.channel,
            evaluator=evaluator,
            stratum=row["stratum"],
            inclusion=row["inclusion"],
            drawn_by=by.person,
        )
        for row, said, evaluator in given
    ]
    after = {
        "edition": asked.edition.name,
        "from": asked.first.isoformat(),
        "to": asked.last.isoformat(),
        "budget": asked.budget,
        "per_employee": asked.per_employee,
        "population": population,
        "design": rows[0]["design"],
        "seed": seed,
    }
    with transaction.atomic():  # from here on only: on SQLite it keeps every other writer out
        reviews = DrawnReview.objects.bulk_create(made)
        audit.record("conversation_review.draw", by=by, subject=("conversation_review", ""), after=after)
    return Lot(reviews, population, scored.nowhere)


def _chosen(asked: _Asked, scored: Scored, seed: int) -> tuple[list[dict[str, Any]], int]:
    """Rows of the ledger that are to be asked of people, in the lot's own order; and how many it was over."""
    from gracja.engine.sampling import Budget, choose  # noqa: PLC0415  (pages load without it)

    document = document_of(asked.edition)
    had = set(Visit.objects.filter(second_to=None).values_list("contact", flat=True))
    had |= set(DrawnReview.objects.filter(called_off_at=None).values_list("contact", flat=True))
    name = scored.contacts["contact"]
    contacts = scored.contacts.filter((name.str.len_chars() <= LONGEST) & ~name.is_in(list(had)))
    if contacts.is_empty():
        raise Refused("conversation_review_nothing")
    try:
        choice = choose(
            _as_observations(contacts, document),
            document,
            Budget(asked.budget, random=1.0, exceptional=0.0, per_employee=asked.per_employee),
            seed=seed,
            drawn_at=now(),
        )
    except EngineInputError as error:
        if error.code in _OF_ENGINE:
            raise Refused(_OF_ENGINE[error.code], **error.facts) from None
        raise
    rows = sorted(choice.ledger.to_pylist(), key=lambda row: row["number"])
    return rows, contacts.height


def _as_observations(contacts: pl.DataFrame, document: Document) -> pa.Table:
    """One row a conversation, that says nothing of how it went: the lot is over all alike."""
    table = contacts.to_arrow()
    standard = next(one.standard for _, _, one in document.standards())
    rows = table.num_rows
    said = {"standard": standard, "edition": document.name, "source": "automatic"}
    for name, value in said.items():
        table = table.append_column(name, pa.repeat(value, rows))
    table = table.append_column("status", pa.nulls(rows, pa.string()))
    for name in ("value", "probability"):
        table = table.append_column(name, pa.nulls(rows, pa.float32()))
    return table


def _given(by: User, rows: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], Talked, Person | None]]:
    """To whom each is given: to whoever has the fewest to do, never to who draws or took part in it; None
    where nobody is left, and a manager finds somebody.
    """
    said = talked((row["contact"], row["occurred_at"]) for row in rows)
    able = {one.uid: able_at(one) for one in Place.objects.filter(uid__in={row["place"] for row in rows})}
    everybody = list({one.pk: one for some in able.values() for one in some}.values())
    busy = Counter(to_do_of(everybody))
    given = []
    for row in rows:
        one = said.get(row["contact"])
        if one is None:  # erased from the archive between two looks
            continue
        people = [
            each for each in able[row["place"]] if each.pk != by.person_id and each.key not in one.people
        ]
        chosen = min(people, key=lambda each: (busy[each.pk], _tie(row["contact"], each)), default=None)
        if chosen is not None:
            busy[chosen.pk] += 1
        given.append((row, one, chosen))
    return given


def _tie(contact: str, person: Person) -> bytes:
    """Of several with as few to do nobody is the first each time."""
    return hashlib.sha256(f"{contact}|{person.key}".encode()).digest()
