"""Second reviews as somebody may see them, and the marks of one contact side by side.

Who is to make one sees it; so does who orders visits at its place, unless they are the one who served.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from gracja.app.common.models import AuditEntry
from gracja.app.common.spreadsheet import write_sheet
from gracja.app.contacts.selectors.talk import Turn, talk_of
from gracja.app.observations.models import DrawnReview, Mark, SecondReview, SecondReviewShare, Visit
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
    """Whom `by` may ask for a second review of this visit: never themself, who may have seen its marks."""
    if not may(by, "visit.plan", place=visit.place) or visit.employee_id == by.person_id:
        return []
    return _able(by, visit)


def reviewers_for(*, by: User, review: SecondReview) -> list[Person]:
    """Whom `by` may give it to instead."""
    if not may(by, "visit.plan", place=review.visit.place) or review.made_id or review.called_off_at:
        return []
    return [one for one in _able(by, review.visit) if one.pk != review.evaluator_id]


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


def standards_to_mark(review: SecondReview | DrawnReview) -> list[tuple[Part, list[Standard]]]:
    """In the order of the sequence, those of the contact's channel."""
    visit = review if isinstance(review, DrawnReview) else review.visit
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
        """What everybody said who could see it."""
        marks = [one.mark for _, one in self.columns]
        return [(mark.status, mark.value) for mark in marks if mark and mark.status != "not_seen"]

    @property
    def differ(self) -> bool:
        """That it did not apply differs from a mark; that somebody could not see it differs from nothing."""
        return len(set(self._said)) > 1

    @property
    def judged(self) -> bool:
        """Whether all of them could say how far it was met."""
        return self._marked == len(self.columns)

    @property
    def by_one(self) -> bool:
        """Whether one marked it and nobody else could see it."""
        return self._marked == len(self._said) == 1

    @property
    def _marked(self) -> int:
        return sum(status == "marked" for status, _ in self._said)


@dataclass(frozen=True)
class Reviews:
    """All visits of one contact, the first evaluator's first. asked: each second one was asked for or drawn,
    so that the first marks were hidden from its evaluator while it was theirs to make. apart: nobody can have
    seen another's marks here before giving their own; elsewhere that is not known. judged: standards that all
    of them marked; alike: of those, how many all marked alike.
    """

    asked: bool
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
        """Standards that one of them marked and nobody else could see."""
        return sum(row.by_one for _, rows in self.parts for row in rows)


def reviews_beside(*, by: User, uid: str) -> Reviews | None:
    """All marks of the contact of this visit; None where `by` may not see them, or there is one visit."""
    found = readable_visits(by).select_related("place", "employee", "evaluator", "edition")
    named = found.filter(uid=uid).first()
    if named is None:
        return None
    first = named.second_to_id or named.pk
    visits = list(found.filter(Q(pk=first) | Q(second_to=first)).order_by("-second_to", "pk"))
    visits.sort(key=lambda one: one.second_to_id is not None)
    if len(visits) < 2 or visits[0].pk != first:
        return None
    marks: dict[int, dict[str, Mark]] = {visit.pk: {} for visit in visits}
    for mark in Mark.objects.filter(visit__in=visits):
        marks[mark.visit_id][mark.standard] = mark
    columns = [(visit, rows_of(visits[0], marks[visit.pk])) for visit in visits]
    reviews = list(SecondReview.objects.filter(made__in=visits).select_related("made"))
    asked = len(reviews) == len(visits) - 1
    parts = []
    for at, (part, rows) in enumerate(columns[0][1]):
        beside = [
            Beside(row.standard, [(visit, column[at][1][number]) for visit, column in columns])
            for number, row in enumerate(rows)
        ]
        parts.append((part, beside))
    return Reviews(asked, asked and _apart(reviews), visits, parts)


def have_marked(first: Visit) -> set[int]:
    """Who gave marks of the contact of this first visit, or put them in."""
    visits = [first, *first.others.all()]
    people = {pk for visit in visits for pk in (visit.evaluator_id, visit.recorded_by_id)}
    return {pk for pk in people if pk is not None}


def _apart(reviews: Sequence[SecondReview]) -> bool:
    """Whether the first marks were hidden from each second evaluator from the moment they were there: chance
    chose them as the marks came in, nobody gave the review on, and they put their marks in themselves.
    """
    given = AuditEntry.objects.filter(
        action="second_review.give",
        subject_kind="second_review",
        subject_key__in=[one.uid for one in reviews],
    )
    drawn = all(
        one.chance is not None and one.made is not None and one.made.recorded_by_id == one.evaluator_id
        for one in reviews
    )
    return drawn and not given.exists()


def _able(by: User, visit: Visit) -> list[Person]:
    others = evaluators_at(visit.place).exclude(pk__in={*have_marked(visit), by.person_id})
    return [one for one in others.order_by("name") if one.pk != visit.employee_id]


def _seen(by: User) -> QuerySet[SecondReview]:
    theirs = Q(evaluator=by.person_id)
    if may_somewhere(by, "visit.plan"):
        ordered = Q(visit__place__in=Place.objects.filter(places_where(by, "visit.plan")))
        theirs |= ordered & ~Q(Exists(Visit.objects.filter(pk=OuterRef("visit"), employee=by.person_id)))
    return SecondReview.objects.filter(theirs)
