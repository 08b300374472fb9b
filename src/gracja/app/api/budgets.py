"""Budgets and statements of gestures, to be read."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import Http404
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.shapes import Moment, Page, Text, Uid
from gracja.app.gestures.selectors import budgets as selectors
from gracja.app.gestures.selectors.statement import Statement, statement
from gracja.app.organisation.selectors.company import today_here

if TYPE_CHECKING:
    from gracja.app.gestures.models import Budget, Entry

router = Router()


def _is_month(text: str) -> str:
    try:
        date.fromisoformat(f"{text}-01")
    except ValueError:
        raise PydanticCustomError("month", "no month") from None
    return text


Month = Annotated[Text, Field(pattern=r"^[12]\d{3}-\d{2}$", examples=["2026-11"]), AfterValidator(_is_month)]


class BudgetOut(Schema):
    """What a place may spend on gestures in a period, both days included. Amounts in minor units."""

    uid: Uid
    place: Uid
    first_day: date
    last_day: date
    currency: str
    amount_minor: int
    reserved_minor: int = Field(description="Promised, and not yet spent.")
    spent_minor: int
    left_minor: int

    @staticmethod
    def resolve_place(budget: Budget) -> str:
        return budget.place.uid

    @staticmethod
    def resolve_left_minor(budget: Budget) -> int:
        return budget.left.minor


class StatementLineOut(Schema):
    """Sums of the month's entries, in minor units of the currency."""

    kind: Literal["gift", "discount", "covered_cost", "personal_contact"] | None = Field(
        description="Null: all kinds together."
    )
    currency: str
    asked_for: int = Field(description="Gestures asked for in the month, whatever became of them.")
    set_aside_minor: int
    spent_minor: int
    given_back_minor: int
    expired_minor: int = Field(description="Not used in time.")
    refunded_minor: int
    spent_in_all_minor: int = Field(description="Spent, less what was refunded.")


class StatementOut(Schema):
    """What was entered in the ledger in a month, by each place's own clock."""

    month: str
    place: Uid | None = Field(description="Null: every place where the caller reads gestures.")
    lines: list[StatementLineOut] = Field(
        description="By currency and kind; each currency ends with its total."
    )


class EntryOut(Schema):
    """A line of the ledger, in minor units. It never changes afterwards."""

    kind: Literal["reserve", "commit", "release", "expire", "return"]
    at: Moment
    gesture: Uid
    gesture_kind: Literal["gift", "discount", "covered_cost", "personal_contact"]
    policy: Uid
    budget: Uid
    place: Uid
    amount_minor: int
    currency: str


class EntriesSought(Paging):
    month: Month | None = None
    place: Uid | None = None


@reads(router, "/budgets", scope="gesture.read", response=Page[BudgetOut])
def list_budgets(request: Called, paging: Query[Paging]) -> Any:
    """Budgets of gestures of the places that one may read, newest first."""
    return page_of_rows(selectors.budgets(by=request.auth), paging, newest_first=True)


@reads(router, "/gestures/statement", scope="gesture.read", response=StatementOut, also=(404,))
def get_statement(request: Called, month: Month | None = None, place: Uid | None = None) -> Any:
    """The sums of a month; of this one where none is named. Each is that of the ledger's entries."""
    found = _statement(request, month, place)
    return {
        "month": f"{found.first:%Y-%m}",
        "place": found.place.uid if found.place else None,
        "lines": [
            {
                "kind": line.kind or None,
                "currency": line.currency,
                "asked_for": line.asked_for,
                "set_aside_minor": line.reserve,
                "spent_minor": line.commit,
                "given_back_minor": line.release,
                "expired_minor": line.expire,
                "refunded_minor": line.returned,
                "spent_in_all_minor": line.spent,
            }
            for line in found.lines
        ],
    }


@reads(router, "/gestures/statement/entries", scope="gesture.read", response=Page[EntryOut], also=(404,))
def list_entries(request: Called, sought: Query[EntriesSought]) -> Any:
    """The entries of the ledger behind the sums of a month, in the order in which they were made."""
    page = page_of_rows(_statement(request, sought.month, sought.place).entries, sought)
    return page | {"items": [_entry(one) for one in page["items"]]}


def _statement(request: Called, month: str | None, place: str | None) -> Statement:
    day = date.fromisoformat(f"{month}-01") if month else today_here()
    found = statement(by=request.auth, month=day, place_uid=place or "")
    if place and found.place is None:
        raise Http404
    return found


def _entry(one: Entry) -> dict[str, Any]:
    policy = one.gesture.terms.policy
    return {
        "kind": one.kind,
        "at": one.at,
        "gesture": one.gesture.uid,
        "gesture_kind": policy.kind,
        "policy": policy.uid,
        "budget": one.budget.uid,
        "place": one.budget.place.uid,
        "amount_minor": one.amount_minor,
        "currency": one.budget.currency,
    }
