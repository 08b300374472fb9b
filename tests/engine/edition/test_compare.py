"""What changed between two editions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.edition.bundled import bundled_names, bundled_text
from gracja.engine.edition.compare import Change, _out_of_order, compare
from gracja.engine.edition.read import read_edition

DOCUMENT = """\
gracja: 1
id: salon
version: 1
title: Salon
service: {kind: relationship}
signals:
  complains: {customer_says: [complain*]}
sequence:
  - part: welcome
    title: Welcome
    enhancers:
      - enhancer: noticed
        title: Noticed
        standards:
          - {standard: greet, behaviour: 'Says: Good morning', channels: [chat]}
          - {standard: offer, behaviour: Offers a seat, channels: [chat], weight: 2}
          - {standard: smile, behaviour: Smiles, channels: [in_person]}
  - part: goodbye
    title: Goodbye
    enhancers:
      - enhancer: thanked
        title: Thanked
        standards:
          - {standard: thanks, behaviour: 'Says: Thank you', channels: [chat]}
"""
GREET = "          - {standard: greet, behaviour: 'Says: Good morning', channels: [chat]}\n"
THANKS = "          - {standard: thanks, behaviour: 'Says: Thank you', channels: [chat]}\n"


def edition(text=DOCUMENT):
    return read_edition(text).edition


def changes(text):
    return compare(edition(), edition(text))


def test_the_same_document_in_another_version_has_no_change():
    assert changes(DOCUMENT.replace("version: 1", "version: 7\neffective_from: 2026-12-01")) == ()


def test_forbidding_gestures_is_told_as_a_change_of_the_edition():
    assert changes(DOCUMENT.replace("title: Salon\n", "title: Salon\ngestures: forbidden\n", 1)) == (
        Change("changed", "edition", field="gestures", after="forbidden"),
    )


def test_a_changed_field_is_told_with_what_stood_there_before():
    assert changes(DOCUMENT.replace("weight: 2", "weight: 5")) == (
        Change("changed", "standard", "offer", "Offers a seat", "weight", 2, 5),
    )


def test_a_default_that_becomes_another_value_is_told_too():
    critical = changes(DOCUMENT.replace("weight: 2", "weight: 2, critical: true"))

    assert [(one.field, one.before, one.after) for one in critical] == [("critical", False, True)]


def test_added_and_dropped_standards_name_where_they_stand():
    told = changes(DOCUMENT.replace(GREET, GREET.replace("greet", "hello")))

    assert [(one.kind, one.id, one.before, one.after) for one in told] == [
        ("added", "hello", None, "noticed"),
        ("dropped", "greet", "noticed", None),
    ]


def test_a_standard_that_goes_to_another_enhancer_is_moved():
    told = changes(DOCUMENT.replace(GREET, "").replace(THANKS, THANKS + GREET))

    assert told == (Change("moved", "standard", "greet", "Says: Good morning", "", "noticed", "thanked"),)


def test_one_standard_drawn_to_another_place_is_the_only_one_that_moved():
    told = changes(DOCUMENT.replace(GREET, "").replace("  - part: goodbye", GREET + "  - part: goodbye"))

    assert told == (Change("moved", "standard", "greet", "Says: Good morning"),)


def test_what_concerns_the_whole_edition_stands_without_an_id():
    told = changes(DOCUMENT.replace("kind: relationship", "kind: encounter").replace("complain*", "angry"))

    assert [(one.what, one.id, one.field) for one in told] == [
        ("edition", "", "service"),
        ("signal", "complains", "detect"),
    ]


@pytest.mark.parametrize("name", bundled_names())
def test_no_bundled_edition_differs_from_itself(name):
    bundled = edition(bundled_text(name))

    assert compare(bundled, bundled) == ()


@given(st.permutations([f"s{number}" for number in range(7)]))
def test_what_is_left_of_any_new_order_stands_in_the_old_one(new):
    old = sorted(new)
    moved = _out_of_order(old, new)
    kept = [name for name in new if name not in moved]

    assert kept == [name for name in old if name not in moved]
    assert (not moved) == (new == old)
