"""Simulated companies whose truth is known: what intervals and ranks are checked against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import polars as pl
import pyarrow as pa
from scipy.special import expit

from gracja.engine import tables
from gracja.engine.edition.model import Edition
from gracja.engine.measure.cells import Floats, Places

Law = Literal["normal", "skewed", "heavy_tailed", "of_two_kinds"]
_DRAW: Final[Mapping[Law, Callable[[np.random.Generator, int], Floats]]] = {  # of mean 0 and deviation 1
    "normal": lambda random, size: random.normal(0, 1, size),
    "skewed": lambda random, size: random.exponential(1, size) - 1,
    "heavy_tailed": lambda random, size: random.standard_t(3, size) / np.sqrt(3),
    "of_two_kinds": lambda random, size: np.where(random.random(size) < 0.25, -np.sqrt(3), np.sqrt(1 / 3)),
}
_NODES, _MASSES = np.polynomial.hermite_e.hermegauss(21)


@dataclass(frozen=True)
class Shape:
    """How large a company is, and by how much (in logits) its parts differ.

    contacts: fewest and most contacts of an employee. places: 1 for none. contact_spread: how much the marks
    of one contact hang together. share_met: of an average employee and standard, 0-1. employees_are,
    evaluators_are: how they lie around their mean, which the model holds to be normal.
    """

    employees: int = 12
    standards: int = 8
    evaluators: int = 5
    places: int = 1
    contacts: tuple[int, int] = (10, 30)
    employee_spread: float = 0.5
    standard_spread: float = 1.0
    evaluator_spread: float = 0.4
    place_spread: float = 0.0
    contact_spread: float = 0.0
    share_met: float = 0.7
    employees_are: Law = "normal"
    evaluators_are: Law = "normal"


@dataclass(frozen=True)
class Company:
    """One company of a shape: its marks as codes, and the truth.

    met, contact, employee, standard, evaluator, place: (marks,). base: (employees,) the true share met,
    over all standards alike, by each employee at their place under an average evaluator (severity 0).
    """

    shape: Shape
    met: Floats
    contact: Places
    employee: Places
    standard: Places
    evaluator: Places
    place: Places
    base: Floats


def simulated_company(
    random: np.random.Generator, shape: Shape, *, employee: Floats | None = None
) -> Company:
    """Draw effects from their distributions, then a mark for each contact and standard.

    employee: (employees,) effects in logits, where they are not to be drawn.
    """
    if employee is None:
        employee = _DRAW[shape.employees_are](random, shape.employees) * shape.employee_spread
    standard = random.normal(0, shape.standard_spread, shape.standards)
    severity = _DRAW[shape.evaluators_are](random, shape.evaluators) * shape.evaluator_spread
    place = random.normal(0, shape.place_spread, shape.places)
    works_at = np.arange(shape.employees, dtype=np.int32) % np.int32(shape.places)
    intercept = float(np.log(shape.share_met / (1 - shape.share_met)))
    count = random.integers(shape.contacts[0], shape.contacts[1] + 1, shape.employees)
    who = np.repeat(np.arange(shape.employees, dtype=np.int32), count)
    eye = random.integers(0, shape.evaluators, len(who)).astype(np.int32)
    mood = random.normal(0, 1, len(who)) * shape.contact_spread
    true = intercept + (employee + place[works_at])[:, None] + standard
    shares = true[who]
    shares += (mood - severity[eye])[:, None]
    expit(shares, out=shares)  # of millions of marks: in place
    met = np.less(random.random(shares.shape), shares).ravel()
    del shares
    base = np.zeros(shape.employees)
    for node, mass in zip(_NODES, _MASSES / _MASSES.sum(), strict=True):
        base += mass * expit(true + shape.contact_spread * node).mean(axis=1)
    return Company(
        shape,
        met.astype(np.float64),
        np.repeat(np.arange(len(who), dtype=np.int32), shape.standards),
        np.repeat(who, shape.standards),
        np.tile(np.arange(shape.standards, dtype=np.int32), len(who)),
        np.repeat(eye, shape.standards),
        np.repeat(works_at[who], shape.standards),
        base,
    )


def edition_of(shape: Shape) -> Edition:
    """One part with as many alike yes-or-no standards."""
    standards = [
        {"standard": f"s{i:03}", "behaviour": "x", "channels": ["in_person"]} for i in range(shape.standards)
    ]
    return Edition.model_validate(
        {
            "gracja": 1,
            "id": "simulated",
            "version": 1,
            "title": "Simulated",
            "service": {"kind": "encounter"},
            "sequence": [
                {
                    "part": "all",
                    "title": "All",
                    "enhancers": [{"enhancer": "all", "title": "All", "standards": standards}],
                }
            ],
        }
    )


def observations_of(company: Company) -> pa.Table:
    """The marks as visits; employees are named e0000, e0001 ... in the order of `base`."""

    def named(prefix: str, codes: Places) -> pl.Expr:
        return pl.lit(pl.Series(codes)).cast(pl.String).str.zfill(6).str.replace("^", prefix)

    frame = pl.select(
        contact=named("c", company.contact),
        segment=pl.lit(0),
        employee=pl.lit(pl.Series(company.employee)).cast(pl.String).str.zfill(4).str.replace("^", "e"),
        standard=pl.lit(pl.Series(company.standard)).cast(pl.String).str.zfill(3).str.replace("^", "s"),
        edition=pl.lit("simulated@1"),
        source=pl.lit("visit"),
        evaluator=named("v", company.evaluator),
        place=named("p", company.place),
        status=pl.lit("marked"),
        value=pl.Series(company.met),
        revision=pl.lit(0),
    )
    columns = {name: frame[name].to_arrow() for name in frame.columns}
    nothing: dict[str, list[Any]] = {"evidence": [[]] * len(frame)}
    return pa.Table.from_arrays(
        [
            columns[field.name].cast(field.type)
            if field.name in columns
            else pa.array(nothing.get(field.name, [None] * len(frame)), type=field.type)
            for field in tables.OBSERVATIONS
        ],
        schema=tables.OBSERVATIONS,
    )
