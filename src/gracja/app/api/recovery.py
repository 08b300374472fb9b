"""Failures and complaints: noted by programs, and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.shapes import Day, Given, Moment, Page, Text, Uid, UidInPath
from gracja.app.common.refused import Refused
from gracja.app.contacts.services.customers.finding import find_customer
from gracja.app.gestures.recovery.selectors import Sought, case_for, cases, customers_of
from gracja.app.gestures.recovery.services.cases import Happened, note_case
from gracja.app.organisation.selectors.places import place_for

if TYPE_CHECKING:
    from gracja.app.gestures.recovery.models import Case

router = Router()


class CaseOut(Schema):
    """A failure or complaint, and where it stands."""

    uid: Uid
    kind: Literal["complaint", "failure"]
    place: Uid
    part: str = Field(description="Of the sequence: `salon@3:welcome`; empty where it is not known.")
    what: str = Field(description="Empty where the customer was erased.")
    happened_at: Moment
    received_on: Day | None = Field(
        description="When a complaint came; null of a failure, and of complaints noted before this was asked."
    )
    noted_at: Moment
    owner: Uid | None = Field(description="Who sees to it.")
    due_on: Day
    state: Literal["open", "promised", "done", "refused"]
    remedy: str
    cost_minor: int | None = Field(description="In the smallest unit; null where it is not known, never 0.")
    currency: str
    answer: str
    told: Literal["", "yes", "not_yet", "impossible"] = Field(
        description="Whether the customer knows; empty while it waits."
    )

    @staticmethod
    def resolve_place(case: Case) -> str:
        return case.place.uid

    @staticmethod
    def resolve_part(case: Case) -> str:
        return f"{case.edition}:{case.part}" if case.part else ""

    @staticmethod
    def resolve_owner(case: Case) -> str | None:
        return case.owner.uid if case.owner else None


class CaseOfCustomerOut(CaseOut):
    """One failure or complaint, with the customer."""

    customer: Uid | None = Field(description="Null where nobody is known, or they were erased.")

    @staticmethod
    def resolve_customer(case: Case) -> str | None:
        found = customers_of([case.customer_key]).get(case.customer_key)
        return found.uid if found else None


class CaseGiven(Given):
    """What went wrong."""

    kind: Literal["complaint", "failure"] = Field(
        description="Whether the customer complains, or you noticed it yourselves."
    )
    place: Uid
    what: Text = Field(min_length=1, max_length=2000)
    happened_at: AwareDatetime
    received_on: Day | None = Field(
        None, description="When the complaint came, today at the latest; null: today. Of a failure unused."
    )
    customer: Text = Field(
        "", max_length=200, description="`uid`, number, telephone or e-mail; empty: nobody known."
    )
    part: Text = Field("", max_length=180, description="Of a sequence in force: `salon@3:welcome`.")
    own: bool = Field(default=False, description="Whether the token’s person sees to it.")


class Asked(Paging):
    show: Literal["waiting", "overdue", "not_told", "closed", "all"] = "waiting"
    place: Text = Field("", max_length=22, description="The `uid` of a place; those below it count.")


@reads(router, "/recovery-cases", scope="advice.ask", response=Page[CaseOut])
def list_cases(request: Called, asked: Query[Asked]) -> Any:
    """Cases that the token’s person owns or noted, and with the scope `gesture.approve` those of their
    places; the latest noted first.
    """
    found = cases(by=request.auth, sought=Sought(show=asked.show, place=asked.place))
    return page_of_rows(found, asked, newest_first=True)


@reads(router, "/recovery-cases/{uid}", scope="advice.ask", response=CaseOfCustomerOut)
def get_case(request: Called, uid: UidInPath) -> Any:
    """One case, with what was promised and answered; 404 for whoever may not see it."""
    return case_for(by=request.auth, uid=uid)


@writes(router, "POST", "/recovery-cases", scope="advice.ask", response={201: CaseOfCustomerOut}, also=(404,))
def add_case(request: Called, given: CaseGiven) -> Any:
    """Note a failure or complaint. Finding the customer needs the scope `customer.find`."""
    by = request.auth
    customer = find_customer(by=by, given=given.customer) if given.customer.strip() else None
    if given.customer.strip() and customer is None:
        raise Refused("case_customer_unknown")
    place = place_for("advice.ask", by=by, uid=given.place)
    happened = Happened(
        place,
        given.kind,
        given.what,
        given.happened_at,
        customer,
        given.part,
        received_on=given.received_on,
    )
    return note_case(by=by, happened=happened, own=given.own)
