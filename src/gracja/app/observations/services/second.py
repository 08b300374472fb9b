"""Second reviews: asked for, given to somebody else, called off, made. What the first evaluator marked stays
as it is, and is hidden from the second until both are in (selectors/visits.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.observations.models import Mark, SecondReview, Visit
from gracja.app.observations.selectors.planned import evaluators_at
from gracja.app.observations.selectors.second import have_marked
from gracja.app.observations.services.recording import read_marks, values_of
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Person, User


@transaction.atomic
def ask_second_review(*, by: User, visit: Visit, evaluator: Person) -> SecondReview:
    """Ask somebody to mark the contact of this visit once more.

    Raises Refused: not_permitted; second_review_asked: its second review is asked for or there;
    second_review_own: who served neither asks for it nor makes it; second_review_same: who marked it or put
    its marks in has seen them; second_review_self: who orders visits may see them; evaluator_elsewhere.
    """
    require(by, "visit.plan", place=visit.place)
    first = Visit.objects.select_for_update().get(pk=visit.second_to_id or visit.pk)
    if first.others.exists() or first.second_reviews.filter(called_off_at=None).exists():
        raise Refused("second_review_asked")
    _check_given(by, first, evaluator)
    review = SecondReview.objects.create(visit=first, evaluator=evaluator, asked_by=by.person)
    _record("second_review.ask", by, review, after={"evaluator": evaluator.key})
    return review


@transaction.atomic
def give_second_review(*, by: User, review: SecondReview, evaluator: Person) -> None:
    """Give one that is still to be made to somebody (else). Repeating is harmless.

    Raises Refused: not_permitted, second_review_made, second_review_called_off; and of the evaluator as
    `ask_second_review`.
    """
    require(by, "visit.plan", place=review.visit.place)
    kept = _open(review)
    if kept.evaluator_id == evaluator.pk:
        return
    _check_given(by, kept.visit, evaluator)
    before = {"evaluator": kept.evaluator.key if kept.evaluator else ""}
    kept.evaluator = evaluator
    kept.save(update_fields=("evaluator",))
    _record("second_review.give", by, kept, before=before, after={"evaluator": evaluator.key})


@transaction.atomic
def call_off_second_review(*, by: User, review: SecondReview) -> None:
    """It is not to be made any more. Repeating is harmless.

    Raises Refused: not_permitted, second_review_made.
    """
    require(by, "visit.plan", place=review.visit.place)
    kept = SecondReview.objects.select_for_update().get(pk=review.pk)
    if kept.made_id is not None:
        raise Refused("second_review_made")
    if kept.called_off_at is None:
        kept.called_off_at = now()
        kept.save(update_fields=("called_off_at",))
        _record("second_review.call_off", by, kept, after={"called_off": True})


@transaction.atomic
def make_second_review(
    *, by: User, review: SecondReview, marks: Mapping[str, str], blind: bool | None = None
) -> Visit:
    """The marks of the second evaluator: standard -> what a cell of a spreadsheet would hold. The same again
    is harmless. blind: without having seen the automatic mark; None: not known.

    Raises Refused: not_permitted; second_review_of_another: somebody else is to make it;
    second_review_called_off; second_review_made: with other marks; second_review_own, second_review_same: who
    served, or marked it in the meantime, does not make it; second_review_empty: nothing is marked; and of
    each mark as `record_visit`.
    """
    require(by, "visit.import", place=review.visit.place)
    if by.person_id != review.evaluator_id:
        raise Refused("second_review_of_another")
    # locked, the contact before the review as wherever both are: a file may hold the same marks right now
    first = Visit.objects.select_for_update().get(pk=review.visit_id)
    kept = SecondReview.objects.select_for_update().get(pk=review.pk)
    if kept.called_off_at is not None:
        raise Refused("second_review_called_off")
    values = read_marks(first.edition, first.channel, marks)
    if kept.made is not None:
        if (kept.made.blind, values_of(kept.made)) != (blind, values):
            raise Refused("second_review_made")
        return kept.made
    _check(first, by.person)
    if all(value.status != "marked" for value in values.values()):
        raise Refused("second_review_empty")
    visit = second_visit(first, evaluator=by.person_id, blind=blind, by=by)
    visit.save()
    Mark.objects.bulk_create(
        Mark(visit=visit, standard=standard, **value._asdict()) for standard, value in values.items()
    )
    came_in([visit])
    _record("second_review.make", by, kept, after={"marks": len(values)})
    return visit


def second_visit(
    first: Visit, *, by: User, evaluator: int | None, name: str = "", blind: bool | None = None
) -> Visit:
    """A visit, not yet saved, that marks the same contact once more. evaluator: their key, or a name."""
    return Visit(
        contact=first.contact,
        second_to=first,
        edition_id=first.edition_id,
        place_id=first.place_id,
        employee_id=first.employee_id,
        evaluator_id=evaluator,
        evaluator_name=name,
        occurred_at=first.occurred_at,
        channel=first.channel,
        blind=blind,
        recorded_by=by.person,
    )


def came_in(visits: Iterable[Visit]) -> None:
    """Of second visits just saved: whoever was asked for one has made it."""
    made: dict[tuple[int | None, int | None], Visit] = {
        (visit.second_to_id, visit.evaluator_id): visit for visit in visits if visit.evaluator_id
    }
    if not made:
        return
    first = [pk for pk, _ in made]
    for review in SecondReview.objects.filter(visit__in=first, made=None, called_off_at=None):
        found = made.get((review.visit_id, review.evaluator_id))
        if found is not None:
            review.made = found
            review.save(update_fields=("made",))


def _check_given(by: User, first: Visit, evaluator: Person) -> None:
    if first.employee_id is not None and first.employee_id == by.person_id:
        raise Refused("second_review_own")
    _check(first, evaluator)
    if evaluator.pk == by.person_id:
        raise Refused("second_review_self")
    if not evaluators_at(first.place).filter(pk=evaluator.pk).exists():
        raise Refused("evaluator_elsewhere")


def _check(first: Visit, evaluator: Person) -> None:
    if first.employee_id is not None and first.employee_id == evaluator.pk:
        raise Refused("second_review_own")
    if evaluator.pk in have_marked(first):
        raise Refused("second_review_same")


def _open(review: SecondReview) -> SecondReview:
    kept = SecondReview.objects.select_for_update().get(pk=review.pk)
    if kept.made_id is not None:
        raise Refused("second_review_made")
    if kept.called_off_at is not None:
        raise Refused("second_review_called_off")
    return kept


def _record(
    action: str,
    by: User,
    review: SecondReview,
    *,
    after: Mapping[str, object],
    before: Mapping[str, object] | None = None,
) -> None:
    subject = ("second_review", review.uid)
    audit.record(action, by=by, subject=subject, before=before, after=after, place=review.visit.place.uid)
