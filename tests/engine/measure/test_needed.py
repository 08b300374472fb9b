"""How many more contacts until a grade is known: does it become known after so many, as often as is said?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from gracja.engine.edition.model import Aspire
from gracja.engine.measure.counts import rare_share
from gracja.engine.measure.estimate import rate
from gracja.engine.measure.grades import Evidence, Share, grades, rare
from gracja.engine.measure.learning import learning
from gracja.engine.measure.needed import MOST_NEEDED, SHARE_KNOWN
from gracja.engine.measure.simulated import Shape, simulated_company

SEED = 20_261_123
Z_99 = 2.576
FACETS = ("employee", "standard", "evaluator")
SHAPE = Shape(
    employees=12, standards=6, evaluators=30, contacts=(260, 260), employee_spread=0.7, evaluator_spread=0.4
)
MOST_TRIED = 240


def frame_of(company):
    names = {f: pl.Series([f"{i:03}" for i in range(1000)]).gather(getattr(company, f)) for f in FACETS}
    frame = pl.DataFrame({**names, "value": company.met, "contact": company.contact})
    number = pl.col("contact").rank("dense").over("employee")
    return frame.with_columns(number=number, place=pl.lit(None, dtype=pl.String))


def evidence_of(frame):
    of = rate(frame, FACETS)
    names = of.levels["employee"]
    contacts = frame.group_by("employee").agg(pl.col("contact").n_unique()).sort("employee")
    counts = contacts["contact"].to_numpy().astype(np.int64)
    shares = of.shares(of.people(names), dict.fromkeys(of.levels["standard"], 1.0))
    base = Share(shares, np.ones(len(names), dtype=bool), learning(of, frame, names, counts).of)
    nothing = rare(rare_share(np.zeros(len(names)), counts.astype(float), 0.05), counts)
    return Evidence(counts, base, None, None, None, nothing)


def aspired(evidence):
    """A level in the middle of what is known of the employees, so that some are near it."""
    return Aspire(base=float(np.median(evidence.base.mixture.share)))


@pytest.mark.simulation
def test_after_the_contacts_that_are_needed_four_of_five_grades_are_known_in_a_refit():
    """Of employees whose grade is open after 5 contacts; only they get more. Source of truth: the refit."""
    random, known = np.random.default_rng(SEED), []
    for _ in range(40):
        frame = frame_of(simulated_company(random, SHAPE))
        now = pl.col("number") <= 5
        evidence = evidence_of(frame.filter(now))
        aspire = aspired(evidence)
        found = grades(evidence, aspire)
        tried = np.flatnonzero((found.grade < 0) & (found.needed <= MOST_TRIED))
        for position in tried[:4]:
            more = pl.col("number") <= 5 + found.needed[position]
            own = pl.col("employee") == f"{position:03}"
            refit = grades(evidence_of(frame.filter(now | (own & more))), aspire)
            known.append(refit.grade[position] >= 0)

    share, error = np.mean(known), np.sqrt(SHARE_KNOWN * (1 - SHARE_KNOWN) / len(known))
    assert len(known) > 60
    # `needed` is the first step at which enough draws know: up to a sixth more than the fewest
    assert SHARE_KNOWN - Z_99 * error - 0.02 <= share <= SHARE_KNOWN + Z_99 * error + 0.05, (
        share,
        len(known),
    )


@pytest.fixture(scope="module")
def evidence():
    frame = frame_of(simulated_company(np.random.default_rng(SEED), replace(SHAPE, contacts=(5, 5))))
    return evidence_of(frame)


def test_the_same_evidence_needs_the_same(evidence):
    assert (
        grades(evidence, aspired(evidence)).needed.tolist()
        == grades(evidence, aspired(evidence)).needed.tolist()
    )


def test_who_is_far_from_the_level_needs_less_than_who_is_near_it(evidence):
    level = aspired(evidence)
    found = grades(evidence, level)
    distance = np.abs(evidence.base.reached(level.base) - 0.5)
    open_still = np.flatnonzero(found.grade < 0)
    nearest = open_still[np.argmin(distance[open_still])]
    farthest = open_still[np.argmax(distance[open_still])]

    assert found.needed[farthest] < found.needed[nearest], found.needed
    assert np.all(found.needed[found.grade >= 0] == 0)


def test_what_no_contact_tells_leaves_a_grade_open_for_ever(evidence):
    """As where the severity of all who mark is unknown, whoever is read how often."""
    everybody = np.arange(len(evidence.contacts))
    none = replace(evidence.base.ahead(everybody), told=np.zeros(len(everybody)))
    blind = replace(evidence, base=replace(evidence.base, ahead=none.of))
    found = grades(blind, aspired(blind))

    assert (found.grade < 0).any()
    assert np.all(found.needed[found.grade < 0] == MOST_NEEDED)


def test_learning_takes_away_what_a_refit_with_as_many_contacts_takes_away():
    """The part of the variance left, against the posterior of the same employee with 40 more contacts."""
    random = np.random.default_rng(SEED)
    ratios, told = [], []
    for _ in range(8):
        frame = frame_of(simulated_company(random, SHAPE))
        few = pl.col("number") <= 8
        before = evidence_of(frame.filter(few)).base
        for position in (1, 6, 11):
            own = pl.col("employee") == f"{position:03}"
            after = evidence_of(frame.filter(few | (own & (pl.col("number") <= 48)))).base
            deviations = [base.mixture.deviation[position] for base in (after, before)]
            ratios.append((deviations[0] / deviations[1]) ** 2)
            told.append(before.ahead(np.arange(12)).left(np.full(12, 40))[position])

    assert np.mean(told) == pytest.approx(np.mean(ratios), rel=0.15)


@pytest.fixture(scope="module")
def with_events(evidence):
    """And critical failures, so that others' counts are many and their grades open."""
    number = np.arange(len(evidence.contacts))
    contacts = np.where(number == 11, 900, 30 + number)
    critical = rare(rare_share((number % 3).astype(float), contacts.astype(float), 0.05), contacts)
    return replace(evidence, contacts=contacts, critical=critical)


def test_who_else_is_measured_changes_nobodys_needed(with_events):
    level = aspired(with_events)
    together = grades(with_events, level).needed
    alone = [grades(with_events.of(np.array([one])), level).needed[0] for one in range(len(together))]

    assert len(set(together.tolist())) > 3
    assert together.tolist() == alone


def test_the_table_of_rare_events_is_what_it_stands_for():
    share = rare_share(np.array([0.0, 1.0, 4.0]), np.array([20.0, 60.0, 90.0]), 0.02)
    at = share.table(5000)
    events = np.array([[0.0, 1.0, 7.0], [1.0, 3.0, 40.0], [5.0, 13.0, 90.0]])
    contacts = np.array([37.0, 444.0, 4100.0])

    expected = [
        [replace(share, events=np.array([e]), contacts=np.array([n])).at_most()[0] for e in row]
        for row, n in zip(events, contacts, strict=True)
    ]
    assert at(events, contacts) == pytest.approx(np.array(expected), abs=0.02)
