"""Situation rules: those that Gracja comes with, a company's own, and all that can be wrong with them."""

from __future__ import annotations

from importlib.resources import files

import pytest

from gracja.engine.dial.read import as_json, bundled_rules, check_rules, occupation_sources, read_rules
from gracja.engine.edition.bundled import bundled_names, bundled_text
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import ManyInputErrors

TEXT = files("gracja.engine.dial").joinpath("bundled/rules.yaml").read_text(encoding="utf-8")
FORD = {
    "physician": "relationship",
    "hairdresser": "relationship",
    "mechanic": "relationship",
    "cashier": "encounter",
    "clerk": "encounter",
    "fast_food_worker": "encounter",
}


def test_the_bundled_file_reads_as_the_bundled_rules():
    assert read_rules(TEXT) == bundled_rules()


def test_rules_go_to_plain_data_and_back():
    assert check_rules(as_json(bundled_rules())) == bundled_rules()


def test_at_least_forty_occupations_each_with_a_source_or_marked_as_an_assumption():
    occupations = bundled_rules().occupations

    assert len(occupations) >= 40
    for one in occupations:
        assert one.source == "assumption" or one.source in occupation_sources(), one.occupation
        assert set(one.title) == set(one.why) == {"pl", "en"}


def test_fords_six_occupations_stand_as_found():
    found = {name: bundled_rules().occupation(name) for name in FORD}

    assert {name: one.kind for name, one in found.items()} == FORD
    assert {one.source for one in found.values()} == {"ford2001"}
    relational = [one.points for one in found.values() if one.kind == "relationship"]
    assert min(relational) > max(one.points for one in found.values() if one.kind == "encounter")


@pytest.mark.parametrize("name", bundled_names())
def test_the_rules_know_the_occupation_of_every_bundled_edition(name):
    assert bundled_rules().occupation(read_edition(bundled_text(name)).edition.service.occupation)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("attentive_from: 35", "attentive_from: 80", "bands_out_of_order", 7),
        ("    points: 15\n", "", "cue_without_effect", 10),
        ("    ceiling: 20\n", "    ceiling: 20\n    at_most: 3\n", "cue_counts_nothing", None),
        ("cue: talkative", "cue: asks_advice", "cue_twice", None),
        ("[left_alone, asks_advice]", "[left_alone, asks_alms]", "exclusion_unknown", None),
        (
            "discreet: 0, attentive: 1, personal: 4",
            "discreet: 5, attentive: 1, personal: 4",
            "amounts_fall",
            None,
        ),
        ("points: 15", "points: many", "field_type", None),
        ("points: 15", "pionts: 15", "field_unknown", None),
        ("encounter: 30", "encounter: 300", "field_range", 6),
    ],
)
def test_wrong_rules_are_refused_with_their_place(old, new, code, line):
    assert old in TEXT
    with pytest.raises(ManyInputErrors) as refused:
        read_rules(TEXT.replace(old, new, 1), file="rules.yaml")

    error = next(one for one in refused.value.errors if one.code == code)
    assert error.where.file == "rules.yaml"
    assert error.where.line is not None
    assert line is None or error.where.line == line


def test_an_empty_file_is_no_rules():
    with pytest.raises(ManyInputErrors) as refused:
        read_rules("")

    assert refused.value.errors[0].code == "rules_empty"
