"""A contact that two people marked is one contact with two evaluators: it weighs once, and a strict second
evaluator is allowed for.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from gracja.engine.measure import measure
from gracja.engine.measure.combine.tallies import tally
from gracja.engine.measure.dispersion import overdispersion
from gracja.engine.measure.over_time.courses import courses
from gracja.engine.measure.simulated import Shape, edition_of, observations_of, simulated_company

SHAPE = Shape(employees=12, standards=8, evaluators=4, contacts=(25, 25), employee_spread=0.5)


@pytest.fixture(scope="module")
def company():
    return simulated_company(np.random.default_rng(11), SHAPE)


@pytest.fixture(scope="module")
def single(company):
    return pl.DataFrame(pl.from_arrow(observations_of(company)))


def again(marks: pl.DataFrame, evaluator: str, value: pl.Expr | None = None) -> pl.DataFrame:
    """The same contacts, marked by another evaluator."""
    return marks.with_columns(
        evaluator=pl.lit(evaluator), value=(pl.col("value") if value is None else value).cast(pl.Float32)
    )


def results(marks: pl.DataFrame, kind: str = "employee") -> dict[str, dict]:
    found = pl.DataFrame(pl.from_arrow(measure(marks.to_arrow(), edition_of(SHAPE)).results))
    return {row["subject"]: row for row in found.filter(subject_kind=kind).iter_rows(named=True)}


def worst_contacts(marks: pl.DataFrame, employee: str, number: int) -> pl.DataFrame:
    own = marks.filter(pl.col("employee") == employee)
    shares = own.group_by("contact").agg(pl.col("value").mean()).sort("value", "contact")
    return own.filter(pl.col("contact").is_in(shares["contact"].head(number).implode()))


def test_second_reviews_of_somebody_s_worst_contacts_do_not_pull_them_down(single):
    who = "e0003"
    worst = worst_contacts(single, who, 8)
    own = single.filter(employee=who)
    names = sorted(single["evaluator"].unique().to_list())
    colleague = pl.col("evaluator").replace_strict(dict(zip(names, names[1:] + names[:1], strict=True)))

    second = worst.with_columns(evaluator=colleague)
    before, after = (results(marks) for marks in (single, pl.concat([single, second])))

    plain = pl.concat([own, worst])["value"].mean() - own["value"].mean()
    assert plain < -0.04  # as two contacts each they would cost so much
    for name, row in before.items():
        assert after[name]["base"] == pytest.approx(row["base"], abs=0.01)
        assert after[name]["se"] == pytest.approx(row["se"], rel=0.02)
    assert (after[who]["contacts"], after[who]["observations"]) == (25, 25 * 8 + 8 * 8)


def test_the_same_marks_twice_make_nobody_s_interval_narrower(single):
    before, after = (results(marks) for marks in (single, pl.concat([single, again(single, "z second")])))

    for who, row in before.items():
        assert after[who]["base"] == pytest.approx(row["base"], abs=0.02)
        assert after[who]["se"] > 0.95 * row["se"]


def test_a_strict_second_evaluator_is_told_from_the_employees_whom_they_reviewed(company, single):
    random = np.random.default_rng(5)
    half = [f"e{number:04}" for number in range(6)]
    theirs = single.filter(pl.col("employee").is_in(half))
    missed = pl.Series(random.random(len(theirs)) < 0.3)
    strict = again(theirs, "z strict", pl.when(missed).then(0.0).otherwise("value"))

    before = results(single)
    marks = pl.concat([single, strict])
    after, evaluators = results(marks), results(marks, "evaluator")

    assert (
        evaluators["z strict"]["measure"]
        > 0.5
        > max(row["measure"] for name, row in evaluators.items() if name != "z strict")
    )
    rest = [who for who in before if who not in half]

    def fallen(people):
        return np.mean([after[who]["base"] - before[who]["base"] for who in people])

    plainly = {
        who: marks.filter(employee=who)["value"].mean() - single.filter(employee=who)["value"].mean()
        for who in half
    }
    assert np.mean(list(plainly.values())) < -0.08
    # an average evaluator is stricter now, for everybody alike
    assert fallen(half) == pytest.approx(fallen(rest), abs=0.015)


def test_one_contact_marked_twice_hangs_together_no_more_than_once(single):
    ordered = single.sort("contact", "standard")
    expected = np.full(len(ordered), float(ordered["value"].mean()))
    twice = pl.concat([ordered, again(ordered, "z second")]).with_columns(share=pl.lit(0.5))

    assert overdispersion(twice, np.tile(expected, 2)) == pytest.approx(overdispersion(ordered, expected))


def test_a_course_counts_a_contact_once(single):
    weeks = pl.datetime(2026, 1, 5, 10, time_zone="UTC") + pl.duration(
        weeks=pl.col("contact").rank("dense").cast(pl.Int64) % 20
    )
    marks = single.with_columns(occurred_at=weeks, share=pl.lit(0.5))
    twice = pl.concat([marks, again(marks, "z second", 1 - pl.col("value"))])

    assert courses(twice) == courses(marks.with_columns(share=pl.lit(1.0))) != []


def test_beside_a_detector_two_people_of_one_contact_are_one_voice(single):
    ordered = single.sort("contact", "standard")
    twice = pl.concat([ordered, again(ordered, "z second")])

    once, shared = (
        tally(marks.with_columns(share=pl.lit(share)), ordered, (1.0, 1.0)).counts.sum(axis=0)
        for marks, share in ((ordered, 1.0), (twice, 0.5))
    )

    assert shared == pytest.approx(once)
