"""A detector written alone, as the studio takes it."""

from __future__ import annotations

import pytest

from gracja.engine.edition.read import read_predicate
from gracja.engine.edition.write import write_predicate
from gracja.engine.errors import ManyInputErrors

DETECTOR = {
    "any": [{"agent_says": {"pl": ["w czym {0..2} pomóc"]}}, {"like": ["W czym mogę pomóc?"]}],
    "where": {"first": 2},
}


def test_a_detector_is_written_and_read_back():
    assert read_predicate(write_predicate(DETECTOR)) == DETECTOR


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("agent_says: [a]\nwithin: week\n", "field_choice", 2),
        ("agent_says: [a]\ncustomer_says: [b]\n", "predicate_needs_one_kind", 1),
        ("agent_says: [a\n", None, 2),
        ("none", "edition_empty", 1),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, code, line):
    with pytest.raises(ManyInputErrors) as wrong:
        read_predicate(text)

    (error,) = wrong.value.errors
    assert error.where.line == line
    assert code in (None, error.code)


@pytest.mark.parametrize(("text", "given"), [("agent_sayz: {pl: [a]}\n", ["agent_sayz"]), ("{}\n", ["{}"])])
def test_a_node_of_no_kind_is_told_as_it_was_spelt(text, given):
    with pytest.raises(ManyInputErrors) as wrong:
        read_predicate(text)

    assert [one.facts["given"] for one in wrong.value.errors] == [given]
