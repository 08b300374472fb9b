"""Measurements and their results, as the pages of results show them."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.utils.translation import get_language
from ninja import Query, Router, Schema
from pydantic import Field

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_list, page_of_rows
from gracja.app.api.shapes import Day, Given, Moment, Page, Uid, UidInPath
from gracja.app.measurement.selectors import results
from gracja.app.measurement.selectors.fresh import Fresh
from gracja.app.measurement.selectors.model_fit import Follows
from gracja.app.measurement.selectors.newest import latest_run_of
from gracja.app.measurement.selectors.nights import nights_for
from gracja.app.measurement.selectors.results import Shown
from gracja.app.measurement.selectors.runs import LeftOut, left_out
from gracja.app.measurement.services.nights import change_nights
from gracja.app.measurement.services.runs import ask_for_run
from gracja.app.tokens.scopes import OWN
from gracja.engine.edition.texts import in_language
from gracja.wording import say

if TYPE_CHECKING:
    from gracja.app.measurement.models import Run

router = Router()


class LeftOutOut(Schema):
    """What did not count, because there are visits."""

    conversations: int
    people: int = Field(description="Those who have conversations only, and so no result here.")
    why: str = Field(description="In the caller's language.")


class RunOut(Schema):
    """One measurement of one edition."""

    uid: Uid
    edition: str = Field(description="Such as `salon@3`.")
    period_start: date
    period_end: date
    state: str = Field(description="queued, running, done or failed.")
    nightly: bool = Field(description="Begun by itself; else somebody asked for it.")
    share_done: float = Field(description="0 to 1.")
    engine_version: str
    asked_at: Moment
    finished_at: Moment | None
    trouble: dict[str, Any] = Field(description="Where it failed: `code` and `facts`.")
    measured_on: str | None = Field(description="visits or conversations; null: not measured yet.")
    left_out: LeftOutOut | None = Field(
        description="Null: no whole conversations were left out; marks of single standards may have been."
    )

    @staticmethod
    def resolve_edition(run: Run) -> str:
        return run.edition.name

    @staticmethod
    def resolve_measured_on(run: Run) -> str | None:
        return {"human": "visits", "automatic": "conversations"}.get(run.basis.get("on", ""))

    @staticmethod
    def resolve_left_out(run: Run) -> dict[str, Any] | None:
        found = left_out(run)
        return (
            {"conversations": found.conversations, "people": found.people, "why": _why(found)}
            if found
            else None
        )


class RunAsked(Given):
    """What is to be measured."""

    edition: Uid = Field(description="The `uid` of a published edition.")
    period_start: Day | None = Field(None, description="From the day on which the edition took effect.")
    period_end: Day | None = Field(None, description="Until today.")


class NightsOut(Schema):
    """When everything in which anything changed is measured by itself."""

    hour: int | None = Field(description="0 to 23, by the company's clock; null: never.")
    next_at: Moment | None
    last_night: date | None = Field(
        description="The last night that is over by this hour, measured or not; null: none yet."
    )


class NightsGiven(Given):
    """From the next night on."""

    hour: int | None = Field(ge=0, le=23, description="By the company's clock; null: never.")


class EstimateOut(Schema):
    """A share in 0-1 with its 95 % interval; null: not measured."""

    value: float | None
    low: float | None
    high: float | None
    level: float = Field(description="The level aspired to.")


class FreshOut(Schema):
    """Base with the contacts since the measurement: provisional, until the next. Nothing else moves."""

    contacts: int = Field(description="New ones.")
    base: EstimateOut


class FollowsOut(Schema):
    """Whether marks are as the rating model leads to expect; all null: not known yet (under 20 marks)."""

    marks: int
    surprise: float | None = Field(description="Infit: 1 as expected, more is more erratic.")
    low: float | None = Field(description="Where chance alone leaves it, of all of its kind together.")
    high: float | None
    word: str = Field(description="expected, erratic, regular; unknown: not known yet.")
    slope: float | None = Field(
        description="Of a standard, how much its marks rise with who is better: 1 as usual, 0 not at all."
    )
    slope_low: float | None
    slope_high: float | None


class ResultOut(Schema):
    """What was measured of one person, place, part or standard."""

    kind: str = Field(description="employee, place, part, standard.")
    subject: str = Field(description="The `uid` of the person or place, or the id of the part or standard.")
    title: str
    contacts: int
    base: EstimateOut
    fit: EstimateOut
    initiative: EstimateOut
    since: FreshOut | None = Field(description="Null: no new contact, or an older measurement.")
    grade: str | None = Field(description="below, standard, above, exceptional; null: not known yet.")
    provisional: str | None = Field(description="Why the result is provisional, if it is.")
    in_training: bool = Field(description="Shown apart.")
    classic: float | None = Field(
        description="What checklists compute, as a share, beside the measure; a bonus may pass 1."
    )
    follows: FollowsOut | None = Field(description="Of other people's results only; null: not told here.")


class StandardResultOut(Schema):
    """What was measured of one standard in the whole company."""

    standard: str = Field(description="Its id in the edition.")
    part: str = Field(description="The id of the part that it belongs to.")
    behaviour: str = Field(description="In the caller's language.")
    measure: str = Field(description="base, fit or initiative: the measure that it counts in.")
    contacts: int
    share: EstimateOut = Field(description="Of the contacts in which it was met.")
    classic: float | None = Field(description="The plain share that checklists compute.")
    follows: FollowsOut
    tells_nobody_apart: bool = Field(description="Known: it hardly rises with who is better.")


@reads(router, "/runs", scope="result.read", response=Page[RunOut])
def list_runs(request: Called, paging: Query[Paging]) -> Any:
    """Measurements, newest first."""
    return page_of_rows(results.readable_runs(by=request.auth), paging, newest_first=True)


@reads(router, "/runs/{uid}", scope="result.read", response=RunOut)
def get_run(request: Called, uid: UidInPath) -> Any:
    """One measurement: how far it is, or what went wrong."""
    return run_of(request, uid)


@writes(router, "POST", "/runs", scope="measurement.run", response={202: RunOut})
def start_run(request: Called, given: RunAsked) -> Any:
    """Measure an edition, in the background. Ask for the run until it is done."""
    return ask_for_run(
        by=request.auth,
        edition_uid=given.edition,
        period_start=given.period_start,
        period_end=given.period_end,
    )


@reads(router, "/nights", scope="result.read", response=NightsOut)
def get_nights(request: Called) -> Any:
    """When everything is measured by itself."""
    return nights_for(by=request.auth)


@writes(router, "PUT", "/nights", scope="measurement.run", response=NightsOut)
def set_nights(request: Called, given: NightsGiven) -> Any:
    """Choose the hour, or never. Again changes nothing."""
    change_nights(by=request.auth, hour=given.hour)
    return nights_for(by=request.auth)


@reads(router, "/runs/{uid}/people", scope="result.read", response=Page[ResultOut])
def list_people_results(request: Called, uid: UidInPath, paging: Query[Paging]) -> Any:
    """Results of the people whom one may see, in no order of merit."""
    run = run_of(request, uid)
    page = page_of_rows(results.people_results(by=request.auth, run=run), paging, key="subject")
    shown = results.shown_people(page["items"], run)
    return page | {"items": [_out(one, own=one.title == request.auth.person) for one in shown]}


@reads(router, "/runs/{uid}/places", scope="result.read", response=Page[ResultOut])
def list_place_results(request: Called, uid: UidInPath, paging: Query[Paging]) -> Any:
    """Results of the places where one may read results."""
    run = run_of(request, uid)
    return _page(results.place_results(by=request.auth, run=run), paging)


@reads(router, "/runs/{uid}/standards", scope="result.read", response=Page[StandardResultOut])
def list_standard_results(request: Called, uid: UidInPath, paging: Query[Paging]) -> Any:
    """Results of the edition's standards, over everybody, in the order of the sequence."""
    run = run_of(request, uid)
    shown = [
        {
            "standard": one.standard.standard,
            "part": part.part.part,
            "behaviour": in_language(one.standard.behaviour, _language()),
            "measure": one.measure,
            "contacts": one.contacts,
            "share": vars_of(one.estimate),
            "classic": one.classic,
            "follows": follows_of(one.follows),
            "tells_nobody_apart": one.follows.tells_nobody_apart,
            "place": f"{place:05}",
        }
        for place, (part, one) in enumerate(
            (part, one)
            for part in results.standard_results(by=request.auth, run=run)
            for one in part.standards
        )
    ]
    return page_of_list(shown, paging, itemgetter("place"))


@reads(router, "/me/result", scope=OWN, response=ResultOut, also=(404,))
def get_my_result(request: Called) -> Any:
    """One's own result in the newest measurement."""
    run = latest_run_of(request.auth.person.uid)
    shown = run and results.result_of(by=request.auth, run=run, person_uid=request.auth.person.uid)
    if not shown:
        raise Http404
    return _out(shown, own=True)


def run_of(request: Called, uid: str) -> Run:
    run = results.readable_runs(by=request.auth).filter(uid=uid).first()
    if run is None:
        raise Http404
    return run


def _page(shown: list[Shown], paging: Paging) -> dict[str, Any]:
    page = page_of_list(shown, paging, lambda one: one.result.subject)
    return page | {"items": [_out(one) for one in page["items"]]}


def _out(shown: Shown, *, own: bool = False) -> dict[str, Any]:
    row, told = shown.fact, shown.result.subject_kind == "employee" and not own
    ours = shown.result.person or shown.result.place
    return {
        "kind": shown.result.subject_kind,
        "subject": ours.uid if ours else shown.result.subject,
        "title": str(shown.title),
        "contacts": shown.contacts,
        "grade": row["grade"],
        "provisional": row["provisional"],
        "in_training": shown.trainee,
        "classic": shown.classic,
        "follows": follows_of(shown.follows) if told else None,
        "since": _since(shown.fresh),
        **{name: vars_of(estimate) for name, estimate in shown.estimates.items()},
    }


def follows_of(found: Follows) -> dict[str, Any]:
    names = ("marks", "surprise", "low", "high", "word", "slope", "slope_low", "slope_high")
    return {name: getattr(found, name) for name in names}


def _since(fresh: Fresh | None) -> dict[str, Any] | None:
    return {"contacts": fresh.contacts, "base": vars_of(fresh.base)} if fresh else None


def _why(found: LeftOut) -> str:
    said = [say("conversations_left_out", _language(), area="report", conversations=found.conversations)]
    if found.people:
        said.append(say("conversations_left_out_people", _language(), area="report", people=found.people))
    return " ".join(said)


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def vars_of(estimate: Any) -> dict[str, Any]:
    return {name: getattr(estimate, name) for name in ("value", "low", "high", "level")}
