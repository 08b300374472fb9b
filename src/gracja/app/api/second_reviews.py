"""Second reviews: a marked contact is marked once more by somebody who does not see the first marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django.http import Http404
from ninja import Field, Query, Router, Schema

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.shapes import Given, Moment, Page, Text, Uid, UidInPath
from gracja.app.api.visits import Cell, VisitWithMarksOut
from gracja.app.common.refused import Refused
from gracja.app.observations.selectors.planned import evaluators_at
from gracja.app.observations.selectors.second import second_review_for, second_reviews_of, share_drawn
from gracja.app.observations.selectors.visits import visit_of
from gracja.app.observations.services.drawing import set_share
from gracja.app.observations.services.second import (
    ask_second_review,
    call_off_second_review,
    give_second_review,
    make_second_review,
)
from gracja.app.organisation.access import may

if TYPE_CHECKING:
    from gracja.app.observations.models import SecondReview
    from gracja.app.organisation.models import Person, Place

router = Router()


class SecondReviewOut(Schema):
    """One that is to be made, was made, or was called off."""

    uid: Uid
    visit: Uid = Field(description="The first marks. Who is to review sees that visit once theirs are in.")
    contact: str
    place: Uid
    evaluator: Uid | None = Field(description="Who is to make it; null: nobody could be found.")
    asked_at: Moment
    chance: float | None = Field(description="With which it was drawn; null: somebody asked for it.")
    made: Uid | None = Field(description="The visit with the second marks.")
    called_off_at: Moment | None

    @staticmethod
    def resolve_visit(review: SecondReview) -> str:
        return review.visit.uid

    @staticmethod
    def resolve_contact(review: SecondReview) -> str:
        return review.visit.contact

    @staticmethod
    def resolve_place(review: SecondReview) -> str:
        return review.visit.place.uid

    @staticmethod
    def resolve_evaluator(review: SecondReview) -> str | None:
        return review.evaluator.uid if review.evaluator else None

    @staticmethod
    def resolve_made(review: SecondReview) -> str | None:
        return review.made.uid if review.made else None


class AskGiven(Given):
    """A second review to be made."""

    visit: Uid
    evaluator: Uid = Field(
        description="Somebody else who may put in visits of its place, and neither served nor marked it."
    )


class GiveGiven(Given):
    """Who is to make it."""

    evaluator: Uid


class MarksGiven(Given):
    """What the second evaluator saw."""

    blind: bool | None = Field(
        None, description="Whether it was marked without having seen the automatic mark of the same contact."
    )
    marks: dict[Text, Cell] = Field(
        min_length=1, max_length=500, description="Standard -> what was seen, as in `POST /visits`."
    )


class ShareShape(Given):
    """How many reviews are drawn for a second one."""

    share: float = Field(description="0 to 1; 0: none.", ge=0, le=1)


class Asked(Paging):
    show: Literal["to_come", "over"] = "to_come"


@reads(router, "/second-reviews", scope="visit.import", response=Page[SecondReviewOut])
def list_second_reviews(request: Called, asked: Query[Asked]) -> Any:
    """Those that the token’s person is to make, and with the scope `visit.plan` those at their places; the
    latest asked for first.
    """
    found = second_reviews_of(by=request.auth, over=asked.show == "over")
    return page_of_rows(found, asked, newest_first=True)


@writes(router, "POST", "/second-reviews", scope="visit.plan", response={201: SecondReviewOut}, also=(404,))
def ask_for(request: Called, given: AskGiven) -> Any:
    """Ask somebody to mark the contact of a visit once more."""
    shown = visit_of(by=request.auth, uid=given.visit)
    if shown is None:
        raise Http404
    evaluator = _evaluator(shown.visit.place, given.evaluator)
    return ask_second_review(by=request.auth, visit=shown.visit, evaluator=evaluator)


@writes(router, "POST", "/second-reviews/{uid}/giving", scope="visit.plan", response=SecondReviewOut)
def give_to(request: Called, uid: UidInPath, given: GiveGiven) -> Any:
    """Give one that is still to be made to somebody else."""
    review = _review(request, uid)
    evaluator = _evaluator(review.visit.place, given.evaluator)
    give_second_review(by=request.auth, review=review, evaluator=evaluator)
    return _review(request, uid)


@writes(router, "POST", "/second-reviews/{uid}/calling-off", scope="visit.plan", response=SecondReviewOut)
def call_off(request: Called, uid: UidInPath) -> Any:
    """It is not to be made any more. Again changes nothing."""
    call_off_second_review(by=request.auth, review=_review(request, uid))
    return _review(request, uid)


@writes(
    router,
    "POST",
    "/second-reviews/{uid}/marks",
    scope="visit.import",
    response={201: VisitWithMarksOut},
)
def make(request: Called, uid: UidInPath, given: MarksGiven) -> Any:
    """Hand in the second marks, as whoever is to make it. The same again changes nothing, others are refused:
    what was said before the first marks were seen stays.
    """
    return make_second_review(
        by=request.auth, review=_review(request, uid), marks=given.marks, blind=given.blind
    )


@reads(router, "/second-review-share", scope="visit.plan", response=ShareShape, also=(404,))
def get_share(request: Called) -> Any:
    """What share of reviews is drawn for a second one; for those who order visits in the whole company."""
    if not may(request.auth, "visit.plan"):
        raise Http404
    return {"share": share_drawn()}


@writes(router, "PUT", "/second-review-share", scope="visit.plan", response=ShareShape)
def put_share(request: Called, given: ShareShape) -> Any:
    """From now on, draw this share of reviews of calls, chats, messages and letters."""
    set_share(by=request.auth, share=given.share)
    return {"share": share_drawn()}


def _evaluator(place: Place, uid: str) -> Person:
    found = evaluators_at(place).filter(uid=uid).first()
    if found is None:
        raise Refused("evaluator_elsewhere")
    return found


def _review(request: Called, uid: str) -> SecondReview:
    found = second_review_for(by=request.auth, uid=uid)
    if found is None:
        raise Http404
    return found
