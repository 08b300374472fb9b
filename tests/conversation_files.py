"""Fixtures for whoever reads files of conversations."""

from __future__ import annotations

import gzip
import json

import pyarrow as pa
import pytest

from gracja.engine.conversations.outcome import Tally
from gracja.engine.errors import EngineInputError
from gracja.wording.sentences import LANGUAGES, say_error


@pytest.fixture
def talk():
    def one(contact="c1", text="Dzień dobry", **changes):
        turns = [{"speaker": "agent", "text": text, "at": "2026-03-01T09:30:00Z"}]
        return {"contact": contact, "employee": "darek", "channel": "chat", "turns": turns} | changes

    return one


@pytest.fixture
def written(tmp_path):
    """Files of JSON lines (bytes as they are), by name."""

    def write(name, *records):
        path = tmp_path / name
        rows = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in records]
        data = b"".join(row + b"\n" for row in rows)
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return str(path)

    return write


class Reading:
    """One reading: what was kept, what was rejected, and the counts."""

    def __init__(self, read, paths, **options):
        self.rejected, self.tally = [], Tally()
        found = read(paths, on_rejected=self.rejected.append, tally=self.tally, **options)
        self.tables = [found] if isinstance(found, pa.Table) else list(found)
        self.rows = [row for table in self.tables for row in table.to_pylist()]
        self.codes = [one.code for one in self.rejected]
        kept = sum(table.num_rows for table in self.tables)
        assert (self.tally.accepted, self.tally.rejected) == (kept, len(self.rejected))
        assert self.tally.read == kept + len(self.rejected)
        for error in [*(one.error() for one in self.rejected), *self.tally.notices()]:
            assert all(say_error(error, lang) for lang in LANGUAGES)


@pytest.fixture
def reading():
    return Reading


@pytest.fixture
def refused():
    """The code with which this reader refuses these paths."""

    def code(read, *paths, **options):
        with pytest.raises(EngineInputError) as error:
            Reading(read, list(paths), **options)
        assert all(say_error(error.value, lang) for lang in LANGUAGES)
        return error.value.code

    return code
