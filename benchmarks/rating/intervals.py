"""Do the intervals hold? Coverage of 95 % intervals of base, and false separations, by simulation.

    python benchmarks/rating/intervals.py [--replications 2000] [--only NAME]

Estimand: each employee's base, the share met over all standards alike under an average evaluator
(severity 0); intervals as `measure` gives them. Coverage is averaged over employees; replications are the
unit of the Monte-Carlo error. The truly worst and best tenth are shown beside it: shrunken intervals cover
on average over employees, not for each. A gate fails only if its 99 % interval lies outside the band.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import scipy

import gracja
from gracja.engine.measure import measure
from gracja.engine.measure.simulated import Company, Shape, edition_of, observations_of, simulated_company

SEED = 20_261_122
BAND = (0.93, 0.97)  # of the average
FALSE_SEPARATIONS = 0.05
FEW_MARKS = Shape(employees=200, standards=3, contacts=(1, 1))
SHAPES = {
    "small": Shape(),
    "three_evaluators": Shape(evaluators=3),
    "no_agent_signal": Shape(employee_spread=0.0),
    "wide": Shape(employee_spread=1.0, evaluator_spread=0.8),
    "high_scores": Shape(share_met=0.93),
    "places": Shape(employees=16, places=4, place_spread=0.4),
    "moods": Shape(contact_spread=1.0),
    "few_contacts": Shape(contacts=(2, 8)),
    "three_marks": FEW_MARKS,
    "three_marks_apart": replace(FEW_MARKS, employee_spread=1.0),
    "three_marks_skewed": replace(FEW_MARKS, employees_are="skewed", evaluators_are="skewed"),
    "skewed_evaluators": Shape(evaluators_are="skewed"),
    "skewed_strongly": Shape(evaluators_are="skewed", evaluator_spread=0.8),
    "two_kinds": Shape(employees_are="of_two_kinds"),
    "heavy_tails": Shape(employees=40, employees_are="heavy_tailed"),
}


@dataclass(frozen=True)
class Outcome:
    """One replication: covered of all, of the worst and the best tenth; width; any rank wrongly excluded."""

    all: float
    worst: float
    best: float
    width: float
    wrong: bool


def replicate(random: np.random.Generator, shape: Shape) -> Outcome:
    """One company, measured, against its truth."""
    company = simulated_company(random, shape)
    results = measure(observations_of(company), edition_of(shape)).results
    people = pl.DataFrame(pl.from_arrow(results)).filter(pl.col("subject_kind") == "employee").sort("subject")
    low, high = people["base_low"].to_numpy(), people["base_high"].to_numpy()
    covered = (low <= company.base) & (company.base <= high)
    order = np.argsort(company.base, kind="stable")
    tenth = max(1, round(len(order) / 10))
    return Outcome(
        float(covered.mean()),
        float(covered[order[:tenth]].mean()),
        float(covered[order[-tenth:]].mean()),
        float((high - low).mean()),
        wrongly_separated(company, people),
    )


def wrongly_separated(company: Company, people: pl.DataFrame) -> bool:
    """Whether a true rank lies outside its interval; with no signal, whether anybody is ranked apart."""
    ranked = people["rank_low"].is_not_null().to_numpy()
    low, high = (people[name].to_numpy()[ranked] for name in ("rank_low", "rank_high"))
    truth = company.base[ranked]
    # With ties (no signal) every rank between the first and the last of the tie is true.
    first = 1 + (truth[:, None] < truth - 1e-12).sum(axis=1)
    last = (truth[:, None] <= truth + 1e-12).sum(axis=1)
    return bool(np.any((first < low) | (last > high)))


def report(name: str, shape: Shape, replications: int) -> list[dict[str, object]]:
    """One line of the table, and its figures."""
    random = np.random.default_rng(SEED)
    start = time.perf_counter()
    outcomes = [replicate(random, shape) for _ in range(replications)]
    seconds = (time.perf_counter() - start) / replications
    figures = []
    shown = []
    for what in ("all", "worst", "best"):
        each = np.array([getattr(outcome, what) for outcome in outcomes])
        value, error = float(each.mean()), float(each.std(ddof=1) / np.sqrt(replications))
        shown.append(f"{value:.4f} ± {error:.4f}")
        goal = BAND if what == "all" else None
        met = None if goal is None else value + 2.576 * error >= goal[0] and value - 2.576 * error <= goal[1]
        unit = f"share, Monte-Carlo error {error:.4f}"
        figures.append(figure(f"coverage_{name}_{what}", value, unit, goal, met=met, error=error))
    wrong = float(np.mean([outcome.wrong for outcome in outcomes]))
    error = float(np.sqrt(wrong * (1 - wrong) / replications))
    met = wrong - 2.576 * error <= FALSE_SEPARATIONS
    goal_wrong = (0.0, FALSE_SEPARATIONS)
    figures.append(
        figure(f"wrong_ranks_{name}", wrong, "share of replications", goal_wrong, met=met, error=error)
    )
    width = float(np.mean([outcome.width for outcome in outcomes]))
    print(
        f"{name:17} {' '.join(f'{text:17}' for text in shown)} "
        f"{wrong:.4f} ± {error:.4f}  {width:.3f}  {seconds:.3f}"
    )
    sys.stdout.flush()
    return figures


def figure(
    name: str, value: float, unit: str, goal: tuple[float, float] | None, *, met: bool | None, error: float
) -> dict[str, object]:
    versions = {"gracja": gracja.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
    versions["python"] = platform.python_version()
    line = {"name": name, "value": round(value, 5), "unit": unit, "goal": goal, "met": met, "peer": None}
    return {**line, "error": round(error, 5), "versions": versions}


def figures(arguments: list[str]) -> list[dict[str, object]]:
    """Simulate, and print a table and one JSON line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=2000)
    parser.add_argument("--only", choices=list(SHAPES), action="append")
    asked = parser.parse_args(arguments)
    print(f"{asked.replications} replications a line, ± Monte-Carlo standard error, seed {SEED}")
    print("shape             average           worst tenth       best tenth        wrong ranks     width  s")
    found: list[dict[str, object]] = []
    for name, shape in SHAPES.items():
        if asked.only is None or name in asked.only:
            of_shape = report(name, shape, asked.replications)
            found += of_shape
            for line in of_shape:
                print(json.dumps(line), flush=True)
    return found


if __name__ == "__main__":
    raise SystemExit(any(line["met"] is False for line in figures(sys.argv[1:])))
