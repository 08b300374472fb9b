"""Conversations of the autumn drawn for review, which wait for whoever looks at the demo as Borys."""

from __future__ import annotations

from typing import Final

from gracja.app.fill.autumn import LATELY, MEASURED_FROM, at, who
from gracja.app.fill.people import MANAGER
from gracja.app.observations.services.lot import draw_reviews
from gracja.app.standards.models import Edition

DRAWN: Final = 12


def draw_conversations() -> None:
    """None of them is marked: the demo's results rest on its visits, which say what customers wanted, too."""
    edition = Edition.objects.get(edition_id="salon", version=2)
    with at(LATELY):
        draw_reviews(by=who(MANAGER), edition=edition, first=MEASURED_FROM, last=LATELY.date(), budget=DRAWN)
