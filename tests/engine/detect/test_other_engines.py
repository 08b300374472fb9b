"""Conversations as other engines hold them: other orders of fields, other types of strings and times."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from gracja.engine.detect import detect
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONVERSATIONS

EDITION = read_edition("""
gracja: 1
id: shop
version: 1
title: Shop
service: {kind: encounter}
sequence:
  - part: whole
    title: Whole
    enhancers:
      - enhancer: one
        title: One
        standards:
          - {standard: greet, behaviour: Greets, channels: [chat], detect: {agent_says: [hello]}}
""").edition
TURN = {"speaker": "agent", "text": "Hello", "employee": "ola", "event": None, "at": None}
TALK = {"contact": "c1", "channel": "chat", "complete": True, "started_at": datetime(2026, 11, 2, tzinfo=UTC)}
EXPECTED = detect(pa.Table.from_pylist([TALK | {"turns": [TURN]}], schema=CONVERSATIONS), EDITION)


def test_fields_of_a_turn_are_taken_by_name_not_by_place():
    backwards = pa.table(
        {"turns": [[dict(reversed(TURN.items()))]]} | {name: [v] for name, v in TALK.items()}
    )
    assert next(iter(backwards.schema.field("turns").type.value_type)).name == "at"
    assert detect(backwards, EDITION).equals(EXPECTED)


@pytest.mark.parametrize("unit", ["s", "ms", "ns"])
def test_times_of_any_unit_are_the_same_moment(unit):
    table = pa.table({name: [v] for name, v in (TALK | {"turns": [TURN]}).items()})
    at = table.schema.get_field_index("started_at")
    other = table.set_column(at, "started_at", table["started_at"].cast(pa.timestamp(unit, "UTC")))
    assert detect(other, EDITION).equals(EXPECTED)


def test_encoded_and_long_strings_are_strings():
    table = pa.table({name: [v] for name, v in (TALK | {"turns": [TURN]}).items()})
    table = table.set_column(1, "channel", table["channel"].combine_chunks().dictionary_encode())
    table = table.set_column(0, "contact", table["contact"].cast(pa.large_string()))
    assert detect(table, EDITION).equals(EXPECTED)


def test_what_must_be_there_and_is_not_is_named():
    with pytest.raises(EngineInputError) as refused:
        detect(pa.table({"contact": ["c1"], "channel": ["chat"], "complete": [True]}), EDITION)
    assert refused.value.code == "columns_missing"
    assert refused.value.facts["missing"] == ["turns"]


def test_turns_that_are_no_list_of_turns_are_refused():
    table = pa.table({name: [v] for name, v in (TALK | {"turns": ["hello"]}).items()})
    with pytest.raises(EngineInputError) as refused:
        detect(table, EDITION)
    assert refused.value.code == "column_type"
