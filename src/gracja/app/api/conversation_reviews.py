"""Conversations drawn for review: chance chooses them, evaluators mark them blind."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.http import Http404
from ninja import Field, Query, Router, Schema

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.shapes import Given, Moment, Page, Text, Uid, UidInPath
from gracja.app.api.visits import Cell, VisitWithMarksOut
from gracja.app.common.refused import Refused
from gracja.app.observations.selectors.drawn import drawn_review_for, drawn_reviews_of, marking_at
from gracja.app.observations.selectors.planned import editions_to_plan
from gracja.app.observations.services.drawn import call_off_review, give_review, make_review
from gracja.app.observations.services.lot import MOST, draw_reviews

if TYPE_CHECKING:
    from gracja.app.observations.models import DrawnReview

router = Router()


class ConversationReviewOut(Schema):
    """One that is to be made, was made, or was called off."""

    uid: Uid
    contact: str = Field(description="The conversation.")
    edition: str = Field(description="Such as `salon@3`.")
    place: Uid
    employee: Uid | None
    occurred_at: Moment
    channel: str
    evaluator: Uid | None = Field(description="Who is to make it; null: nobody could be found.")
    inclusion: float = Field(description="The chance with which it was drawn.")
    drawn_at: Moment
    made: Uid | None = Field(description="The visit with its marks.")
    called_off_at: Moment | None

    @staticmethod
    def resolve_edition(review: DrawnReview) -> str:
        return review.edition.name

    @staticmethod
    def resolve_place(review: DrawnReview) -> str:
        return review.place.uid

    @staticmethod
    def resolve_employee(review: DrawnReview) -> str | None:
        return review.employee.uid if review.employee else None

    @staticmethod
    def resolve_evaluator(review: DrawnReview) -> str | None:
        return review.evaluator.uid if review.evaluator else None

    @staticmethod
    def resolve_made(review: DrawnReview) -> str | None:
        return review.made.uid if review.made else None


class DrawGiven(Given):
    """A draw of conversations for review."""

    edition: Uid = Field(description="That marked them automatically, and by which people mark them.")
    period_start: date
    period_end: date = Field(description="Included, as the first day; UTC.")
    contacts: int = Field(description="How many conversations.", ge=1, le=MOST)
    per_employee: int = Field(
        0, description="Of each employee at least, or all that there are.", ge=0, le=MOST
    )


class DrawOut(Schema):
    """What was drawn."""

    drawn: list[Uid] = Field(description="Reviews to be made.")
    population: int = Field(description="Conversations that the lot was over.")
    nowhere: int = Field(description="How many more belong to no place of the company, and were left out.")
    given_to_nobody: int = Field(description="For how many nobody could be found.")


class GiveGiven(Given):
    """Who is to make it."""

    evaluator: Uid = Field(description="Who may mark visits and read conversations at its place.")


class MarksGiven(Given):
    """What the evaluator saw."""

    marks: dict[Text, Cell] = Field(
        min_length=1, max_length=500, description="Standard -> what was seen, as in `POST /visits`."
    )


class Asked(Paging):
    show: Literal["to_come", "over"] = "to_come"


@reads(router, "/conversation-reviews", scope="visit.import", response=Page[ConversationReviewOut])
def list_conversation_reviews(request: Called, asked: Query[Asked]) -> Any:
    """Those that the token’s person is to make, and with the scope `visit.plan` those at their places; the
    latest drawn first.
    """
    found = drawn_reviews_of(by=request.auth, over=asked.show == "over")
    return page_of_rows(found, asked, newest_first=True)


@writes(router, "POST", "/conversation-reviews", scope="visit.plan", response={201: DrawOut}, also=(404,))
def draw_conversation_reviews(request: Called, given: DrawGiven) -> Any:
    """Draw conversations by a lot over all that the edition marked in these days, and give them to
    evaluators; for those who order visits in the whole company.
    """
    edition = editions_to_plan(by=request.auth).filter(uid=given.edition).first()
    if edition is None:
        raise Http404
    lot = draw_reviews(
        by=request.auth,
        edition=edition,
        first=given.period_start,
        last=given.period_end,
        budget=given.contacts,
        per_employee=given.per_employee,
    )
    return {
        "drawn": [one.uid for one in lot.reviews],
        "population": lot.population,
        "nowhere": lot.nowhere,
        "given_to_nobody": lot.given_to_nobody,
    }


@writes(
    router,
    "POST",
    "/conversation-reviews/{uid}/giving",
    scope="visit.plan",
    response=ConversationReviewOut,
)
def give_conversation_review(request: Called, uid: UidInPath, given: GiveGiven) -> Any:
    """Give one that is still to be made to somebody else."""
    review = _review(request, uid)
    evaluator = marking_at(review.place).filter(uid=given.evaluator).first()
    if evaluator is None:
        raise Refused("conversation_review_reader")
    give_review(by=request.auth, review=review, evaluator=evaluator)
    return _review(request, uid)


@writes(
    router,
    "POST",
    "/conversation-reviews/{uid}/calling-off",
    scope="visit.plan",
    response=ConversationReviewOut,
)
def call_off_conversation_review(request: Called, uid: UidInPath) -> Any:
    """It is not to be made any more. Again changes nothing."""
    call_off_review(by=request.auth, review=_review(request, uid))
    return _review(request, uid)


@writes(
    router,
    "POST",
    "/conversation-reviews/{uid}/marks",
    scope="visit.import",
    response={201: VisitWithMarksOut},
)
def make_conversation_review(request: Called, uid: UidInPath, given: MarksGiven) -> Any:
    """Hand in the marks, as whoever is to make it. The same again changes nothing, others are refused."""
    return make_review(by=request.auth, review=_review(request, uid), marks=given.marks)


def _review(request: Called, uid: str) -> DrawnReview:
    found = drawn_review_for(by=request.auth, uid=uid)
    if found is None:
        raise Http404
    return found
