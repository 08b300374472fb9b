"""The command line in this process: `gracja("score", ...)` gives exit code, output and errors."""

from __future__ import annotations

import gzip
import io
import json
import sys
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pytest

from gracja.cli.main import main
from gracja.engine.conversations.outcome import Tally
from gracja.engine.errors import EngineInputError
from gracja.wording.sentences import LANGUAGES, say_error

EDITION = """\
gracja: 1
id: shop
version: 1
title: {pl: Sklep, en: Shop}
service: {kind: encounter, occupation: shop_assistant}
sequence:
  - part: welcome
    title: {pl: Powitanie, en: Welcome}
    enhancers:
      - enhancer: noticed
        title: {pl: Klient zauważony, en: The customer is noticed}
        evidence: {pl: "Założenie: rozmowy z klientami", en: "Assumption: talks with customers"}
        standards:
          - standard: greet
            behaviour: {pl: "Mówi: „Dzień dobry”", en: "Says: “Good morning”"}
            when: {pl: na początku rozmowy, en: at the start}
            channels: [chat]
            detect: {agent_says: {pl: ["dzień dobry"], en: ["good morning", "hello"]}}
          - standard: thank
            behaviour: {pl: "Mówi: „Dziękuję”", en: "Says: “Thank you”"}
            when: {pl: na końcu rozmowy, en: at the end}
            channels: [chat]
            detect: {agent_says: {pl: ["~dziękować"], en: ["thank*"]}}
"""


@dataclass
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def gracja(capsys, monkeypatch):
    def run(*arguments: Any, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin))))
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    monkeypatch.setenv("GRACJA_LANG", "en")
    return run


@pytest.fixture
def edition(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(EDITION, encoding="utf-8")
    return path


def conversation(number: int, **fields: Any) -> dict[str, Any]:
    """One chat; every third agent forgets the greeting, every fourth the thanks."""
    greeting = "Well?" if number % 3 == 0 else "Hello, how can I help?"
    ending = "Bye" if number % 4 == 0 else "Thank you"
    return {
        "contact": f"c{number}",
        "employee": f"person {number % 6}",
        "channel": "chat",
        "language": "en",
        "turns": [
            {"speaker": "agent", "text": greeting},
            {"speaker": "customer", "text": "My order please"},
            {"speaker": "agent", "text": ending},
        ],
        **fields,
    }


@pytest.fixture
def chats(tmp_path):
    """Write conversations as JSON lines; a string is a line as it stands."""

    def write(*rows: dict[str, Any] | str | bytes, name: str = "chats.jsonl"):
        path = tmp_path / name
        lines = [
            row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode()
            for row in rows
        ]
        path.write_bytes(b"".join(line + b"\n" for line in lines))
        return path

    return write


@pytest.fixture
def good():
    return conversation


@pytest.fixture
def talk():
    def one(contact="c1", text="Dzień dobry", **changes):
        turns = [{"speaker": "agent", "text": text, "at": "2026-03-01T09:30:00Z"}]
        return {"contact": contact, "employee": "darek", "channel": "chat", "turns": turns} | changes

    return one


@pytest.fixture
def mark():
    def one(**changes):
        record = {
            "contact": "c1",
            "employee": "darek",
            "standard": "greet",
            "edition": "salon@3",
            "source": "review",
            "evaluator": "borys",
            "status": "marked",
            "value": 0.5,
        }
        return record | changes

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
