"""Planned visits: where, by whom, by when and by what scenario, before anybody makes them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.http import Http404
from ninja import Field, Query, Router, Schema

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.shapes import Day, Given, Moment, Page, Text, Uid, UidInPath
from gracja.app.common.refused import Refused
from gracja.app.observations.selectors.planned import evaluators_at, plan_for, plans_of
from gracja.app.observations.services.planned import LONGEST, Order, call_off_visit, plan_visit
from gracja.app.organisation.selectors.places import place_for

if TYPE_CHECKING:
    from gracja.app.observations.models import PlannedVisit

router = Router()


class PlannedVisitOut(Schema):
    """A visit that was ordered."""

    uid: Uid
    number: str = Field(description="The `contact` of the visit that is made by it.")
    place: Uid
    edition: str = Field(description="Such as `salon@3`.")
    evaluator: Uid
    due_on: date
    scenario: str
    wanted: str = Field(description="discreet, attentive, personal; empty: the scenario says nothing.")
    planned_at: Moment = Field(description="When what is wanted was fixed.")
    called_off_at: Moment | None

    @staticmethod
    def resolve_place(plan: PlannedVisit) -> str:
        return plan.place.uid

    @staticmethod
    def resolve_edition(plan: PlannedVisit) -> str:
        return plan.edition.name

    @staticmethod
    def resolve_evaluator(plan: PlannedVisit) -> str:
        return plan.evaluator.uid


class OrderGiven(Given):
    """A visit to be made."""

    place: Uid
    edition: Uid
    evaluator: Uid = Field(description="Somebody who may put in visits of this place.")
    due_on: Day = Field(description="By when; today or later.")
    scenario: Text = Field(min_length=1, max_length=LONGEST)
    wanted: Literal["", "discreet", "attentive", "personal"] = Field(
        "", description="How close the customer of the scenario wants to be served. It stays as it is."
    )


class Asked(Paging):
    show: Literal["to_come", "over"] = "to_come"


@reads(router, "/planned-visits", scope="visit.import", response=Page[PlannedVisitOut])
def list_planned_visits(request: Called, asked: Query[Asked]) -> Any:
    """Visits that the token’s person is to make, and with the scope `visit.plan` those ordered at their
    places; the latest ordered first.
    """
    found = plans_of(by=request.auth, made=asked.show == "over")
    return page_of_rows(found, asked, newest_first=True)


@writes(router, "POST", "/planned-visits", scope="visit.plan", response={201: PlannedVisitOut}, also=(404,))
def order_visit(request: Called, given: OrderGiven) -> Any:
    """Order a visit. Send an `Idempotency-Key`: two visits may be ordered alike. Its marks come in by
    `POST /visits` with the number as `contact`, and take what is wanted from here.
    """
    place = place_for("visit.plan", by=request.auth, uid=given.place)
    evaluator = evaluators_at(place).filter(uid=given.evaluator).first()
    if evaluator is None:
        raise Refused("evaluator_elsewhere")
    order = Order(place, given.edition, evaluator, given.due_on, given.scenario, given.wanted)
    return plan_visit(by=request.auth, order=order)


@writes(router, "POST", "/planned-visits/{uid}/calling-off", scope="visit.plan", response=PlannedVisitOut)
def call_off(request: Called, uid: UidInPath) -> Any:
    """It is not to be made any more. Again changes nothing."""
    plan = plan_for(by=request.auth, uid=uid)
    if plan is None:
        raise Http404
    call_off_visit(by=request.auth, plan=plan)
    plan.refresh_from_db()
    return plan
