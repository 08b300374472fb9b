"""Observations, contacts and choices that cannot be used are refused, in both languages."""

from __future__ import annotations

import pyarrow as pa
import pytest
from pydantic import ValidationError

from gracja.engine.errors import EngineInputError
from gracja.engine.measure import measure, measuring
from gracja.wording.sentences import LANGUAGES, say_error

PLAIN = [{"standard": "greet"}, {"standard": "thanks"}]
TEAM = {"anna": (30, 0.95), "celina": (30, 0.5), "darek": (30, 0.6)}


def broken(column, value):
    def change(marks):
        values = marks[column].to_pylist()
        values[3] = value
        position = marks.schema.get_field_index(column)
        return marks.set_column(
            position, marks.schema.field(column), pa.array(values, marks.schema.field(column).type)
        )

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda marks: marks.slice(0, 0), "observations_empty"),
        (lambda marks: marks.drop(["value", "source"]), "columns_missing"),
        (broken("value", 1.5), "value_out_of_range"),
        (broken("value", float("nan")), "value_out_of_range"),
        (broken("value", float("inf")), "value_out_of_range"),
        (broken("value", -0.1), "value_out_of_range"),
        (broken("value", None), "value_missing"),
        (broken("source", "gossip"), "choice_unknown"),
        (broken("status", "maybe"), "choice_unknown"),
        (lambda marks: pa.concat_tables([marks, marks.slice(0, 1)]), "observation_twice"),
        (
            lambda marks: marks.set_column(0, "contact", pa.nulls(marks.num_rows, pa.string())),
            "column_has_gaps",
        ),
        (lambda marks: marks.set_column(10, "value", pa.array(["high"] * marks.num_rows)), "column_type"),
    ],
)
def test_observations_that_cannot_be_used_are_refused_in_both_languages(edition, shop, change, code):
    with pytest.raises(EngineInputError) as refused:
        measure(change(shop(TEAM)), edition(PLAIN))
    assert refused.value.code == code
    assert all(say_error(refused.value, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("rows_given", "code"),
    [
        ([{"contact": "c", "wanted_low": -1, "wanted_high": 5}], "wanted_out_of_range"),
        ([{"contact": "c", "wanted_low": 50, "wanted_high": 5}], "wanted_out_of_range"),
        ([{"contact": "c"}, {"contact": "c"}], "wanted_twice"),
        ([{"contact": "c", "wanted_source": "gossip"}], "choice_unknown"),
    ],
)
def test_contacts_that_cannot_be_used_are_refused_in_both_languages(
    edition, shop, contacts, rows_given, code
):
    with pytest.raises(EngineInputError) as refused:
        measure(shop(TEAM), edition(PLAIN), contacts=contacts(rows_given))
    assert refused.value.code == code
    assert all(say_error(refused.value, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("choice", "code"), [({"level": 1.0}, "level_out_of_range"), ({"source": "all"}, "choice_unknown")]
)
def test_choices_that_do_not_exist_are_refused(edition, shop, choice, code):
    with pytest.raises(EngineInputError) as refused:
        measure(shop(TEAM), edition(PLAIN), **choice)
    assert refused.value.code == code
    assert all(say_error(refused.value, language) for language in LANGUAGES)


@pytest.mark.parametrize("facet", ["employee", "evaluator", "place"])
def test_a_column_of_which_every_mark_has_its_own_value_is_refused_in_both_languages(
    monkeypatch, edition, shop, facet
):
    monkeypatch.setattr(measuring, "MOST_LEVELS", 100)
    marks = shop(TEAM)
    column = pa.array([f"{number:04}" for number in range(marks.num_rows)])
    many = marks.set_column(marks.schema.get_field_index(facet), marks.schema.field(facet), column)

    with pytest.raises(EngineInputError) as refused:
        measure(many, edition(PLAIN))

    assert (refused.value.code, refused.value.facts["levels"]) == ("rating_too_many_levels", marks.num_rows)
    assert all(facet in say_error(refused.value, language) for language in LANGUAGES)


def test_weights_of_standards_that_are_no_weights_are_refused(edition):
    for weight in (-1, 0, float("nan")):
        with pytest.raises(ValidationError):
            edition([{"standard": "greet", "weight": weight}])


def without(column):
    return lambda marks: marks.set_column(
        marks.schema.get_field_index(column),
        marks.schema.field(column),
        pa.nulls(marks.num_rows, marks.schema.field(column).type),
    )


@pytest.mark.parametrize(
    ("team", "change"),
    [
        ({"anna": (30, 1.0), "celina": (30, 1.0)}, None),  # all met
        ({"anna": (30, 1.0), "celina": (30, 0.0)}, None),  # employees apart
        ({**TEAM, "ewa": (1, 1.0)}, lambda marks: marks.slice(0, marks.num_rows - 1)),  # one mark of one
        ({"anna": (1, 1.0)}, lambda marks: marks.slice(0, 1)),  # one mark at all
        (TEAM, without("employee")),
        (TEAM, without("evaluator")),
        (TEAM, without("place")),
    ],
)
def test_marks_that_tell_little_are_measured_with_finite_shares(edition, shop, change, team):
    marks = shop(team)
    results = measure(marks if change is None else change(marks), edition(PLAIN)).results.to_pylist()

    assert results
    for row in results:
        shares = [row[name] for name in ("base_low", "base", "base_high") if row[name] is not None]
        assert shares == sorted(shares)
        assert all(0 <= share <= 1 for share in shares)


def test_an_evaluator_who_always_says_yes_is_told_as_lenient_and_nobody_else_is_lost(edition, shop, rows):
    honest = shop(TEAM)
    yes = shop(dict.fromkeys(TEAM, (30, 1.0)), evaluator="zofia")
    contact = pa.array([f"z-{name}" for name in yes["contact"].to_pylist()])
    both = pa.concat_tables([honest, yes.set_column(0, yes.schema.field(0), contact)])

    found = measure(both, edition(PLAIN))

    evaluators = rows("evaluator", found)
    assert evaluators["zofia"]["measure"] < min(evaluators[name]["measure"] for name in ("borys0", "borys1"))
    assert set(rows("employee", found)) == set(TEAM)


@pytest.mark.parametrize("share", [0.0, 1.0, None])
def test_the_chance_with_which_a_contact_was_drawn_moves_no_measure(edition, shop, share):
    marks = shop(TEAM)
    at = marks.schema.get_field_index("inclusion")
    drawn = marks.set_column(
        at, marks.schema.field(at), pa.array([share] * marks.num_rows, marks.schema.field(at).type)
    )

    plain, other = (measure(given, edition(PLAIN)).results.drop("run") for given in (marks, drawn))

    assert other.equals(plain)
