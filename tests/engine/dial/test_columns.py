"""Many situations at once read as each alone."""

from __future__ import annotations

import pyarrow as pa
import pytest
from dial_situations import RULES, situations
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.dial.columns import read_dials
from gracja.engine.dial.reading import read_dial
from gracja.engine.errors import EngineInputError


@given(st.lists(situations(), min_size=1, max_size=30))
def test_rows_read_as_situations_do(rows):
    table = pa.table(
        {
            "service_kind": pa.array([row.kind for row in rows], pa.string()),
            "occupation": pa.array([row.occupation for row in rows], pa.string()),
            **{cue.cue: pa.array([row.cues.get(cue.cue) for row in rows], pa.int32()) for cue in RULES.cues},
        }
    )
    expected = [read_dial(row, RULES) for row in rows]

    assert read_dials(table, RULES).to_pylist() == [{"dial": one.dial, "band": one.band} for one in expected]


def test_nothing_in_nothing_out():
    assert read_dials(pa.table({"service_kind": pa.array([], pa.string())}), RULES).num_rows == 0


@pytest.mark.parametrize(
    ("columns", "code", "line"),
    [
        ({"service_kind": ["encounter", "friendship"]}, "service_kind_unknown", 2),
        ({"service_kind": ["encounter", None]}, "service_kind_missing", 2),
        ({"occupation": ["cashier", "pirate"]}, "occupation_unknown", 2),
        ({"occupation": ["cashier", "cashier"], "queue": [1, -4]}, "cue_count_out_of_range", 2),
        ({"occupation": ["cashier", "cashier"], "nosy": [1, 0]}, "cue_unknown", None),
        (
            {"occupation": ["cashier"] * 2, "left_alone": [False, True], "talkative": [True, True]},
            "cues_contradict",
            2,
        ),
    ],
)
def test_a_wrong_row_is_named(columns, code, line):
    with pytest.raises(EngineInputError) as refused:
        read_dials(pa.table(columns), RULES)

    assert (refused.value.code, refused.value.where.line) == (code, line)
