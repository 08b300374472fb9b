"""Between two fits, a contact moves its employee as the full fit would, nearly."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.combine import combine
from gracja.engine.measure.combine.simulated import Watched, simulated_marks
from gracja.engine.measure.estimate import FACETS, rate
from gracja.engine.measure.ordered import Scales
from gracja.engine.measure.ordered.simulated import ScaleShape, simulated_steps
from gracja.engine.measure.running import Level, Measure, Running, moved_along
from gracja.engine.measure.simulated import Shape, simulated_company

SHAPE = Shape(employees=40, standards=10, evaluators=6, places=4, contacts=(40, 60), place_spread=0.3)


@pytest.fixture(scope="module")
def frame():
    company = simulated_company(np.random.default_rng(20_261_123), SHAPE)
    names = pl.Series([f"{i:03}" for i in range(100)])
    named = {facet: names.gather(getattr(company, facet)) for facet in FACETS}
    return pl.DataFrame({**named, "contact": company.contact, "value": company.met})


def parted(frame, each=100):
    """(the contacts of the last fit, those after it: one in a hundred)."""
    contacts = frame["contact"].unique().sort()
    new = pl.col("contact").is_in(contacts.gather(np.arange(0, len(contacts), each)).implode())
    return frame.filter(~new), frame.filter(new)


def add_all(running, frame):
    facets = [facet for facet in ("evaluator", "place") if facet in frame.columns]
    for marks in frame.partition_by("contact"):
        met = dict(marks.select("standard", "value").rows())
        running.add(marks["employee"][0], met, **{facet: marks[facet][0] for facet in facets})
    return running


def differ(running, whole):
    """(employees,) how far each is from the full fit, in its standard errors; and how wide beside it."""
    employees = whole.levels["employee"]
    full = whole.contrasts(whole.people(employees))
    away = np.array([running.known[name].mean for name in employees]) - full.mean
    errors = np.array([running.known[name].error for name in employees])
    return np.abs(away / full.deviation), errors / full.deviation


def test_after_one_percent_new_contacts_everyone_is_within_a_quarter_of_a_standard_error(frame):
    before, new = parted(frame)
    running = add_all(Running.of(rate(before, FACETS)), new)

    whole = rate(frame, FACETS)
    employees = whole.levels["employee"]
    full = whole.contrasts(whole.people(employees))
    away = np.array([running.known[name].mean for name in employees]) - full.mean
    assert np.abs(away / full.deviation).max() <= 0.25
    errors = np.array([running.known[name].error for name in employees])
    assert errors == pytest.approx(full.deviation, rel=0.1)


def test_steps_of_scales_move_their_employee_as_far_as_the_full_fit_does():
    """Standards of five steps, and beside them some of yes or no."""
    drawn = simulated_steps(
        np.random.default_rng(20_261_123), ScaleShape(employees=30, standards=8, contacts=40)
    )
    frame = pl.DataFrame({name: pl.Series(codes).cast(pl.String) for name, codes in drawn.codes.items()})
    frame = frame.with_columns(
        contact=pl.Series(np.arange(len(frame)) // 8).cast(pl.String),
        place=pl.lit(None, pl.String),
        value=pl.when(pl.col("standard") < "4")
        .then((pl.Series(drawn.value) > 0.6).cast(pl.Float64))
        .otherwise(pl.Series(drawn.value)),
    )
    scales, facets = Scales((1, 4), dict.fromkeys("4567", 1)), ("employee", "standard", "evaluator")
    before, new = parted(frame, each=50)
    last = rate(before, facets, scales=scales)
    unmoved, running = Running.of(last), add_all(Running.of(last), new)

    whole = rate(frame, facets, scales=scales)
    away, errors = differ(running, whole)
    assert away.max() <= 0.25
    assert errors == pytest.approx(1, rel=0.1)
    assert away.mean() < differ(unmoved, whole)[0].mean() / 2
    full = whole.shares(whole.people(whole.levels["employee"]), dict.fromkeys(whole.levels["standard"], 1.0))
    shares = np.array([running.share(name) for name in whole.levels["employee"]])
    np.testing.assert_allclose(shares[:, 0], full.share, atol=0.015)
    np.testing.assert_allclose(shares[:, 1], expit(full.quantile(0.025)), atol=0.025)


def test_peoples_marks_of_other_contacts_move_what_a_detector_helped_to_measure():
    company = Watched(employees=30, standards=3, reviews=12, conversations=60)
    human, automatic, _ = simulated_marks(np.random.default_rng(20_261_123), company)
    before, new = parted(human, each=20)
    automatic = automatic.filter(~pl.col("contact").is_in(new["contact"].unique().implode()))
    last = combine(before, automatic).rated
    unmoved, running = Running.of(last), add_all(Running.of(last), new)

    away, errors = differ(running, whole := combine(human, automatic).rated)
    assert away.max() <= 0.25
    assert errors == pytest.approx(1, rel=0.15)  # the draws alone vary by an eighth
    assert away.mean() < differ(unmoved, whole)[0].mean() / 2


def test_a_mix_counts_its_standards_as_it_says(frame):
    rated = rate(frame, FACETS)
    mix = {"000": 5.0, "001": 1.0}
    running = Running.of(rated, mix=mix)
    full = rated.shares(rated.people(rated.levels["employee"]), mix)

    shares = np.array([running.share(name) for name in rated.levels["employee"]])

    np.testing.assert_allclose(shares[:, 0], full.share, atol=0.015)
    np.testing.assert_allclose(shares[:, 2], expit(full.quantile(0.975)), atol=0.025)


def test_a_result_moves_as_its_level_does_and_stays_where_there_is_no_new_contact():
    measured = (0.8, 0.7, 0.88)
    before = Level(1.4, 0.3)

    assert moved_along(measured, before, before) == pytest.approx(measured)
    share, low, high = moved_along(measured, before, Level(1.6, 0.15))
    assert share > 0.8
    assert high - low < 0.12


def test_one_bad_contact_does_not_undo_a_hundred_good_ones(frame):
    """Marks that were nearly all met say little of how good somebody is, and much of how bad they are not."""
    best = pl.col("employee") == "000"
    good = frame.with_columns(value=pl.when(best).then(1.0).otherwise(pl.col("value")))
    contact = good.filter(best)["contact"][0]
    bad = good.with_columns(value=pl.when(pl.col("contact") == contact).then(0.0).otherwise(pl.col("value")))
    running = Running.of(rate(good.filter(pl.col("contact") != contact), FACETS))
    add_all(running, bad.filter(pl.col("contact") == contact))

    whole = rate(bad, FACETS)
    full = whole.shares(whole.people(["000"]), dict.fromkeys(whole.levels["standard"], 1.0))
    assert running.share("000")[0] == pytest.approx(full.share[0], abs=0.01)
    assert running.share("000")[1] == pytest.approx(expit(full.quantile(0.025))[0], abs=0.02)


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
