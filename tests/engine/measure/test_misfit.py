"""Infit, outfit and discrimination: as expected where marks follow the model, told where they do not."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from gracja.engine.measure.estimate import rate
from gracja.engine.measure.misfit import discrimination, misfit
from gracja.engine.measure.model_fit import Fitted, model_fit
from gracja.engine.measure.simulated import Shape, simulated_company

FACETS = ("employee", "standard", "evaluator")
SHAPE = Shape(employees=30, standards=12, evaluators=20, contacts=(30, 50))


def marks_of(seed: int):
    company = simulated_company(np.random.default_rng(seed), SHAPE)
    names = {
        facet: pl.Series([f"{i:03}" for i in range(100)]).gather(getattr(company, facet)) for facet in FACETS
    }
    return pl.DataFrame({**names, "value": company.met, "place": None, "contact": company.contact})


def test_of_marks_that_follow_the_model_about_one_in_twenty_looks_strange():
    infit, outfit, slopes = [], [], []
    for seed in range(6):
        frame = marks_of(seed)
        rated = rate(frame, FACETS)
        for facet in ("employee", "evaluator"):
            found = misfit(frame, rated, facet)
            infit.append(found.infit_z)
            outfit.append(found.outfit_z)
        found = discrimination(frame, rated)
        slopes.append((found.slope - 1) / found.error)

    infit, outfit, slopes = (np.concatenate(each) for each in (infit, outfit, slopes))
    # A little regular: fitting takes some of the noise; a slope against shrunken measures is a little steep.
    for deviates in (infit, outfit):
        assert -0.5 < deviates.mean() < 0.2, (deviates.mean(), deviates.std())
        assert 0.8 < deviates.std() < 1.15, (deviates.mean(), deviates.std())
        assert (np.abs(deviates) > 1.96).mean() < 0.08
    assert -0.2 < slopes.mean() < 0.7, (slopes.mean(), slopes.std())
    assert slopes.std() < 1.25


def test_where_nearly_all_marks_are_met_and_few_are_of_each_nobody_who_follows_the_model_looks_erratic():
    infit, outside = [], 0
    for seed in range(4):
        shape = Shape(200, 8, 20, contacts=(3, 3), share_met=0.92)
        company = simulated_company(np.random.default_rng(seed), shape)
        names = pl.Series([f"{i:03}" for i in range(200)])
        named = {facet: names.gather(getattr(company, facet)) for facet in FACETS}
        frame = pl.DataFrame({**named, "value": company.met, "contact": company.contact}).with_columns(
            place=pl.lit(None, dtype=pl.String)
        )
        rated = rate(frame, FACETS)
        infit.append(misfit(frame, rated, "employee").infit_z)
        told = pl.DataFrame(pl.from_arrow(model_fit(Fitted(frame, rated))))
        people = told.filter(pl.col("subject_kind") != "standard")
        outside += len(people.filter(pl.col("infit") > pl.col("infit_high")))

    deviates = np.concatenate(infit)
    assert -0.3 < deviates.mean() < 0.3
    assert 0.85 < deviates.std() < 1.15
    assert outside <= 2  # of 880, eight facets at 5 % each


def test_an_evaluator_who_marks_by_mood_is_erratic_and_one_who_always_says_yes_is_not():
    frame, random = marks_of(3), np.random.default_rng(3)
    mood = pl.Series(random.integers(0, 2, len(frame)).astype(float))
    moody = pl.when(pl.col("evaluator") == "004").then(mood)
    yes = moody.when(pl.col("evaluator") == "007").then(1.0)
    frame = frame.with_columns(value=yes.otherwise("value"))

    found = misfit(frame, rate(frame, FACETS), "evaluator")

    assert found.names[int(np.nanargmax(found.infit_z))] == "004"
    assert found.infit_z[found.names.index("004")] > 4
    assert found.infit[found.names.index("007")] < 1.1


def test_a_standard_that_everybody_meets_by_chance_does_not_discriminate():
    frame, random = marks_of(4), np.random.default_rng(4)
    coin = pl.Series(random.integers(0, 2, len(frame)).astype(float))
    frame = frame.with_columns(value=pl.when(pl.col("standard") == "005").then(coin).otherwise("value"))

    found = discrimination(frame, rate(frame, FACETS))

    own = found.names.index("005")
    assert found.slope[own] + 1.96 * found.error[own] < 0.5
    assert int(np.nanargmin(found.slope)) == own


def test_too_few_marks_tell_nothing():
    frame = marks_of(5)
    rare = frame.filter(pl.col("evaluator") == "001").head(10).with_columns(evaluator=pl.lit("rare"))
    frame = pl.concat([frame, rare])

    found = misfit(frame, rate(frame, FACETS), "evaluator")

    own = found.names.index("rare")
    assert found.marks[own] == 10
    assert np.isnan([found.infit[own], found.outfit[own], found.infit_z[own], found.outfit_z[own]]).all()


def test_shares_between_none_and_all_are_left_out():
    frame = marks_of(6)
    halves = frame.with_columns(value=pl.when(pl.col("standard") == "001").then(0.5).otherwise("value"))

    found = misfit(halves, rate(halves, FACETS), "standard")

    assert found.marks[found.names.index("001")] == 0
    assert np.isnan(found.infit[found.names.index("001")])


def test_a_facet_of_one_level_has_none_here():
    frame = marks_of(7).with_columns(evaluator=pl.lit("only"))

    assert misfit(frame, rate(frame, FACETS), "evaluator").names == []


@pytest.mark.parametrize("facet", ["employee", "standard", "evaluator"])
def test_residuals_of_a_facet_are_those_of_its_own_rows(facet):
    frame = marks_of(8)
    rated = rate(frame, FACETS)
    found = misfit(frame, rated, facet)

    assert found.marks.sum() == len(frame)
    assert found.marks.tolist() == frame.group_by(facet).len().sort(facet)["len"].to_list()
