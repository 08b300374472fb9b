"""One number for all values of a row: equal where they are equal, wherever the row stands."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gracja.engine.conversations.hashing import hashes_of

ROWS = st.lists(st.lists(st.none() | st.binary(max_size=20), max_size=4), max_size=6)


def hashed(rows, seed=1):
    values = [value for row in rows for value in row]
    sizes = [len(value or b"") for value in values]
    return hashes_of(
        np.frombuffer(b"".join(value or b"" for value in values), np.uint8),
        np.cumsum([0, *sizes], dtype=np.int64),
        np.array([value is not None for value in values], bool),
        np.cumsum([0, *map(len, rows)], dtype=np.int64),
        seed,
    )


@given(ROWS, ROWS)
@settings(deadline=None)
def test_rows_have_the_same_number_exactly_where_their_values_are_the_same(some, others):
    rows = [*some, *others, *some]
    found = hashed(rows)
    known = [row if any(value is not None for value in row) else None for row in rows]

    for row, one in zip(known, found, strict=True):
        assert [row == other for other in known] == [one == other for other in found]


def test_a_row_without_a_known_value_adds_nothing():
    assert hashed([[], [None], [None, None]]).tolist() == [0, 0, 0]


def test_another_seed_gives_other_numbers():
    rows = [[b"C-1"], [b"C-2"], [b"a longer name of a contact"]]

    assert not set(hashed(rows, seed=1).tolist()) & set(hashed(rows, seed=2).tolist())
