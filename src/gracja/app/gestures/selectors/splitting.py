"""Gestures just under the limit of a second person's yes that together pass it: as questions."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import datetime, timedelta
from typing import Final

from gracja.app.common.clock import now
from gracja.app.gestures.models import Gesture, Terms
from gracja.app.organisation.access import places_where
from gracja.app.organisation.models import Place, User
from gracja.engine.gesture.questions import Question
from gracja.engine.gesture.splitting import DAYS, Granted, near_limit

LATELY: Final = timedelta(days=2 * DAYS)  # beside an approval: what was given lately


def split_gestures(since: datetime, places: Container[str]) -> tuple[Question, ...]:
    """What the gestures of these places ask, in keys."""
    return near_limit(_granted(since, places))


def beside_approvals(waiting: list[Gesture], *, by: User) -> dict[int, list[Question]]:
    """For each gesture that waits, what was given lately to its customer, or by whoever asks, just under a
    limit, at the places where the reader approves.
    """
    if not waiting:
        return {}
    there = Place.objects.filter(places_where(by, "gesture.approve"))
    found = split_gestures(now() - LATELY, set(there.values_list("uid", flat=True)))
    return {
        one.pk: [
            question
            for question in found
            if question.facts.get("customer") == one.customer_key
            or (one.given_by is not None and question.facts.get("employee") == one.given_by.key)
        ]
        for one in waiting
    }


def _granted(since: datetime, places: Container[str]) -> Iterator[Granted]:
    limits: dict[int, tuple[int, int]] = {}
    for pk, document in Terms.objects.values_list("pk", "document"):
        if (limit := document.get("approve_above_minor")) is not None:
            limits[pk] = (document["usual_minor"], limit)
    rows = (
        Gesture.objects.filter(made_at__gte=since, terms__in=limits, approved_by=None)
        .exclude(state__in=("asked", "released", "expired"))
        .exclude(given_by=None)
        .values_list(
            "terms_id", "given_by__key", "customer_key", "terms__policy__uid", "place__uid", "cost_minor",
            "currency", "made_at",
        )
    )  # fmt: skip
    for terms, employee, customer, policy, place, cost, currency, at in rows:
        if place in places:
            yield Granted(employee, customer, policy, cost, *limits[terms], currency, at)
