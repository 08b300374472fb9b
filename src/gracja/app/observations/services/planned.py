"""Visits that are ordered: what the customer of the scenario wants is fixed before anybody makes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Wanted
from gracja.app.observations.models import PlannedVisit, Visit
from gracja.app.observations.selectors.planned import evaluators_at
from gracja.app.observations.services.wanted import keep_wanted
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Person, Place, User
from gracja.app.organisation.selectors.company import today_here
from gracja.app.standards.models import Edition

FARTHEST: Final = timedelta(days=366)
LONGEST: Final = 1000  # signs of a scenario


@dataclass(frozen=True, slots=True)
class Order:
    """wanted: discreet, attentive or personal; empty: the scenario says nothing of it. due_on: by when."""

    place: Place
    edition_uid: str
    evaluator: Person
    due_on: date
    scenario: str
    wanted: str = ""


@transaction.atomic
def plan_visit(*, by: User, order: Order) -> PlannedVisit:
    """Order a visit. What it wants is written down now, and stays.

    Raises Refused: not_permitted, place_closed (place), no_such_edition, evaluator_elsewhere,
    day_out_of_range (last), scenario_missing.
    """
    require(by, "visit.plan", place=order.place)
    if not order.place.active:
        raise Refused("place_closed", place=order.place.name)
    edition = Edition.objects.filter(uid=order.edition_uid).first()
    if edition is None:
        raise Refused("no_such_edition")
    if not evaluators_at(order.place).filter(pk=order.evaluator.pk).exists():
        raise Refused("evaluator_elsewhere")
    last = today_here() + FARTHEST
    if not today_here() <= order.due_on <= last:
        raise Refused("day_out_of_range", last=last.isoformat())
    if not order.scenario.strip():
        raise Refused("scenario_missing")
    plan = PlannedVisit.objects.create(
        place=order.place,
        edition=edition,
        evaluator=order.evaluator,
        due_on=order.due_on,
        scenario=order.scenario.strip()[:LONGEST],
        wanted=order.wanted,
        planned_by=by.person,
    )
    keep_wanted([(plan.number, plan.wanted)], edition)
    audit.record(
        "visit.plan",
        by=by,
        subject=("planned_visit", plan.uid),
        after={
            "number": plan.number,
            "edition": edition.name,
            "evaluator": order.evaluator.key,
            "due_on": order.due_on.isoformat(),
            "wanted": order.wanted,
        },
        place=order.place.uid,
    )
    return plan


@transaction.atomic
def call_off_visit(*, by: User, plan: PlannedVisit) -> None:
    """It is not to be made any more. Repeating is harmless.

    Raises Refused: not_permitted, planned_visit_made.
    """
    require(by, "visit.plan", place=plan.place)
    kept = PlannedVisit.objects.select_for_update().get(pk=plan.pk)
    if Visit.objects.filter(contact=kept.number).exists():
        raise Refused("planned_visit_made")
    if kept.called_off_at is not None:
        return
    kept.called_off_at = now()
    kept.save(update_fields=("called_off_at",))
    Wanted.objects.filter(contact=kept.number).delete()
    subject = ("planned_visit", kept.uid)
    audit.record("visit.call_off", by=by, subject=subject, after={"called_off": True}, place=plan.place.uid)


def plans_named(contacts: Iterable[str], *, lock: bool = False) -> dict[str, PlannedVisit]:
    """Number -> the plan of each of these visits that was planned. lock: nobody calls it off until the
    caller's transaction ends.
    """
    plans = PlannedVisit.objects.select_for_update() if lock else PlannedVisit.objects.all()
    return {plan.number: plan for plan in plans.filter(number__in=list(contacts)).order_by("pk")}


@dataclass(frozen=True, slots=True)
class Made:
    """What a visit says of itself beside its plan. people: keys of who saw it and of who puts it in."""

    place: int
    edition: int
    at: datetime
    wanted: str
    served: int | None
    people: tuple[int | None, ...]


def against_plan(plan: PlannedVisit, made: Made) -> str:
    """Why a visit cannot be the one that was planned, as the code of a refusal; empty where it can."""
    if plan.called_off_at is not None:
        return "planned_visit_called_off"
    if (made.place, made.edition) != (plan.place_id, plan.edition_id):
        return "visit_not_as_planned"
    if made.at <= plan.planned_at:
        return "visit_before_plan"  # what it wanted would be hindsight
    if made.wanted not in ("", plan.wanted):
        return "visit_wanted_late"
    judges = (plan.evaluator_id, plan.planned_by_id, *made.people)
    if plan.wanted and made.served is not None and made.served in judges:
        return "visit_wanted_own"
    return ""
