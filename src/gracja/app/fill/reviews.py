"""Conversations of the autumn drawn for review: most are marked, some wait, one was called off. Borys sees
what the detector saw, but for a few slips, so that it shows how the detector errs.
"""

from __future__ import annotations

from datetime import UTC
from random import Random
from typing import Any, Final

from gracja.app.contacts.archive import company_archive
from gracja.app.fill.autumn import LATELY, MEASURED_FROM, at, who
from gracja.app.fill.people import EVALUATOR, MANAGER
from gracja.app.observations.models import DrawnReview
from gracja.app.observations.services.drawn import call_off_review, make_review
from gracja.app.observations.services.lot import draw_reviews
from gracja.app.standards.models import Edition
from gracja.archive.find import observations_of
from gracja.engine.conversations.rating_sheet import marking_of
from gracja.engine.edition.model import Standard
from gracja.engine.edition.read import edition_from_json

DRAWN: Final = 120
OF_EACH: Final = 5
WAITING: Final = 8
SLIPS: Final = (
    0.04,
    0.10,
)  # how often Borys sees as missed what the detector saw met, and as met what it missed
MET: Final = 0.85  # of what no detector can see


def review_conversations() -> None:
    """Draw them, mark most of them, and leave the rest to whoever looks at the demo as Borys."""
    edition = Edition.objects.get(edition_id="salon", version=2)
    with at(LATELY):
        lot = draw_reviews(
            by=who(MANAGER),
            edition=edition,
            first=MEASURED_FROM,
            last=LATELY.date(),
            budget=DRAWN,
            per_employee=OF_EACH,
        )
        call_off_review(by=who(MANAGER), review=lot.reviews[-1])
        document = edition_from_json(edition.document)
        standards = [one for _, _, one in document.standards()]
        for review in lot.reviews[: -1 - WAITING]:
            make_review(by=who(EVALUATOR), review=review, marks=_marks(review, standards))


def _marks(review: DrawnReview, standards: list[Standard]) -> dict[str, str]:
    month = f"{review.occurred_at.astimezone(UTC):%Y-%m}"
    seen = {
        row["standard"]: row
        for row in observations_of(company_archive(), review.contact, month)
        if row["edition_digest"] == review.edition.digest
    }
    random = Random(f"review {review.contact}")  # noqa: S311
    return {
        one.standard: _cell(random, one, seen.get(one.standard))
        for one in standards
        if review.channel in one.channels
    }


def _cell(random: Random, standard: Standard, seen: dict[str, Any] | None) -> str:
    marking = marking_of(standard)
    status = seen["status"] if seen else "not_seen"
    if status == "not_applicable":
        return "n/a" if marking.may_not_apply else "?"
    if marking.kind != "yes_no":
        return str(int(seen["raw"])) if seen and seen["raw"] is not None else "?"
    if seen is None or status != "marked":
        return "1" if random.random() < MET else "0"
    met = seen["value"] >= 1
    return "1" if met != (random.random() < SLIPS[not met]) else "0"
