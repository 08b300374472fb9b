"""A share of reviews is given to a second evaluator by chance, from the day on which somebody set it.

Only contacts of which something remains to be reviewed: in person, nothing does, and whoever has a recording
of such a visit asks for its second review by hand.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import Count, Q

from gracja.app.common import audit
from gracja.app.common.refused import Refused
from gracja.app.observations.models import SecondReview, SecondReviewShare, Visit
from gracja.app.observations.selectors.planned import evaluators_alone_at
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Person, User

IN_PERSON: Final = "in_person"
_OPEN: Final = Q(made=None, called_off_at=None)


@transaction.atomic
def set_share(*, by: User, share: float) -> None:
    """From now on, this share of reviews is drawn; 0: none. The same again changes nothing.

    Raises Refused: not_permitted, second_review_share_range.
    """
    require(by, "visit.plan")
    if not 0 <= share <= 1:
        raise Refused("second_review_share_range")
    before = SecondReviewShare.objects.first()
    if share == (before.share if before else 0.0):
        return
    SecondReviewShare.objects.create(share=share, seed=secrets.token_hex(16), set_by=by.person)
    audit.record(
        "second_review.share",
        by=by,
        subject=("second_review", ""),
        before={"share": before.share if before else 0.0},
        after={"share": share},
    )


def draw_second_reviews(visits: Iterable[Visit]) -> None:
    """Draw among visits that were put in just now, in the transaction that puts them in."""
    held = SecondReviewShare.objects.first()
    if held is None or not held.share:
        return
    for visit in visits:
        old = visit.channel == IN_PERSON or visit.occurred_at < held.since
        if not old and is_drawn(held, visit.uid):
            _give(visit, held.share)


def is_drawn(held: SecondReviewShare, uid: str) -> bool:
    """Whether the visit of this uid is: 53 bits of SHA-256 over seed and uid, as a number from 0 to 1, lie
    below the share. Nobody chooses a visit's uid, and only the database holds the seed.
    """
    digest = hashlib.sha256(f"{held.seed}|{uid}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53 < held.share


def _give(visit: Visit, chance: float) -> None:
    """To whoever has the fewest to do; where nobody may, a manager finds somebody."""
    seen_by = [visit.evaluator_id, visit.recorded_by_id, visit.employee_id]
    able = evaluators_alone_at(visit.place).exclude(pk__in=[pk for pk in seen_by if pk is not None])
    busy = dict(
        SecondReview.objects.filter(_OPEN, evaluator__in=able)
        .order_by("evaluator")
        .values_list("evaluator")
        .annotate(Count("pk"))
    )
    evaluator = min(able, key=lambda one: (busy.get(one.pk, 0), _lot(visit, one)), default=None)
    review = SecondReview.objects.create(visit=visit, evaluator=evaluator, chance=chance)
    audit.record(
        "second_review.draw",
        by=None,
        subject=("second_review", review.uid),
        after={"chance": chance, "evaluator": evaluator.key if evaluator else ""},
        place=visit.place.uid,
    )


def _lot(visit: Visit, person: Person) -> bytes:
    """Of several with as few to do nobody is the first each time."""
    return hashlib.sha256(f"{visit.uid}|{person.key}".encode()).digest()
