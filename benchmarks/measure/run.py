"""How fast a company is measured, and how near its fits come to published ones.

./run bench measure [--only PART] [--ten-million] [--replications N]

Parts: rating (all intervals of simulated companies of 10^5 and 10^6 marks, four facets; with --ten-million
10^7, too), wide (10^6 marks of 30,000 employees at 20,000 places, everything that `measure` tells), published
(VerbAgg and InstEval against lme4's optima), lme4 (the same marks fitted by R's lme4 in this run, where it is
installed), agreement (10,000 draws on 10^6 units), charts (Laney's p' with an EWMA and run rules for 10^5
places and 365 days), together (people and a detector in one likelihood, N simulated companies of each kind),
scales (10^5 ordered marks), held-out (published ratings, and agents' second halves, predicted). Times are CPU
seconds of one core, after the code has been compiled.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from figure import figure, machine
from held_out import predict
from numpy.typing import NDArray
from peers import Asked, against_lme4
from scales import on_scales
from together import together

from gracja.engine.measure import Measured, measure, rating
from gracja.engine.measure.agreement.agreeing import ac1, alpha, kappa
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.over_time.charts import chart
from gracja.engine.measure.posterior import Prediction, posterior_of
from gracja.engine.measure.running import Measure, Running
from gracja.engine.measure.simulated import Company, Shape, edition_of, observations_of, simulated_company

DATA = Path(os.environ.get("GRACJA_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
PEER = "lme4 1.1-31, nAGQ=0, as published in the data's README"
FACETS = ("employee", "standard", "evaluator", "place")


def main() -> None:
    parts: dict[str, Callable[[argparse.Namespace], None]] = {
        "rating": rate,
        "wide": whole,
        "published": compare,
        "lme4": beside,
        "agreement": agree,
        "charts": follow,
        "together": lambda asked: together(asked.replications),
        "scales": lambda _asked: on_scales(),
        "held-out": lambda _asked: predict(DATA),
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=list(parts))
    parser.add_argument("--ten-million", action="store_true")
    parser.add_argument("--replications", type=int, default=100)
    asked = parser.parse_args()
    for name, part in parts.items():
        if asked.only in (None, name):
            print(f"## {name}")
            machine()
            part(asked)


def rate(asked: argparse.Namespace) -> None:
    _intervals(company(20_000, 100))  # compiles
    sizes = {100_000: (500, None), 1_000_000: (5_000, 1.0)}
    if asked.ten_million:
        sizes[10_000_000] = (50_000, 10.0)
    for marks, (employees, goal) in sizes.items():
        drawn = company(marks, employees)
        seconds = _timed(lambda drawn=drawn: _intervals(drawn))
        named = f"{len(drawn.met):,} marks of {employees:,} employees, all intervals"
        figure(named, round(seconds, 2), "CPU s", goal and f"< {goal:g}", goal and seconds < goal)
        if marks == 10_000_000:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
            figure("memory at most, the simulation included", round(peak, 2), "GB", "< 1.5", peak < 1.5)
    figure("a new contact of 10 marks refreshes its employee", round(_refreshed(), 1), "CPU microseconds")


def whole(_asked: argparse.Namespace) -> None:
    """Six or seven contacts of each employee, each marked on five of 40 standards."""
    random, shape = np.random.default_rng(3), Shape(30_000, 40, 200, 20_000, (3, 10), place_spread=0.3)
    drawn = simulated_company(random, shape)
    contacts = len(drawn.met) // shape.standards
    marked = (random.random((contacts, shape.standards)).argsort(axis=1) < 5).ravel()
    fields = ("met", "contact", "employee", "standard", "evaluator", "place")
    observations = observations_of(replace(drawn, **{name: getattr(drawn, name)[marked] for name in fields}))
    found: list[Measured] = []
    seconds = _timed(lambda: found.append(measure(observations, edition_of(shape))))
    named = f"{observations.num_rows:,} marks of 30,000 employees at 20,000 places, all results"
    figure(named, round(seconds, 1), "CPU s")
    results = pl.DataFrame(pl.from_arrow(found[0].results)).filter(pl.col("subject_kind") == "employee")
    truth = drawn.base[results["subject"].str.slice(1).cast(pl.Int64).to_numpy()]
    low, high = (results[name].to_numpy() for name in ("base_low", "base_high"))
    inside = np.mean((low <= truth) & (truth <= high))
    figure("... their 95 % intervals of base hold the truth of", round(float(inside), 4), "of employees")
    seconds = _timed(lambda: found[0].model_fit)
    figure("... who follows the model", round(seconds, 1), "CPU s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    figure("... memory at most, the simulation included", round(peak, 2), "GB", "< 4", peak < 4)


def _refreshed() -> float:
    """Of one contact, in the middle of 20,000."""
    marks = {f"{number:02}": float(number % 3 > 0) for number in range(10)}
    running = Running(Measure(0.0, 0.5, 0.5), 0.3, dict.fromkeys(marks, 0.1), {"jan": 0.2}, {})
    running.add("anna", marks)  # compiles
    return _timed(lambda: [running.add("anna", marks, evaluator="jan") for _ in range(20_000)]) / 20_000 * 1e6


def company(marks: int, employees: int) -> Company:
    """60 standards, 200 evaluators, 50 places; each contact marked on all standards."""
    each = marks / employees / 60
    contacts = (max(1, int(each * 0.5)), max(1, int(each * 1.5)))
    shape = Shape(employees, 60, 200, 50, contacts, place_spread=0.3)
    return simulated_company(np.random.default_rng(1), shape)


def _intervals(drawn: Company) -> None:
    found = posterior_of(drawn.met, {facet: getattr(drawn, facet) for facet in FACETS})
    design = found.design
    people, places = design.column_of("employee"), design.column_of("place")
    entries = [
        entry
        for row in range(drawn.shape.employees)
        for entry in (
            (row, people + row, 1.0),
            (row, places + row % drawn.shape.places, 1.0),
            (row, design.n_columns - 1, 1.0),
        )
    ]
    first = design.column_of("standard")
    standards = tuple(range(first, first + drawn.shape.standards))
    contrasts = Contrasts.of_entries(design, drawn.shape.employees, entries)
    shares = found.predict(Prediction(contrasts, standards, (1.0,) * len(standards)))
    low, high = shares.quantile(0.025), shares.quantile(0.975)
    assert (low < high).all()


def compare(_asked: argparse.Namespace) -> None:
    _against("VerbAgg", *_verbagg(), -4101.549285, (1.373340823, 1.129510794))
    _against("InstEval", *_insteval(), -46430.726447, (0.476983868, 0.799449812))


def beside(_asked: argparse.Namespace) -> None:
    drawn = company(100_000, 500)
    met, facets = drawn.met, {facet: getattr(drawn, facet) for facet in FACETS}
    against_lme4(
        [
            Asked("VerbAgg", *_verbagg(), 40),
            Asked("InstEval, binary", *_insteval(), 40),
            Asked(f"{len(met):,} marks, four facets", met, facets, 100),
        ]
    )


def _verbagg() -> tuple[NDArray[np.float64], dict[str, NDArray[np.int64]]]:
    table = pl.read_csv(DATA / "verbagg.csv.gz")
    return (table["r2"] == "Y").to_numpy().astype(np.float64), _codes(table, "id", "item")


def _insteval() -> tuple[NDArray[np.float64], dict[str, NDArray[np.int64]]]:
    table = pl.read_csv(DATA / "insteval.csv.gz")
    return (table["y"] >= 4).to_numpy().astype(np.float64), _codes(table, "s", "d")


def _against(
    name: str, met: NDArray[np.float64], facets: dict[str, Any], published: float, theta: tuple[float, float]
) -> None:
    rating.fit(met, facets)  # compiles
    there = rating.fit(met, facets, theta=dict(zip(facets, theta, strict=True))).log_likelihood()
    relative = abs(there / published - 1)
    figure(f"{name}: log-likelihood at the published spreads, away", relative, "relative", "<= 1e-6",
           relative <= 1e-6, PEER)  # fmt: skip
    fits = []
    seconds = _timed(lambda: fits.append(rating.fit(met, facets)))
    short = published - fits[-1].log_likelihood()
    figure(f"{name}: optimum by our own search, short of the published", short, "log-likelihood", "<= 1e-5",
           short <= 1e-5, PEER)  # fmt: skip
    figure(f"{name}: search", round(seconds, 3), "CPU s")


def _codes(frame: pl.DataFrame, *columns: str) -> dict[str, NDArray[np.int64]]:
    return {
        name: frame[name].cast(pl.String).rank("dense").to_numpy().astype(np.int64) - 1 for name in columns
    }


def agree(_asked: argparse.Namespace) -> None:
    random = np.random.default_rng(1)
    unit, value = np.repeat(np.arange(1_000_000), 2), random.integers(1, 6, 2_000_000).astype(np.float64)
    for name, coefficient in (
        ("Krippendorff's alpha, ordinal", lambda: alpha(unit, value, level="ordinal", draws=10_000)),
        ("Gwet's AC1", lambda: ac1(unit, value, draws=10_000)),
        (
            "Cohen's kappa, quadratic",
            lambda: kappa(value[::2], value[1::2], weights="quadratic", draws=10_000),
        ),
    ):
        coefficient()  # compiles
        seconds = _timed(coefficient)
        figure(f"{name}: 10,000 draws on 10^6 units", round(seconds, 2), "CPU s", "< 1", seconds < 1)


def follow(_asked: argparse.Namespace) -> None:
    random = np.random.default_rng(1)
    judged = random.integers(5, 40, (100_000, 365)).astype(np.int32)
    met = random.binomial(judged, 0.8).astype(np.int32)
    chart(met[:100], judged[:100], kind="laney")  # compiles
    seconds = _timed(lambda: chart(met, judged, kind="laney"))
    figure("Laney's p', EWMA and run rules: 10^5 x 365", round(seconds, 2), "CPU s", "< 1", seconds < 1)


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
