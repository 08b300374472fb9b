"""What a detector's marks add to three reviews of each employee, and whether intervals still cover."""

from __future__ import annotations

import time
from typing import Final

import numpy as np
import polars as pl
from figure import figure
from numpy.typing import NDArray
from scipy.special import expit, log_expit, logit

from gracja.engine.measure.combine import combine
from gracja.engine.measure.combine.simulated import Watched, simulated_marks

SEED: Final = 20_261_123
COMPANIES: Final = {
    "a detector of .9 and .9": Watched(employees=100),
    "errors differ by .5 logits between employees": Watched(employees=100, error_spread=0.5),
    "1.5 logits less sensitive at one place of four": Watched(
        employees=100, places=4, biased_against=1.5, error_spread=0.3
    ),
    "skewed employees": Watched(employees=100, employees_are="skewed", error_spread=0.3),
    "two kinds of employees": Watched(employees=100, employees_are="of_two_kinds"),
    "60 standards": Watched(employees=100, standards=60, conversations=10, error_spread=0.3),
}
LARGE: Final = (1_000, 5_000)  # employees, of 60 standards


def together(replications: int) -> None:
    """Effective number of reviews: the variance of one review over the mean squared error, of the average
    employee; its gain is over the three that there are.
    """
    figure(
        "a detector of .9 and .9, its errors and all spreads known: effective number of reviews, over 3",
        round(_of_who_knows_all(COMPANIES["a detector of .9 and .9"], replications), 1),
        unit="times",
    )
    for name, company in COMPANIES.items():
        began = time.process_time()
        found = np.array([_one(company, SEED + number) for number in range(replications)])
        took = (time.process_time() - began) / replications
        mean, error = found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(replications)
        worth = mean[3] / mean[4] / company.reviews
        asked = name.startswith("a detector")
        if company.standards == 1:  # a review of several standards is no one mark
            figure(
                f"{name}: worth of 3 reviews and {company.conversations} automatic marks, over the 3",
                round(worth, 1),
                unit="times",
                **({"goal": ">= 25", "met": bool(worth >= 25)} if asked else {}),
            )
        figure(
            f"{name}: coverage of 95 % intervals (Monte-Carlo error {error[0]:.4f})",
            round(mean[0], 4),
            unit=f"of {replications} companies; worst tenth {mean[1]:.3f}, best tenth {mean[2]:.3f}",
            goal=">= 0.94",
            met=bool(mean[0] >= 0.94),
        )
        figure(f"{name}: one company of 100", round(took, 2), unit="CPU s")
    for employees in LARGE:
        company = Watched(employees=employees, standards=60, places=20, conversations=10, error_spread=0.3)
        marks = simulated_marks(np.random.default_rng(SEED), company)
        began = time.process_time()
        _, low, high = _shares(*marks[:2])
        inside = (low <= marks[2]) & (marks[2] <= high)
        figure(
            f"{employees:,} employees, 60 standards, 20 places, 3 reviews and 10 automatic marks of each",
            round(time.process_time() - began, 1),
            unit=f"CPU s; coverage {inside.mean():.3f} of these employees",
        )


def _one(company: Watched, seed: int) -> tuple[float, float, float, float, float]:
    human, automatic, truth = simulated_marks(np.random.default_rng(seed), company)
    share, low, high = _shares(human, automatic)
    inside, order = (low <= truth) & (truth <= high), np.argsort(truth)
    tenth = len(truth) // 10
    return (
        float(inside.mean()),
        float(inside[order[:tenth]].mean()),
        float(inside[order[-tenth:]].mean()),
        float((truth * (1 - truth)).mean()),
        float(((share - truth) ** 2).mean()),
    )


def _of_who_knows_all(company: Watched, replications: int) -> float:
    """No estimate can do better: each employee by their own marks, all that they share with others given."""
    errors, chances = [], []
    truths = np.linspace(-5, 5, 401) * company.employee_spread
    logits = logit(company.share_met) + truths
    shares = expit(logits)
    marked = shares * company.sensitivity + (1 - shares) * (1 - company.specificity)
    for number in range(replications):
        human, automatic, truth = simulated_marks(np.random.default_rng(SEED + number), company)
        reviewed = automatic.join(human, on=["contact", "employee"], how="anti")
        height = -0.5 * (truths / company.employee_spread) ** 2
        for frame, met, not_met in (
            (human, log_expit(logits), log_expit(-logits)),
            (reviewed, np.log(marked), np.log1p(-marked)),
        ):
            counts = frame.group_by("employee").agg(pl.col("value").sum(), n=pl.len()).sort("employee")
            seen, all_seen = counts["value"].to_numpy()[:, None], counts["n"].to_numpy()[:, None]
            height = height + seen * met + (all_seen - seen) * not_met
        weights = np.exp(height - height.max(axis=1, keepdims=True))
        errors.append((((weights @ shares) / weights.sum(axis=1) - truth) ** 2).mean())
        chances.append((truth * (1 - truth)).mean())
    return float(np.mean(chances) / np.mean(errors) / company.reviews)


def _shares(
    human: pl.DataFrame, automatic: pl.DataFrame
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """(employees,) share met over all standards alike, and both ends of its interval."""
    combined = combine(human, automatic)
    assert combined is not None
    rated = combined.rated
    of = rated.shares(rated.people(rated.levels["employee"]), dict.fromkeys(rated.levels["standard"], 1.0))
    return of.share, expit(of.quantile(0.025)), expit(of.quantile(0.975))
