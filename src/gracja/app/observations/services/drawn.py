"""Conversations drawn for review: made, given to somebody else, called off. Who is to mark one sees no
automatic mark of it before (selectors/drawn.py), so that people's marks tell how the detector errs.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.observations.models import DrawnReview, Mark, Visit
from gracja.app.observations.selectors.drawn import chosen_by_chance, marking_at, served_in
from gracja.app.observations.services.drawing import draw_second_reviews
from gracja.app.observations.services.drawn_in import drawn_came_in
from gracja.app.observations.services.recording import read_marks, values_of
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Person, User


@transaction.atomic
def make_review(*, by: User, review: DrawnReview, marks: Mapping[str, str]) -> Visit:
    """The first marks of the conversation: standard -> what a cell of a spreadsheet would hold. The same
    again is harmless.

    Raises Refused: not_permitted; conversation_review_of_another: somebody else is to make it;
    conversation_review_called_off; conversation_review_made: with other marks; conversation_review_marked:
    somebody else marked it in the meantime; conversation_review_own: who served does not;
    conversation_review_empty: nothing is marked; and of each mark as `record_visit`.
    """
    require(by, "visit.import", place=review.place)
    if review.employee_id is not None and review.employee_id == by.person_id:
        raise Refused("conversation_review_own")
    values = read_marks(review.edition, review.channel, marks)
    if all(value.status != "marked" for value in values.values()):
        raise Refused("conversation_review_empty")
    # the visit before the review as wherever both are: a file may hold marks of the same contact right now
    visit, new = Visit.objects.get_or_create(
        contact=review.contact,
        second_to=None,
        defaults={
            "edition_id": review.edition_id,
            "place_id": review.place_id,
            "employee_id": review.employee_id,
            "evaluator": by.person,
            "occurred_at": review.occurred_at,
            "channel": review.channel,
            "blind": True if chosen_by_chance(review) else None,
            "recorded_by": by.person,
        },
    )
    kept = DrawnReview.objects.select_for_update().get(pk=review.pk)
    if kept.evaluator_id != by.person_id:
        raise Refused("conversation_review_of_another")
    if kept.called_off_at is not None:
        raise Refused("conversation_review_called_off")
    if not new:
        if kept.made_id != visit.pk:
            raise Refused("conversation_review_marked")
        if values_of(visit) != values:
            raise Refused("conversation_review_made")
        return visit
    Mark.objects.bulk_create(
        Mark(visit=visit, standard=standard, **value._asdict()) for standard, value in values.items()
    )
    drawn_came_in([visit])
    _record("conversation_review.make", by, kept, after={"marks": len(values)})
    draw_second_reviews([visit])
    return visit


@transaction.atomic
def give_review(*, by: User, review: DrawnReview, evaluator: Person) -> None:
    """Give one that is still to be made to somebody (else). Repeating is harmless.

    Raises Refused: not_permitted, conversation_review_made, conversation_review_called_off;
    conversation_review_own: who served neither gives it nor makes it; conversation_review_self: who orders
    visits may see its automatic marks; conversation_review_reader: may not mark and read conversations there.
    """
    require(by, "visit.plan", place=review.place)
    served = served_in(review)
    kept = _open(review)
    if kept.evaluator_id == evaluator.pk:
        return
    if evaluator.key in served or by.person.key in served:
        raise Refused("conversation_review_own")
    if evaluator.pk == by.person_id:
        raise Refused("conversation_review_self")
    if not marking_at(kept.place).filter(pk=evaluator.pk).exists():
        raise Refused("conversation_review_reader")
    before = {"evaluator": kept.evaluator.key if kept.evaluator else ""}
    kept.evaluator = evaluator
    kept.save(update_fields=("evaluator",))
    _record("conversation_review.give", by, kept, before=before, after={"evaluator": evaluator.key})


@transaction.atomic
def call_off_review(*, by: User, review: DrawnReview) -> None:
    """It is not to be made any more. Repeating is harmless.

    Raises Refused: not_permitted, conversation_review_made; conversation_review_own: who served does not.
    """
    require(by, "visit.plan", place=review.place)
    if by.person is not None and by.person.key in served_in(review):
        raise Refused("conversation_review_own")
    kept = DrawnReview.objects.select_for_update().get(pk=review.pk)
    if kept.made_id is not None:
        raise Refused("conversation_review_made")
    if kept.called_off_at is None:
        kept.called_off_at = now()
        kept.save(update_fields=("called_off_at",))
        _record("conversation_review.call_off", by, kept, after={"called_off": True})


def _open(review: DrawnReview) -> DrawnReview:
    kept = DrawnReview.objects.select_for_update().get(pk=review.pk)
    if kept.made_id is not None:
        raise Refused("conversation_review_made")
    if kept.called_off_at is not None:
        raise Refused("conversation_review_called_off")
    return kept


def _record(
    action: str,
    by: User,
    review: DrawnReview,
    *,
    after: Mapping[str, object],
    before: Mapping[str, object] | None = None,
) -> None:
    subject = ("conversation_review", review.uid)
    audit.record(action, by=by, subject=subject, before=before, after=after, place=review.place.uid)
