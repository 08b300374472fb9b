"""What stands beside the results in Python: who follows the model, who agrees with whom."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import gracja


@pytest.fixture(scope="module")
def marks():
    """Forty contacts of two employees, each marked by two people who differ now and then."""
    random = np.random.default_rng(5)
    rows = []
    for contact in range(40):
        met = random.random(3) < (0.8, 0.6, 0.5)
        for evaluator in ("borys", "ewa"):
            apart = random.random(3) < 0.1
            rows += [
                {
                    "contact": f"c{contact}", "employee": ("anna", "darek")[contact % 2],
                    "standard": standard, "value": float(one), "evaluator": evaluator,
                }
                for standard, one in zip(("greet", "offer", "thanks"), met ^ apart, strict=True)
            ]  # fmt: skip
    return pl.DataFrame(rows).with_columns(
        edition=pl.lit("salon@3"), source=pl.lit("review"), status=pl.lit("marked")
    )


def test_results_say_who_follows_the_model_with_the_range_of_chance(marks):
    found = gracja.measure(marks).model_fit

    assert set(found["subject_kind"]) == {"employee", "standard", "evaluator"}
    borys = found.row(by_predicate=pl.col("subject") == "borys", named=True)
    assert borys["marks"] == 120
    assert borys["infit_low"] < borys["infit"] < borys["infit_high"]


def test_results_say_how_far_people_agree_at_their_own_level(marks):
    wide, narrow = (gracja.measure(marks, level=level).agreement() for level in (0.95, 0.5))

    both = wide.row(by_predicate=pl.col("standard").is_null(), named=True)
    assert both["marks"] == 120
    assert both["alpha_low"] < both["alpha"] < both["alpha_high"]
    inner = narrow.row(by_predicate=pl.col("standard").is_null(), named=True)
    assert inner["alpha_high"] - inner["alpha_low"] < both["alpha_high"] - both["alpha_low"]
    assert wide["standard"].drop_nulls().to_list() == ["greet", "offer", "thanks"]


def test_where_nobody_marked_twice_the_table_is_empty(marks):
    alone = marks.filter(pl.col("evaluator") == "borys")

    assert gracja.measure(alone).agreement().is_empty()
