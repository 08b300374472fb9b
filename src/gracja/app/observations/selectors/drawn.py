"""Conversations drawn for review, as somebody may see them: who is to mark one, and who orders visits at its
place, unless they served in it. Nobody else before it is made; from then on it is a visit like any.
"""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from gracja.app.common.models import AuditEntry
from gracja.app.contacts.selectors.scored import talked
from gracja.app.contacts.selectors.talk import Turn, talk_of
from gracja.app.observations.models import DrawnReview, SecondReview, Visit
from gracja.app.observations.selectors.planned import evaluators_alone_at, evaluators_at, holders_at
from gracja.app.organisation.access import may, may_somewhere, places_where
from gracja.app.organisation.models import Person, Place, User

OPEN = Q(made=None, called_off_at=None)


def drawn_reviews_of(*, by: User, over: bool = False) -> QuerySet[DrawnReview]:
    """Those still to be made, the first drawn first; or those that are over, the latest first. Each with
    `marked`: whether there are marks of the contact, in an open one by somebody else.
    """
    elsewhere = Visit.objects.filter(contact=OuterRef("contact"), second_to=None)
    rows = _seen(by).select_related("place", "edition", "employee", "evaluator", "drawn_by", "made")
    rows = rows.annotate(marked=Exists(elsewhere))
    return rows.exclude(OPEN).order_by("-drawn_at", "-pk") if over else rows.filter(OPEN)


def drawn_review_for(*, by: User, uid: str) -> DrawnReview | None:
    """One of them; None where there is none that `by` may see."""
    found = _seen(by).select_related("place", "edition", "employee", "evaluator", "made")
    return found.filter(uid=uid).first()


def left_to_review(*, by: User) -> int:
    """How many are for `by` to make."""
    return DrawnReview.objects.filter(OPEN, evaluator=by.person_id).count()


def waiting_reviews(*, by: User) -> tuple[int, int]:
    """How many drawn conversations and how many second reviews are for `by` to make, in one query."""
    mine = OPEN & Q(evaluator=by.person_id)
    drawn = DrawnReview.objects.filter(mine).order_by().values_list(Value(0), "pk")
    second = SecondReview.objects.filter(mine).order_by().values_list(Value(1), "pk")
    found = Counter(at for at, _ in drawn.union(second, all=True).order_by())
    return found[0], found[1]


def marks_hidden(*, by: User, contacts: list[str]) -> set[str]:
    """Which of these conversations `by` is still to mark: until then they see no other mark of them."""
    theirs = DrawnReview.objects.filter(OPEN, evaluator=by.person_id, contact__in=contacts)
    return set(theirs.values_list("contact", flat=True))


def words_drawn(*, by: User, review: DrawnReview) -> list[Turn]:
    """What was said, without a mark; empty where the conversation is gone, or `by` may not read it."""
    talk = talk_of(by=by, contact=review.contact, at=review.occurred_at, marked=False)
    return talk.turns if talk is not None and not talk.own else []


def able_at(place: Place) -> list[Person]:
    """To whom chance gives conversations of this place: who may mark and read them, and orders no visits
    there; only where there is nobody like that, somebody who does.
    """
    readers = holders_at(place, "conversation.read").values("pk")
    for some in (evaluators_alone_at(place), evaluators_at(place)):
        if found := list(some.filter(pk__in=readers).order_by("pk")):
            return found
    return []


def chosen_by_chance(review: DrawnReview) -> bool:
    """Whether nobody but chance can have led its evaluator to its automatic marks: it was never given to
    somebody else, and they order no visits there, who look at what waits.
    """
    given = AuditEntry.objects.filter(
        action="conversation_review.give", subject_kind="conversation_review", subject_key=review.uid
    )
    alone = evaluators_alone_at(review.place).values_list("pk", flat=True)
    return review.evaluator_id in alone and not given.exists()


def drawn_reviewers_for(*, by: User, review: DrawnReview) -> list[Person]:
    """To whom `by` may give it instead: never themself, who may see the automatic marks, nor who served."""
    if not may(by, "visit.plan", place=review.place) or review.made_id or review.called_off_at:
        return []
    served = served_in(review)
    return [
        one
        for one in marking_at(review.place)
        .exclude(pk__in=(by.person_id, review.evaluator_id or 0))
        .order_by("name")
        if one.key not in served
    ]


def marking_at(place: Place) -> QuerySet[Person]:
    """Who may mark conversations of this place, and read them."""
    return evaluators_at(place).filter(pk__in=holders_at(place, "conversation.read").values("pk"))


def served_in(review: DrawnReview) -> frozenset[str]:
    """Keys of everybody of ours who took part in it."""
    found = talked([(review.contact, review.occurred_at)]).get(review.contact)
    mostly = {review.employee.key} if review.employee else set()
    return frozenset(mostly) | (found.people if found else frozenset())


def to_do_of(people: list[Person]) -> dict[int, int]:
    """How many conversations each of them is still to mark."""
    rows = (
        DrawnReview.objects.filter(OPEN, evaluator__in=people).order_by("evaluator").values_list("evaluator")
    )
    return dict(rows.annotate(Count("pk")))


def _seen(by: User) -> QuerySet[DrawnReview]:
    theirs = Q(evaluator=by.person_id)
    if may_somewhere(by, "visit.plan"):
        ordered = Q(place__in=Place.objects.filter(places_where(by, "visit.plan")))
        theirs |= ordered & (Q(employee=None) | ~Q(employee=by.person_id))
    return DrawnReview.objects.filter(theirs)
