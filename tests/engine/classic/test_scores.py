"""Classic arithmetic, held against the worked examples that its tools publish."""

from __future__ import annotations

import doctest
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.classic import category_scores, review_scores, scores
from gracja.engine.errors import EngineInputError
from gracja.wording import LANGUAGES, say_error

POINTS = [("tone", 3, 5), ("knowledge", 5, 10), ("solving", 8, 15), ("privacy", 5, 5)]


def answers(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of one review `a`, yes or no, unless they say otherwise."""
    return pl.DataFrame(
        [{"review": "a", "lowest": 0, "highest": 1, **row} for row in rows], infer_schema_length=None
    )


def points(**instead: float | None) -> pl.DataFrame:
    return answers(
        [
            {"category": name, "selected": instead.get(name, earned), "highest": highest}
            for name, earned, highest in POINTS
        ]
    )


def score(rows: pl.DataFrame) -> float | None:
    return review_scores(rows)["score"].item()


def test_the_examples_in_the_documentation_run():
    assert doctest.testmod(scores).failed == 0


@pytest.mark.parametrize(
    ("steps", "percents"),
    [(2, [0, 100]), (3, [0, 50, 100]), (4, [0, 33.3, 66.7, 100]), (5, [0, 25, 50, 75, 100])],
)
def test_a_scale_of_steps_is_spread_from_0_to_100_as_published(steps, percents):
    rows = answers(
        [{"category": f"{n}", "selected": n, "lowest": 1, "highest": steps} for n in range(1, steps + 1)]
    )

    assert category_scores(rows)["score"].round(1).to_list() == percents


def test_21_of_35_points_are_60_percent_and_16_of_30_are_53_where_one_is_not_applicable():
    assert score(points()) == pytest.approx(60.0)
    assert score(points(privacy=None)) == pytest.approx(100 * 16 / 30)
    assert round(score(points(privacy=None)) or 0) == 53


def test_sections_with_a_weight_of_their_own_are_70_percent_where_points_alone_are_65():
    given_ = [("tone", 3, 3, 10), ("knowledge", 5, 10, 30), ("solving", 4, 5, 50), ("privacy", 1, 2, 10)]
    rows = answers(
        [
            {"section": s, "category": s, "selected": earned, "highest": most, "section_weight": share}
            for s, earned, most, share in given_
        ]
    )

    assert score(rows) == pytest.approx(70.0)
    assert score(rows.drop("section_weight")) == pytest.approx(65.0)


def test_a_section_without_an_answer_leaves_the_denominator():
    rows = answers(
        [
            {"section": "tone", "category": "polite", "selected": 1, "section_weight": 40},
            {"section": "tone", "category": "clear", "selected": 0, "section_weight": 40},
            {"section": "sale", "category": "offer", "selected": None, "section_weight": 60},
        ]
    )

    assert score(rows) == pytest.approx(50.0)


def test_the_mean_of_reviews_is_the_published_quality_score():
    percents = [100.0, 9.91, 63.96, 90.99, 0.0]
    rows = pl.DataFrame(
        {
            "review": list("abcde"),
            "category": ["x"] * 5,
            "selected": percents,
            "lowest": [0] * 5,
            "highest": [100] * 5,
        }
    )

    assert review_scores(rows)["score"].mean() == pytest.approx(52.97, abs=0.005)


def test_weights_count_where_they_are_given():
    rows = answers(
        [
            {"category": "a", "selected": 5, "lowest": 1, "highest": 5, "weight": 1},
            {"category": "b", "selected": 1, "lowest": 1, "highest": 2, "weight": 3},
        ]
    )

    assert score(rows) == pytest.approx(25.0)


@pytest.mark.parametrize(("selected", "percent"), [(1, 0.0), (2, 0.0), (3, 75.0), (5, 100.0)])
def test_a_critical_category_under_half_makes_the_review_nothing(selected, percent):
    rows = answers(
        [
            {
                "category": "law",
                "selected": selected,
                "lowest": 1,
                "highest": 5,
                "weight": 1,
                "critical": True,
            },
            {"category": "tone", "selected": 1, "weight": 1, "critical": False},
        ]
    ).with_columns(weight=1)

    assert score(rows) == pytest.approx(percent)
    assert review_scores(rows)["failed"].item() is (percent == 0)


def test_a_bonus_takes_the_score_over_100_and_its_absence_costs_nothing():
    bonus = {"category": "surprise", "selected": 1, "weight": 1, "bonus": True}
    rows = answers([{"category": "tone", "selected": 1, "weight": 4, "bonus": False}, bonus])

    assert score(rows) == pytest.approx(125.0)
    assert score(rows.with_columns(selected=pl.col("selected") * ~pl.col("bonus"))) == pytest.approx(100.0)
    of_sections = rows.with_columns(section="category", section_weight=pl.Series([80, 8]))
    assert score(of_sections) == pytest.approx(110.0)


def test_where_nothing_was_answered_nothing_was_measured():
    nothing = answers([{"category": "tone", "selected": None, "highest": 5}])
    only_bonus = answers([{"category": "surprise", "selected": 1, "bonus": True}])

    assert review_scores(nothing).row(0) == ("a", 0, False, None)
    assert score(only_bonus) is None


def test_each_review_is_scored_alone_and_in_its_order():
    rows = pl.concat([points().with_columns(review=pl.lit(name)) for name in ("z", "a")])

    found = review_scores(rows)

    assert found["review"].to_list() == ["z", "a"]
    assert found["score"].round(6).to_list() == [60.0, 60.0]


@pytest.mark.parametrize(
    ("wrong", "code", "field", "line"),
    [
        ({"weight": -1}, "weight_negative", "answers.weight", 2),
        ({"lowest": 1, "selected": 1}, "scale_empty", "answers.highest", 2),
        ({"lowest": 2, "selected": 1}, "scale_empty", "answers.highest", 2),
        ({"selected": 1.5}, "selected_outside_scale", "answers.selected", 2),
        ({"selected": float("nan")}, "number_not_finite", "answers.selected", 2),
        ({"weight": float("inf")}, "number_not_finite", "answers.weight", 2),
        ({"category": "first"}, "answer_twice", "answers.category", 2),
        ({"weight": None}, "column_has_gaps", "answers.weight", 2),
        ({"section_weight": 3.0}, "section_weights_differ", "answers.section_weight", 2),
        ({"section_weight": -3.0}, "weight_negative", "answers.section_weight", 2),
    ],
)
def test_a_wrong_answer_is_refused_with_its_column_and_row(wrong, code, field, line):
    same = {"weight": 1.0, "section": "s", **({"section_weight": 1.0} if "section_weight" in wrong else {})}
    rows = answers(
        [
            {"category": "first", "selected": 1.0, **same},
            {"category": "second", "selected": 1.0, **same, **wrong},
        ]
    )

    with pytest.raises(EngineInputError) as refused:
        review_scores(rows)

    assert (refused.value.code, refused.value.where.field, refused.value.where.line) == (code, field, line)
    assert all(say_error(refused.value, lang).startswith("2, ") for lang in LANGUAGES)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (points().clear(), "answers_empty"),
        (points().drop("selected"), "columns_missing"),
        (points().with_columns(selected=pl.lit("much")), "column_type"),
        (points().with_columns(critical=pl.lit("yes")), "column_type"),
    ],
)
def test_answers_of_another_form_are_refused(rows, code):
    with pytest.raises(EngineInputError) as refused:
        review_scores(rows)

    assert refused.value.code == code
    assert all(say_error(refused.value, lang) for lang in LANGUAGES)


ANSWERS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(1, 5)),
        st.floats(0.1, 10),
        st.booleans(),
        st.sampled_from("st"),
    ),
    min_size=1,
    max_size=8,
)


def of_tuples(
    given_: list[tuple[int | None, float, bool, str]], section_weights: bool = False
) -> pl.DataFrame:
    rows = [
        {
            "category": f"{n}",
            "selected": selected,
            "lowest": 1,
            "highest": 5,
            "weight": weight,
            "bonus": bonus,
            "section": section,
        }
        | ({"section_weight": {"s": 2.0, "t": 3.0}[section]} if section_weights else {})
        for n, (selected, weight, bonus, section) in enumerate(given_)
    ]
    return answers(rows).with_columns(pl.col("selected").cast(pl.Float64))


@given(ANSWERS, st.booleans())
def test_a_score_is_within_0_and_100_unless_there_is_a_bonus(given_, sections):
    found = score(of_tuples(given_, sections))

    if all(selected is None or bonus for selected, _, bonus, _ in given_):
        assert found is None
    else:
        assert found is not None
        assert found >= -1e-9
        assert found <= 100 + 1e-9 or any(bonus for _, _, bonus, _ in given_)


@given(ANSWERS, st.floats(0.1, 100), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_the_unit_of_weights_matters(given_, factor, luck):
    rows = of_tuples(given_)
    shuffled = list(range(len(rows)))
    luck.shuffle(shuffled)
    other = rows[shuffled].with_columns(pl.col("weight") * factor)

    assert score(other) == pytest.approx(score(rows))


@given(ANSWERS, st.booleans())
def test_not_applicable_is_as_if_it_had_not_been_asked(given_, sections):
    asked = of_tuples(given_, sections)
    answered = asked.filter(pl.col("selected").is_not_null())

    assert score(asked) == (score(answered) if len(answered) else None)


@given(ANSWERS, st.booleans())
def test_a_better_answer_never_lowers_a_score(given_, sections):
    better = [(selected and min(selected + 1, 5), *rest) for selected, *rest in given_]
    before, after = score(of_tuples(given_, sections)), score(of_tuples(better, sections))

    assert before is after is None or after >= before - 1e-9
