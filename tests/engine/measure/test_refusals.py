"""Observations, contacts and choices that cannot be used are refused, in both languages."""

from __future__ import annotations

import pyarrow as pa
import pytest

from gracja.engine.errors import EngineInputError
from gracja.engine.measure import measure
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
