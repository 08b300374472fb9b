"""Second reviews as somebody may see them, and the marks of one contact side by side.

Who is to make one sees it; so does who orders visits at its place, unless they are the one who served.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from gracja.app.common.spreadsheet import write_sheet
from gracja.app.contacts.selectors.talk import Turn, talk_of
from gracja.app.observations.models import Mark, SecondReview, SecondReviewShare, Visit
from gracja.app.observations.selectors.imports import HEADINGS
from gracja.app.observations.selectors.planned import NUMBER, evaluators_at
from gracja.app.observations.selectors.visits import Marked, readable_visits, rows_of
from gracja.app.organisation.access import may, may_somewhere, places_where
from gracja.app.organisation.models import Person, Place, User
from gracja.app.standards.selectors.reading import document_of
from gracja.engine.conversations.rating_sheet import Marking, marking_of
from gracja.engine.edition.model import Part, ScaleMeasure, Standard
from gracja.engine.edition.texts import in_language

_OPEN: Final = Q(made=None, called_off_at=None)


def second_reviews_of(*, by: User, over: bool = False) -> QuerySet[SecondReview]:
    """Those still to be made, the first asked for first; or those that are over, the latest first."""
    rows = _seen(by).select_related(
        "visit__place", "visit__edition", "visit__employee", "evaluator", "asked_by", "made"
    )
    return rows.exclude(_OPEN).order_by("-asked_at", "-pk") if over else rows.filter(_OPEN)


def second_review_for(*, by: User, uid: str) -> SecondReview | None:
    """One of them; None where there is none that `by` may see."""
    found = _seen(by).select_related("visit__place", "visit__edition", "visit__employee", "evaluator")
    return found.filter(uid=uid).first()


def second_review_of(*, by: User, visit: Visit) -> SecondReview | None:
    """What is asked for of the contact of this visit, or was made; None where nothing is, or it is hidden."""
    first = visit.second_to_id or visit.pk
    return _seen(by).select_related("evaluator").filter(visit=first, called_off_at=None).first()


def reviewers_of(*, by: User, visit: Visit) -> list[Person]:
    """Whom `by` may ask for a second review of this visit; nobody where it has one."""
    if not may(by, "visit.plan", place=visit.place) or visit.employee_id == by.person_id:
        return []
    return _able(visit)


def reviewers_for(*, by: User, review: SecondReview) -> list[Person]:
    """Whom `by` may give it to instead."""
    if not may(by, "visit.plan", place=review.visit.place) or review.made_id or review.called_off_at:
        return []
    return [one for one in _able(review.visit) if one.pk != review.evaluator_id]


def share_drawn() -> float:
    """The share of reviews that is drawn for a second one; 0: none."""
    held = SecondReviewShare.objects.first()
    return held.share if held else 0.0


def words_to_review(*, by: User, review: SecondReview) -> list[Turn]:
    """What was said, without a mark; empty where no conversation is kept, or `by` may not read it."""
    talk = talk_of(by=by, contact=review.visit.contact) if may_somewhere(by, "conversation.read") else None
    return talk.turns if talk is not None and not talk.own else []


def marking_in(standard: Standard) -> tuple[Marking, Sequence[Any]]:
    """How a standard is marked, and the words of its steps, if it has a scale."""
    measure = standard.measure
    return marking_of(standard), measure.scale if isinstance(measure, ScaleMeasure) else ()


def standards_to_mark(review: SecondReview) -> list[tuple[Part, list[Standard]]]:
    """In the order of the sequence, those of the contact's channel."""
    visit = review.visit
    return [(part, [row.standard for row in rows]) for part, rows in rows_of(visit, {})]


def sheet_to_review(review: SecondReview, language: str) -> bytes:
    """Its spreadsheet to fill in: which contact it was, and whose marks these will be, stands there."""
    visit = review.visit
    local = visit.occurred_at.astimezone(ZoneInfo(visit.place.zone))
    standards = [in_language(one.behaviour, language) for _, _, one in document_of(visit.edition).standards()]
    known = (
        visit.contact,
        local.isoformat(),
        "",
        visit.place.name,
        visit.employee.name if visit.employee else "",
        review.evaluator.name if review.evaluator else "",
        visit.channel,
        "",
    )
    return write_sheet(
        [[NUMBER[language], *HEADINGS[language], *standards], [*known, *[""] * len(standards)]]
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """One standard as it was marked in each visit."""

    standard: Standard
    columns: list[tuple[Visit, Marked]]

    @property
    def _said(self) -> list[tuple[str, float | None]]:
        marks = [one.mark for _, one in self.columns]
        return [(mark.status, mark.value) if mark else ("not_seen", None) for mark in marks]

    @property
    def differ(self) -> bool:
        return len(set(self._said)) > 1

    @property
    def judged(self) -> bool:
        """Whether all of them could say how far it was met."""
        return all(status == "marked" for status, _ in self._said)


@dataclass(frozen=True)
class Reviews:
    """All visits of one contact, the first evaluator's first. apart: nobody saw another's marks before; where
    marks came in a file unasked, that is not known. judged: standards that all of them marked; alike: of
    those, how many all marked alike.
    """

    apart: bool
    visits: list[Visit]
    parts: list[tuple[Part, list[Beside]]]

    @property
    def judged(self) -> int:
        return sum(row.judged for _, rows in self.parts for row in rows)

    @property
    def alike(self) -> int:
        return sum(row.judged and not row.differ for _, rows in self.parts for row in rows)

    @property
    def by_one(self) -> int:
        """Standards that some of them marked and others could not."""
        return sum(row.differ and not row.judged for _, rows in self.parts for row in rows)


def reviews_beside(*, by: User, uid: str) -> Reviews | None:
    """All marks of the contact of this visit; None where `by` may not see them, or there is one visit."""
    found = readable_visits(by).select_related("place", "employee", "evaluator", "edition")
    asked = found.filter(uid=uid).first()
    if asked is None:
        return None
    first = asked.second_to_id or asked.pk
    visits = list(found.filter(Q(pk=first) | Q(second_to=first)).order_by("-second_to", "pk"))
    visits.sort(key=lambda one: one.second_to_id is not None)
    if len(visits) < 2 or visits[0].pk != first:
        return None
    marks: dict[int, dict[str, Mark]] = {visit.pk: {} for visit in visits}
    for mark in Mark.objects.filter(visit__in=visits):
        marks[mark.visit_id][mark.standard] = mark
    columns = [(visit, rows_of(visits[0], marks[visit.pk])) for visit in visits]
    apart = SecondReview.objects.filter(made__in=visits).count() == len(visits) - 1
    parts = []
    for at, (part, rows) in enumerate(columns[0][1]):
        beside = [
            Beside(row.standard, [(visit, column[at][1][number]) for visit, column in columns])
            for number, row in enumerate(rows)
        ]
        parts.append((part, beside))
    return Reviews(apart, visits, parts)


def _able(visit: Visit) -> list[Person]:
    seen_by = [pk for pk in (visit.evaluator_id, visit.recorded_by_id, visit.employee_id) if pk is not None]
    return list(evaluators_at(visit.place).exclude(pk__in=seen_by).order_by("name"))


def _seen(by: User) -> QuerySet[SecondReview]:
    theirs = Q(evaluator=by.person_id)
    if may_somewhere(by, "visit.plan"):
        ordered = Q(visit__place__in=Place.objects.filter(places_where(by, "visit.plan")))
        theirs |= ordered & ~Q(Exists(Visit.objects.filter(pk=OuterRef("visit"), employee=by.person_id)))
    return SecondReview.objects.filter(theirs)
