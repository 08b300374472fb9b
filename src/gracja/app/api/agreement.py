"""Beside the results of a measurement: evaluators, agreement, and how shares went over time."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import Any

from django.http import Http404
from ninja import Field, Query, Router, Schema

from gracja.app.api.callers import Called
from gracja.app.api.measurement import EstimateOut, FollowsOut, follows_of, run_of, vars_of
from gracja.app.api.operations import reads
from gracja.app.api.paging import Paging, page_of_list
from gracja.app.api.shapes import Page, Uid, UidInPath
from gracja.app.measurement.selectors.agreement import Agreed, Anchored, Measured, agreement
from gracja.app.measurement.selectors.courses import CourseShown, courses_readable
from gracja.app.measurement.selectors.evaluators import strictness
from gracja.app.organisation.access import may

router = Router()


class EvaluatorOut(Schema):
    """How one evaluator marks."""

    name: str = Field(description="Empty: an evaluator from outside whose name is not known any more.")
    contacts: int
    share: EstimateOut = Field(
        description="What they would mark where an average evaluator marks `level`; null: cannot be told."
    )
    follows: FollowsOut


class FigureOut(Schema):
    """A figure with its 95 % interval; null: not measured, or no honest interval."""

    value: float | None
    low: float | None
    high: float | None


class AgreedOut(Schema):
    """Agreement on one standard, or on all together."""

    between: str = Field(description="people; detector: people and the detector.")
    standard: str | None = Field(description="Null: all together.")
    marks: int = Field(description="That two judged.")
    contacts: int
    same: FigureOut = Field(description="Share of pairs of judgements that say the same.")
    beyond: FigureOut = Field(
        description="Beyond chance: Krippendorff's alpha among people, Cohen's kappa against the detector."
    )
    ac1: FigureOut = Field(description="Gwet's AC1, among people.")


class AnchoredOut(Schema):
    """Marks beside an automatic one, made without having seen it or after."""

    blind: int
    seen: int
    unknown: int
    same_blind: float | None = Field(description="Share that says what the detector says.")
    same_seen: float | None
    more: FigureOut = Field(description="How much more often after it was seen.")


class AgreementOut(Schema):
    """How far people agree with each other and with the detector."""

    rows: list[AgreedOut]
    anchored: AnchoredOut


class PeriodOut(Schema):
    """One week or month; share and limits null: not measured, because nothing was marked, or the marks of
    fewer than three people could be told; met and judged are then 0.
    """

    begins: date
    met: int
    judged: int
    share: float | None
    low: float | None = Field(description="Where chance alone leaves the share (Laney's p').")
    high: float | None
    smoothed: float | None = Field(description="The moving average.")
    signal: int = Field(description="Bits: 1 outside the limits, 2 too many in a row, 4 drifting.")


class ChangeOut(Schema):
    """A lasting change that is more than chance."""

    since: date
    before: float
    after: float


class CourseOut(Schema):
    """How a share went over time. No period rests on fewer than three people, nor can one be worked out that
    does: the whole company's courses leave such marks out, or count those of small places together.
    """

    place: Uid | None = Field(description="Null: the whole company.")
    standard: str | None = Field(description="Null: all base standards together.")
    grain: str = Field(description="week or month.")
    centre: float = Field(description="The share of all periods.")
    change: ChangeOut | None
    periods: list[PeriodOut]


@reads(router, "/runs/{uid}/evaluators", scope="result.read", response=Page[EvaluatorOut], also=(404,))
def list_evaluators(request: Called, uid: UidInPath, paging: Query[Paging]) -> Any:
    """How strictly and how evenly each evaluator marks; for those who read the whole company's results."""
    run = run_of(request, uid)
    if not may(request.auth, "result.read"):
        raise Http404
    shown = [
        {
            "name": str(one.title),
            "contacts": one.contacts,
            "share": vars_of(one.share),
            "follows": follows_of(one.follows),
            "place": f"{place:05}",
        }
        for place, one in enumerate(strictness(by=request.auth, run=run).evaluators)
    ]
    return page_of_list(shown, paging, itemgetter("place"))


@reads(router, "/runs/{uid}/agreement", scope="result.read", response=AgreementOut, also=(404,))
def get_agreement(request: Called, uid: UidInPath) -> Any:
    """How far people agree with each other and with the detector; 404 where it was not reckoned."""
    found = agreement(by=request.auth, run=run_of(request, uid))
    if found is None:
        raise Http404
    rows = [("people", one) for one in found.people] + [("detector", one) for one in found.detector]
    return {"rows": [_agreed(*row) for row in rows], "anchored": _anchored(found.anchored)}


@reads(router, "/runs/{uid}/over-time", scope="result.read", response=Page[CourseOut])
def list_courses(request: Called, uid: UidInPath, paging: Query[Paging]) -> Any:
    """How shares of places and standards went, as far as one may read them."""
    shown = courses_readable(by=request.auth, run=run_of(request, uid))
    page = page_of_list(shown, paging, lambda one: f"{one.course.pk:012}")
    return page | {"items": [_course(one) for one in page["items"]]}


def _course(one: CourseShown) -> dict[str, Any]:
    names = ("begins", "met", "judged", "share", "low", "high", "smoothed", "signal")
    change = one.change
    return {
        "place": one.place.uid if one.place else None,
        "standard": one.course.standard or None,
        "grain": one.course.grain,
        "centre": one.course.centre,
        "change": change and {"since": change.since, "before": change.before, "after": change.after},
        "periods": [{name: getattr(point, name) for name in names} for point in one.points],
    }


def _agreed(between: str, one: Agreed) -> dict[str, Any]:
    return {
        "between": between,
        "standard": one.standard.standard if one.standard else None,
        "marks": one.marks,
        "contacts": one.contacts,
        **{name: _figure(getattr(one, name)) for name in ("same", "beyond", "ac1")},
    }


def _anchored(one: Anchored) -> dict[str, Any]:
    names = ("blind", "seen", "unknown", "same_blind", "same_seen")
    return {name: getattr(one, name) for name in names} | {"more": _figure(one.more)}


def _figure(one: Measured) -> dict[str, float | None]:
    return {"value": one.value, "low": one.low, "high": one.high}
