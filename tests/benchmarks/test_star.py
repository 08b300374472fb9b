"""The gates of the STAR benchmark say what they claim to say."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pyarrow as pa
import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks/star"


@pytest.fixture
def told_apart(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    spec = importlib.util.spec_from_file_location("star_run", FOLDER / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield lambda *ranges: module.told_apart(
        pa.table({"rank_low": [low for low, _ in ranges], "rank_high": [high for _, high in ranges]})
    )
    for name in ("checks", "convert"):
        sys.modules.pop(name, None)


def test_nobody_is_told_apart_where_everybodys_range_is_the_whole_one(told_apart):
    assert told_apart((1, 3), (1, 3), (None, None), (1, 3)) == (3, 0, 0, True)


def test_two_who_are_told_apart_inside_one_group_break_the_gate(told_apart):
    # the first is surely better than the last, and no border parts the three
    assert told_apart((1, 2), (1, 3), (2, 3)) == (3, 2, 1, False)
