"""What is filled in, step by step; a step may count on those before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gracja.app.fill.advice import record_advised_contacts
from gracja.app.fill.aftercare import call_people, put_things_right
from gracja.app.fill.club import open_the_club
from gracja.app.fill.conversations import bring_in_conversations
from gracja.app.fill.gestures import give_gestures
from gracja.app.fill.people import make_the_company
from gracja.app.fill.regulars import bring_in_regulars
from gracja.app.fill.results import measure_twice
from gracja.app.fill.reviews import draw_conversations
from gracja.app.fill.standards import go_on_with_standards, publish_standards
from gracja.app.fill.visits import bring_in_visits

# name of the step in wording/cli.yaml (stage_...) -> what is done
STEPS: Final[dict[str, Callable[[], None]]] = {
    "fill_company": make_the_company,
    "fill_standards": publish_standards,
    "fill_conversations": bring_in_conversations,
    "fill_visits": bring_in_visits,
    "fill_drafts": go_on_with_standards,
    "fill_advice": record_advised_contacts,
    "fill_customers": bring_in_regulars,
    "fill_club": open_the_club,
    "fill_gestures": give_gestures,
    "fill_recovery": put_things_right,
    "fill_calls": call_people,
    "fill_reviews": draw_conversations,
    "fill_results": measure_twice,
}
