"""The rating model against lme4's published optima, and how long measuring takes.

    python benchmarks/rating/published.py

VerbAgg and InstEval are read from $GRACJA_DATA (default ../shared/data). Goals: the log-likelihood at the
published spreads to 1e-6 (VerbAgg) and 5e-4 (InstEval), the search not below the published optimum by more
than that, and 53,000 marks of 110 employees measured in 10 seconds. Times are of one processor.
"""

from __future__ import annotations

import json
import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import scipy

import gracja
from gracja.engine.measure import measure, rating
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.simulated import Shape, edition_of, observations_of, simulated_company

DATA = Path(os.environ.get("GRACJA_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
PEER = "lme4 1.1-31, nAGQ=0"


@dataclass(frozen=True)
class Published:
    """An optimum that others reached."""

    name: str
    log_likelihood: float
    theta: dict[str, float]
    tolerance: float


VERBAGG = Published("verbagg", -4101.549285, {"id": 1.373340823, "item": 1.129510794}, 1e-6)
INSTEVAL = Published("insteval", -46430.726447, {"s": 0.476983868, "d": 0.799449812}, 5e-4)


def codes(column: pl.Series) -> Ints:
    return column.cast(pl.String).rank("dense").to_numpy().astype(np.int64) - 1


def compare(published: Published, met: Floats, facets: dict[str, Ints]) -> list[dict[str, object]]:
    start = time.process_time()
    fit = rating.fit(met, facets)
    seconds = time.process_time() - start
    goal = published.log_likelihood
    there = fit.log_likelihood(published.theta)
    away = max(abs(fit.theta[name] / value - 1) for name, value in published.theta.items())
    tolerance = published.tolerance * abs(goal)
    return [
        figure(f"{published.name}_there", there, "log-likelihood", goal, met=abs(there - goal) < tolerance),
        figure(f"{published.name}_optimum", fit.log_likelihood(), "log-likelihood", goal,
               met=fit.log_likelihood() > goal - tolerance),
        figure(f"{published.name}_theta_away", away, "relative", 1e-3, met=away < 1e-3),
        figure(f"{published.name}_seconds", seconds, "CPU s", 15.0, met=seconds < 15),
    ]  # fmt: skip


def timed() -> dict[str, object]:
    """53,000 marks: 110 employees, 30 standards, 16 contacts each, 10 evaluators, 8 places."""
    shape = Shape(110, 30, 10, 8, (16, 16), place_spread=0.3)
    observations = observations_of(simulated_company(np.random.default_rng(1), shape))
    start = time.process_time()
    measure(observations, edition_of(shape))
    seconds = time.process_time() - start
    return figure(f"measure_{observations.num_rows}_marks", seconds, "CPU s", 10.0, met=seconds < 10)


def figure(name: str, value: float, unit: str, goal: float, *, met: bool) -> dict[str, object]:
    versions = {"gracja": gracja.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
    versions["python"] = platform.python_version()
    peer = None if name.startswith("measure") or name.endswith("seconds") else PEER
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "goal": goal,
        "met": met,
        "peer": peer,
        "versions": versions,
    }


def figures() -> list[dict[str, object]]:
    """Compare, time, and print a table and one JSON line for each figure."""
    verbagg = pl.read_csv(DATA / "verbagg.csv.gz")
    insteval = pl.read_csv(DATA / "insteval.csv.gz")
    found = [
        *compare(
            VERBAGG,
            (verbagg["r2"] == "Y").to_numpy().astype(np.float64),
            {"id": codes(verbagg["id"]), "item": codes(verbagg["item"])},
        ),
        *compare(
            INSTEVAL,
            (insteval["y"] >= 4).to_numpy().astype(np.float64),
            {"s": codes(insteval["s"]), "d": codes(insteval["d"])},
        ),
        timed(),
    ]
    for line in found:
        name, unit, goal = (str(line[key]) for key in ("name", "unit", "goal"))
        print(f"{name:26} {line['value']:>18.9g} {unit:15} goal {goal:15} met {line['met']}")
    for line in found:
        print(json.dumps(line))
    return found


if __name__ == "__main__":
    raise SystemExit(not all(line["met"] for line in figures()))
