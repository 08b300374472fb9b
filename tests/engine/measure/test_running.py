"""Between two fits, a contact moves its employee as the full fit would, nearly."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.estimate import FACETS, rate
from gracja.engine.measure.running import Measure, Running
from gracja.engine.measure.simulated import Shape, simulated_company

SHAPE = Shape(employees=40, standards=10, evaluators=6, places=4, contacts=(40, 60), place_spread=0.3)


@pytest.fixture(scope="module")
def frame():
    company = simulated_company(np.random.default_rng(20_261_123), SHAPE)
    names = pl.Series([f"{i:03}" for i in range(100)])
    named = {facet: names.gather(getattr(company, facet)) for facet in FACETS}
    return pl.DataFrame({**named, "contact": company.contact, "value": company.met})


def test_after_one_percent_new_contacts_everyone_is_within_a_quarter_of_a_standard_error(frame):
    contacts = frame["contact"].unique().sort()
    new = contacts.gather(np.arange(0, len(contacts), 100))
    running = Running.of(rate(frame.filter(~pl.col("contact").is_in(new.implode())), FACETS))
    for marks in frame.filter(pl.col("contact").is_in(new.implode())).partition_by("contact"):
        employee, evaluator, place = marks.select("employee", "evaluator", "place").row(0)
        met = dict(marks.select("standard", "value").rows())
        running.add(employee, met, evaluator=evaluator, place=place)

    whole = rate(frame, FACETS)
    employees = whole.levels["employee"]
    full = whole.contrasts(whole.people(employees))
    away = np.array([running.known[name].mean for name in employees]) - full.mean
    assert np.abs(away / full.deviation).max() <= 0.25
    errors = np.array([running.known[name].error for name in employees])
    assert errors == pytest.approx(full.deviation, rel=0.1)


def test_a_contact_moves_its_employee_and_nobody_else(frame):
    running = Running.of(rate(frame, FACETS))
    before = dict(running.known)
    after = running.add("000", dict.fromkeys(running.standards, 1.0), evaluator="000", place="000")

    assert after.mean > before["000"].mean
    assert after.error < before["000"].error
    assert {name: one for name, one in running.known.items() if name != "000"} == {
        name: one for name, one in before.items() if name != "000"
    }


def test_somebody_new_begins_as_an_average_employee_of_whom_little_is_known(frame):
    rated = rate(frame, FACETS)
    running = Running.of(rated)
    spread = rated.posterior.theta["employee"]
    assert running.unknown == Measure(0.0, spread, spread)

    first = running.add("new", dict.fromkeys(running.standards, 0.0))
    assert first.mean < 0
    assert first.error < running.unknown.error


def test_a_value_outside_its_range_is_refused_and_moves_nobody(frame):
    running = Running.of(rate(frame, FACETS))
    before = running.known["000"]
    with pytest.raises(EngineInputError) as refused:
        running.add("000", {"000": 1.0, "001": 1.5})
    assert refused.value.code == "value_out_of_range"
    assert refused.value.facts["standard"] == "001"
    assert running.known["000"] == before


def test_the_share_is_that_of_the_full_fit(frame):
    rated = rate(frame, FACETS)
    running = Running.of(rated)
    full = rated.shares(rated.people(rated.levels["employee"]), dict.fromkeys(rated.levels["standard"], 1.0))

    shares = np.array([running.share(name) for name in rated.levels["employee"]])

    np.testing.assert_allclose(shares[:, 0], full.share, atol=0.01)
    np.testing.assert_allclose(shares[:, 1], expit(full.quantile(0.025)), atol=0.02)
    np.testing.assert_allclose(shares[:, 2], expit(full.quantile(0.975)), atol=0.02)


def test_the_only_employee_moves_too_and_so_does_a_newcomer(frame):
    alone = frame.filter(pl.col("employee") == "000")
    running = Running.of(rate(alone, FACETS))
    before = running.share("000")

    for _ in range(40):
        running.add("000", dict.fromkeys(running.standards, 0.0))
        running.add("new", dict.fromkeys(running.standards, 0.0))

    assert running.share("000")[2] < before[1]
    assert running.share("new")[2] < before[1]
