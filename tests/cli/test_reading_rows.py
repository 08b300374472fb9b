"""Observations and contacts from files."""

from __future__ import annotations

import gzip

import pytest

from gracja.cli.files import write_parquet
from gracja.cli.flat_files import read_contacts, read_observations
from gracja.engine.conversations.write import json_lines
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONTACTS, OBSERVATIONS


def test_without_a_place_for_rejections_the_first_one_raises(written, mark):
    with pytest.raises(EngineInputError) as error:
        read_observations([written("marks.jsonl", mark(), mark(value=2))])

    assert error.value.code == "number_out_of_range"


def test_observations_have_the_same_rows_in_every_form(written, tmp_path, mark):
    marks = [
        mark(occurred_at="2026-03-01T09:30:00Z", evidence=[{"turn": 0, "start": 1, "end": 4}], segment=1),
        mark(status="not_seen", value=None, source="automatic", evaluator=None, detector="phrases@1"),
    ]
    table = read_observations([written("marks.jsonl", *marks)])
    write_parquet([table], tmp_path / "marks.parquet", OBSERVATIONS)
    (tmp_path / "again.jsonl.gz").write_bytes(gzip.compress(b"".join(json_lines(table))))
    (tmp_path / "marks.csv").write_text(
        "contact;segment;employee;standard;edition;source;evaluator;status;value;occurred_at;evidence;detector\n"
        'c1;1;darek;greet;salon@3;review;borys;marked;0,5;2026-03-01T09:30:00Z;"[{""turn"":0,""start"":1,""end"":4}]";\n'
        "c1;;darek;greet;salon@3;automatic;;not_seen;;;;phrases@1\n"
    )

    assert table.schema == OBSERVATIONS
    for name in ("marks.parquet", "again.jsonl.gz", "marks.csv"):
        assert read_observations([tmp_path / name]).equals(table), name


def test_nothing_read_is_an_empty_table_of_the_right_shape(tmp_path):
    (tmp_path / "empty.jsonl").write_bytes(b"")

    assert read_observations([tmp_path / "empty.jsonl"]).schema == OBSERVATIONS
    assert read_contacts([]).schema == CONTACTS
