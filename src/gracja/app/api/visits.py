"""Visits: contacts observed on the spot, with a mark for each standard seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import Http404
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator, AwareDatetime
from pydantic_core import PydanticCustomError

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.shapes import Given, Moment, Page, Text, Uid, UidInPath
from gracja.app.observations.selectors.visits import visit_of, visits_of
from gracja.app.observations.services.recording import Seen, employee_visited, record_visit
from gracja.app.organisation.selectors.places import place_for
from gracja.app.tokens.scopes import OWN
from gracja.engine.tables import CHANNELS

if TYPE_CHECKING:
    from gracja.app.observations.models import Mark, Visit

router = Router()


def _known(channel: str) -> str:
    if channel not in CHANNELS:
        raise PydanticCustomError("literal_error", "", {"expected": ", ".join(CHANNELS)})
    return channel


Channel = Annotated[Text, Field(json_schema_extra={"enum": list(CHANNELS)}), AfterValidator(_known)]
Cell = Annotated[Text, Field(max_length=200)]


class VisitOut(Schema):
    """One contact observed on the spot."""

    uid: Uid
    contact: str = Field(description="Its name elsewhere.")
    edition: str = Field(description="Such as `salon@3`.")
    place: Uid
    employee: Uid | None
    evaluator: Uid | None
    evaluator_name: str = Field(description="An evaluator from outside.")
    occurred_at: Moment
    channel: str
    second_to: Uid | None = Field(
        description="The visit that marked the same contact first; null: this one did."
    )
    blind: bool | None = Field(
        description="Marked without having seen the automatic mark of this contact; null: not known."
    )
    inclusion: float | None = Field(
        description="The chance with which this conversation was drawn for review; null: not drawn by chance."
    )

    @staticmethod
    def resolve_edition(visit: Visit) -> str:
        return visit.edition.name

    @staticmethod
    def resolve_place(visit: Visit) -> str:
        return visit.place.uid

    @staticmethod
    def resolve_employee(visit: Visit) -> str | None:
        return visit.employee.uid if visit.employee else None

    @staticmethod
    def resolve_evaluator(visit: Visit) -> str | None:
        return visit.evaluator.uid if visit.evaluator else None

    @staticmethod
    def resolve_second_to(visit: Visit) -> str | None:
        return visit.second_to.uid if visit.second_to else None


class MarkOut(Schema):
    """One standard, as it was seen."""

    standard: str
    status: str = Field(description="marked, not_applicable or not_seen.")
    value: float | None = Field(description="0 to 1; null where it was not marked: never 0.")
    raw: float | None = Field(description="Seconds, count or step.")
    unit: str


class VisitWithMarksOut(VisitOut):
    """One contact observed on the spot, with its marks."""

    marks: list[MarkOut]

    @staticmethod
    def resolve_marks(visit: Visit) -> list[Mark]:
        return list(visit.marks.all())


class VisitGiven(Given):
    """A visit and what was seen."""

    contact: Text = Field(
        min_length=1,
        max_length=120,
        description="A name that no other visit has; of a planned visit its number.",
    )
    edition: Uid
    place: Uid
    employee: Uid | None = Field(None, description="The `uid` of who served.")
    evaluator_name: Text = Field("", max_length=120, description="Who saw it; empty: whose token it is.")
    occurred_at: AwareDatetime
    channel: Channel = "in_person"
    wanted: Literal["", "discreet", "attentive", "personal"] = Field(
        "",
        description="The closeness that the customer of the scenario wanted, said before the visit is marked "
        "and never by who served; empty: the scenario says nothing, or it was planned.",
    )
    blind: bool | None = Field(
        None,
        description="Whether it was marked without having seen the automatic mark of the same contact.",
    )
    marks: dict[Text, Cell] = Field(
        min_length=1,
        max_length=500,
        description="Standard -> what was seen: `yes`, `no`, a number, `n/a` where the standard allows it, "
        "`?` where it was not seen.",
    )


class Asked(Paging):
    place: Text = Field("", max_length=22, description="The `uid` of a place; those below it count.")
    employee: Text = Field("", max_length=22, description="The `uid` of who served.")


@reads(router, "/visits", scope="visit.read", response=Page[VisitOut])
def list_visits(request: Called, asked: Query[Asked]) -> Any:
    """Visits that one may see, the latest recorded first."""
    found = visits_of(by=request.auth, place_uid=asked.place, employee_uid=asked.employee)
    return page_of_rows(found, asked, newest_first=True)


@reads(router, "/visits/{uid}", scope=OWN, response=VisitWithMarksOut)
def get_visit(request: Called, uid: UidInPath) -> Any:
    """One visit with its marks; one's own needs no permission."""
    if (shown := visit_of(by=request.auth, uid=uid)) is None:
        raise Http404
    return shown.visit


@writes(router, "POST", "/visits", scope="visit.import", response={201: VisitWithMarksOut}, also=(404,))
def add_visit(request: Called, given: VisitGiven) -> Any:
    """Record a visit. The same again changes nothing."""
    by = request.auth
    place = place_for("visit.import", by=by, uid=given.place)
    return record_visit(
        by=by,
        edition_uid=given.edition,
        seen=Seen(
            contact=given.contact,
            place=place,
            occurred_at=given.occurred_at,
            employee=employee_visited(by=by, uid=given.employee, place=place, at=given.occurred_at)
            if given.employee
            else None,
            evaluator=None if given.evaluator_name else by.person,
            evaluator_name=given.evaluator_name,
            channel=given.channel,
            wanted=given.wanted,
            blind=given.blind,
        ),
        marks=given.marks,
    )
