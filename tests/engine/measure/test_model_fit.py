"""The table of who and what follows the rating model."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from gracja.engine.measure.estimate import rate
from gracja.engine.measure.model_fit import Fitted, model_fit
from gracja.engine.measure.simulated import Shape, simulated_company
from gracja.engine.tables import MODEL_FIT

FACETS = ("employee", "standard", "evaluator")
SHAPE = Shape(employees=30, standards=12, evaluators=20, contacts=(30, 50))


def marks_of(seed: int) -> pl.DataFrame:
    company = simulated_company(np.random.default_rng(seed), SHAPE)
    names = {
        facet: pl.Series([f"{i:03}" for i in range(100)]).gather(getattr(company, facet)) for facet in FACETS
    }
    return pl.DataFrame({**names, "value": company.met, "place": None, "contact": company.contact})


def fit_of(frame: pl.DataFrame) -> pl.DataFrame:
    table = model_fit(Fitted(frame, rate(frame, FACETS)))
    assert table.schema.equals(MODEL_FIT)
    return pl.DataFrame(pl.from_arrow(table))


def outside(found: pl.DataFrame, name: str) -> pl.DataFrame:
    return found.filter(~pl.col(name).is_between(f"{name}_low", f"{name}_high"))


def test_where_all_marks_follow_the_model_hardly_any_company_has_somebody_outside_the_expected_range():
    strange = {"infit": 0, "outfit": 0}
    for seed in range(12):
        found = fit_of(marks_of(seed))
        for name in strange:
            strange[name] += len(outside(found, name).group_by("subject_kind").len())

    # 36 facets, each with 95 % inside: 2 expected, and 6 or more come about once in 70
    assert strange["infit"] < 6, strange
    assert strange["outfit"] < 9, strange  # its range is coarser: one surprising mark weighs much


def test_an_evaluator_who_marks_by_mood_lies_above_the_expected_range():
    frame, random = marks_of(3), np.random.default_rng(3)
    mood = pl.Series(random.integers(0, 2, len(frame)).astype(float))
    frame = frame.with_columns(value=pl.when(pl.col("evaluator") == "004").then(mood).otherwise("value"))

    found = fit_of(frame).filter(
        pl.col("subject_kind") == "evaluator", pl.col("infit") > pl.col("infit_high")
    )

    assert found["subject"].to_list() == ["004"]
    assert found["infit"][0] > found["infit_high"][0] > 1


def test_a_standard_met_by_chance_is_known_not_to_rise_with_the_employees_measure():
    frame, random = marks_of(4), np.random.default_rng(4)
    coin = pl.Series(random.integers(0, 2, len(frame)).astype(float))
    frame = frame.with_columns(value=pl.when(pl.col("standard") == "005").then(coin).otherwise("value"))

    slopes = fit_of(frame).filter(pl.col("subject_kind") == "standard").drop_nulls("slope")

    assert slopes.filter(pl.col("slope_high") < 0.5)["subject"].to_list() == ["005"]
    assert set(fit_of(frame).filter(pl.col("subject_kind") != "standard")["slope"]) == {None}


def test_the_range_of_one_subject_alone_is_that_of_a_single_test():
    frame = marks_of(5)
    # all but one employee have fewer marks than tell anything
    few = pl.concat(
        [group.head(200 if name == "001" else 15) for (name,), group in frame.group_by("employee")]
    ).sort("contact", "standard")

    people = fit_of(few).filter(pl.col("subject_kind") == "employee")
    told = people.drop_nulls("infit")

    assert told["subject"].to_list() == ["001"]
    assert people.filter(pl.col("subject") != "001")["infit_high"].null_count() == len(people) - 1
    assert told["marks"][0] == 200
    # of 200 marks the infit's standard deviation is about 0.06: 1.96 of it on either side
    assert told["infit_low"][0] == pytest.approx(0.88, abs=0.06)
    assert told["infit_high"][0] == pytest.approx(1.12, abs=0.06)


def test_where_nothing_was_rated_the_table_is_empty():
    assert model_fit(Fitted(marks_of(1).clear(), None)).num_rows == 0


def test_a_company_of_one_standard_has_no_fit_of_that_standard_and_no_fault():
    company = simulated_company(np.random.default_rng(3), Shape(10, 1, 3, contacts=(30, 40)))
    names = pl.Series([f"{i:03}" for i in range(100)])
    named = {facet: names.gather(getattr(company, facet)) for facet in FACETS}
    frame = pl.DataFrame({**named, "value": company.met, "contact": company.contact}).with_columns(
        place=pl.lit(None, dtype=pl.String)
    )

    told = pl.DataFrame(pl.from_arrow(model_fit(Fitted(frame, rate(frame, FACETS)))))

    assert "standard" not in set(told["subject_kind"])
    assert len(told.filter(pl.col("subject_kind") == "employee")) == 10
