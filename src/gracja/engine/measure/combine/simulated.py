"""Simulated companies with a detector whose errors are known: what intervals are checked against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from scipy.special import expit, logit

from gracja.engine.measure.cells import Floats


@dataclass(frozen=True)
class Watched:
    """A company that a detector watches.

    reviews, conversations: of each employee; the reviews are of some of the conversations. sensitivity,
    specificity: of the detector, 0-1; error_spread: by how much, in logits, they differ between employees;
    biased_against: how much less sensitive, in logits, it is at the first place. employees_are: how their
    effects, of standard deviation employee_spread, are distributed. share_met: of an average employee.
    """

    employees: int = 40
    standards: int = 1
    places: int = 1
    reviews: int = 3
    conversations: int = 200
    sensitivity: float = 0.9
    specificity: float = 0.9
    error_spread: float = 0.0
    biased_against: float = 0.0
    employee_spread: float = 0.7
    standard_spread: float = 0.8
    employees_are: Literal["normal", "skewed", "of_two_kinds"] = "normal"
    share_met: float = 0.7


def simulated_marks(
    random: np.random.Generator, company: Watched
) -> tuple[pl.DataFrame, pl.DataFrame, Floats]:
    """(human marks, automatic marks, (employees,) true share met over all standards alike)."""
    people, standards = company.employees, company.standards
    effect = company.employee_spread * _drawn(random, company)
    standard = random.normal(0, company.standard_spread, standards) if standards > 1 else np.zeros(1)
    place = np.arange(people) % company.places
    share = expit(logit(company.share_met) + effect[:, None] + standard)
    away = (
        random.normal(0, company.error_spread, (2, people)) if company.error_spread else np.zeros((2, people))
    )
    finds = expit(logit(company.sensitivity) + away[0] - company.biased_against * (place == 0))
    spares = expit(logit(company.specificity) + away[1])
    shape = (people, company.conversations, standards)
    met = random.random(shape) < share[:, None]
    chance = np.where(met, finds[:, None, None], 1 - spares[:, None, None])
    marked = random.random(shape) < chance
    who, contact, what = (axis.ravel() for axis in np.indices(shape))
    everything = pl.DataFrame({
        "contact": pl.Series(who * company.conversations + contact).cast(pl.String),
        "segment": 0,
        "employee": pl.Series([f"e{i:05}" for i in range(people)]).gather(who),
        "standard": pl.Series([f"s{i:03}" for i in range(standards)]).gather(what),
        "place": pl.Series([f"p{i:03}" for i in range(company.places)]).gather(place[who]),
        "evaluator": pl.Series([None] * len(who), dtype=pl.String),
        "value": marked.ravel().astype(np.float64),
        "met": met.ravel().astype(np.float64),
        "number": contact,
    })  # fmt: skip
    reviewed = everything.filter(pl.col("number") < company.reviews)
    human = reviewed.with_columns(value="met", evaluator=pl.lit("jan")).drop("met", "number")
    return human, everything.drop("met", "number"), np.asarray(share.mean(axis=1))


def _drawn(random: np.random.Generator, company: Watched) -> Floats:
    """(employees,) of mean 0 and deviation 1."""
    people = company.employees
    if company.employees_are == "skewed":
        return 1 - random.exponential(1.0, people)
    if company.employees_are == "of_two_kinds":  # three in ten far below the others
        return np.where(random.random(people) < 0.3, -1.5275, 0.6547)
    return random.normal(0.0, 1.0, people)
