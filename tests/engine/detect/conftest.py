"""Short conversations and editions, written as one would say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from gracja.engine.detect import detect
from gracja.engine.edition.read import read_edition
from gracja.engine.tables import CONVERSATIONS

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HEAD = """
gracja: 1
id: test
version: 1
title: Test
service: {kind: encounter}
"""
STANDARDS = """
sequence:
  - part: whole
    title: Whole
    enhancers:
      - enhancer: one
        title: One
        standards:
"""


def turn(line: str) -> dict[str, Any]:
    """`a: hello`, `c@30: hi` (30 seconds in), `a/ola: hi` (spoken by ola), `s: !booked` (an event)."""
    who, _, text = line.partition(": ")
    who, _, seconds = who.partition("@")
    who, _, employee = who.partition("/")
    speaker = {"a": "agent", "c": "customer", "s": "system", "b": "bot"}[who]
    event = text[1:] if text.startswith("!") else None
    return {
        "speaker": speaker,
        "employee": employee or None,
        "text": "" if event else text,
        "event": event,
        "at": START + timedelta(seconds=float(seconds)) if seconds else None,
    }


def talk(*lines: str, **fields: Any) -> dict[str, Any]:
    return {
        "contact": "c1",
        "employee": "darek",
        "customer": None,
        "place": "rynek",
        "channel": "chat",
        "language": "en",
        "started_at": None,
        "complete": True,
        "turns": [turn(line) for line in lines],
        **fields,
    }


def edition(standard: str, *, signals: str = "", extra: str = ""):
    """An edition with one standard, `s`, whose fields are given as indented YAML."""
    head = HEAD + (f"signals:\n{signals}" if signals else "") + extra + STANDARDS
    lines = standard.strip("\n").splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    body = "\n".join("            " + line[indent:] for line in lines)
    text = (
        head
        + "          - standard: s\n            behaviour: Does it\n            channels: [chat, phone]\n"
        + body
    )
    return read_edition(text).edition


@pytest.fixture
def rows():
    """All rows of one standard in one conversation: `rows(standard, *lines, signals=..., **fields)`."""

    def run(
        standard: str, *lines: str, signals: str = "", extra: str = "", **fields: Any
    ) -> list[dict[str, Any]]:
        table = pa.Table.from_pylist([talk(*lines, **fields)], schema=CONVERSATIONS)
        found = detect(table, edition(standard, signals=signals, extra=extra))
        return [row for row in found.to_pylist() if row["standard"] == "s"]

    return run


@pytest.fixture
def row(rows):
    """The only row of one standard in one conversation."""

    def run(*args: Any, **options: Any) -> dict[str, Any]:
        (only,) = rows(*args, **options)
        return only

    return run


@pytest.fixture
def value(row):
    """The value of the only row where it is marked, else its status."""

    def run(*args: Any, **options: Any) -> float | str:
        found = row(*args, **options)
        return found["value"] if found["status"] == "marked" else found["status"]

    return run


@pytest.fixture
def quoted(row):
    """The words that the evidence of the only row points at."""

    def run(standard: str, *lines: str, **options: Any) -> list[str]:
        found = row(standard, *lines, **options)
        texts = [turn(line)["text"] for line in lines]
        return [texts[e["turn"]][e["start"] : e["end"]] for e in found["evidence"]]

    return run
