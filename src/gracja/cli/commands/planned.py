"""What `gracja plan` works out, and its reviews as a sheet for evaluators."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import polars as pl

from gracja.engine.measure import measure
from gracja.engine.measure.planning.connecting import Connecting, People
from gracja.engine.measure.planning.grounds import Grounds, assumed_at
from gracja.engine.measure.planning.next_reviews import Choice, Review
from gracja.engine.measure.planning.plan import connecting_of, grounds_of, next_of
from gracja.engine.measure.planning.sizes import Question, Size, to_narrow, to_tell_apart
from gracja.wording import say

if TYPE_CHECKING:
    import pyarrow as pa

    from gracja.engine.edition.model import Edition
    from gracja.engine.measure import Measured

_EMPLOYEES: Final = 20
_EVALUATORS: Final = 3
_SHARE_MET: Final = 0.75
_DELIMITER: Final = {"pl": ";", "en": ","}


@dataclass(frozen=True)
class Asked:
    """What is wanted. within: half of the interval; apart: two shares to tell apart instead, with `power`.

    evaluators, employees: how many; None: as many as the observations name. names: evaluators to be asked
    beside those who have marked.
    """

    within: float
    apart: tuple[float, float] | None
    power: float
    evaluators: int | None
    employees: int | None
    next: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Planned:
    """sizes: designs that are enough. twice: with two reviews of each contact. fewest: evaluators with whom
    any number of contacts is enough. reviews, connecting: of observations; none without.
    """

    asked: Asked
    grounds: Grounds
    evaluators: int
    sizes: list[Size]
    twice: Size | None
    fewest: int | None
    reviews: list[Review]
    connecting: Connecting | None


def planned(asked: Asked, edition: Edition, observations: pa.Table | None) -> Planned:
    """Raises EngineInputError: as measuring and planning."""
    if observations is None:
        standards = sum(standard.rung == "base" for _, _, standard in edition.standards())
        grounds = assumed_at(_SHARE_MET, standards=max(standards, 1), employees=asked.employees or _EMPLOYEES)
        return _answered(asked, grounds, asked.evaluators or _EVALUATORS, [], None)
    measured = measure(observations, edition)
    grounds = grounds_of(measured)
    places, evaluators = _who(measured, asked.names)
    if asked.employees is not None:
        grounds = replace(grounds, employees=asked.employees)
    reviews = next_of(measured, Choice(places, evaluators), asked.next) if asked.next else []
    connecting = connecting_of(measured, People(places, evaluators))
    return _answered(asked, grounds, asked.evaluators or len(evaluators), reviews, connecting)


def _who(measured: Measured, names: tuple[str, ...]) -> tuple[dict[str, list[str]], list[str]]:
    """Employees with the places where they were seen, and evaluators."""
    results = measured.results.select(["subject_kind", "subject"]).to_pylist()
    seen = measured.fitted.frame.select("employee", "place").drop_nulls().unique().sort("employee", "place")
    places: dict[str, list[str]] = {
        row["subject"]: [] for row in results if row["subject_kind"] == "employee"
    }
    for employee, place in seen.filter(pl.col("place") != "\uffff").rows():
        places.setdefault(employee, []).append(place)
    marked = [row["subject"] for row in results if row["subject_kind"] == "evaluator"]
    return places, sorted({*marked, *names})


def _answered(
    asked: Asked, grounds: Grounds, evaluators: int, reviews: list[Review], connecting: Connecting | None
) -> Planned:
    question: Question
    if asked.apart is None:
        question = to_narrow(grounds, asked.within)
    else:
        question = to_tell_apart(grounds, *asked.apart, asked.power)
    sizes, fewest = question.sizes(evaluators), question.fewest_evaluators()
    twice = question.size(evaluators, 2)
    return Planned(asked, grounds, evaluators, sizes, twice, fewest, reviews, connecting)


def reviews_as_csv(reviews: list[Review], lang: str) -> str:
    """One row a review, for evaluators: who reads whom, where, and what to watch most."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=_DELIMITER[lang])
    writer.writerow(
        [say(f"plan_column_{name}", lang) for name in ("evaluator", "employee", "place", "watch")]
    )
    for one in reviews:
        writer.writerow([one.evaluator, one.employee, one.place or "", ", ".join(one.standards)])
    return out.getvalue()
