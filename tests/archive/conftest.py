"""An archive of a made-up shop: Darek and Ola serve, customers are known by their number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from gracja.archive import Archive, open_or_create
from gracja.archive.imports import Imported, import_conversations
from gracja.archive.scoring import Scored, score_archive
from gracja.engine.detect.batch import BatchScorer
from gracja.engine.detect.name import DETECTOR
from gracja.engine.edition.model import Edition
from gracja.engine.edition.read import read_edition
from gracja.engine.edition.write import edition_digest
from gracja.engine.tables import CONVERSATIONS, OBSERVATIONS

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
PEOPLE = ("Darek Wiśniewski", "Ola")


def conversation(number: int, **fields: Any) -> dict[str, Any]:
    """One call; every third agent forgets the greeting. Every seventh has no time at all."""
    started = None if number % 7 == 0 else START + timedelta(hours=6 * number)
    return {
        "contact": f"call {number}",
        "employee": PEOPLE[number % 2],
        "customer": f"customer-{number % 20:03d}",
        "place": "Rynek",
        "channel": "phone",
        "language": "en",
        "started_at": started,
        "complete": True,
        "turns": [
            turn("agent", "Well?" if number % 3 == 0 else "Good morning, how can I help you?"),
            turn("customer", f"My order number {number}, please"),
            turn("agent", "Thank you, goodbye"),
        ],
        **fields,
    }


def turn(speaker: str, text: str, **fields: Any) -> dict[str, Any]:
    return {"speaker": speaker, "employee": None, "text": text, "event": None, "at": None, **fields}


def table_of(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=CONVERSATIONS)


EDITION = """\
gracja: 1
id: shop
version: 1
title: Shop
service: {kind: encounter}
sequence:
  - part: call
    title: Call
    enhancers:
      - enhancer: heard
        title: Heard
        standards:
          - standard: greet
            behaviour: "Says: Good morning"
            channels: [phone]
            detect: {agent_says: ["good morning"]}
          - standard: thank
            behaviour: "Says: Thank you"
            channels: [phone]
            detect: {agent_says: ["thank you"]}
"""


def small_edition(version: int = 1) -> Edition:
    return read_edition(EDITION.replace("version: 1", f"version: {version}")).edition


class Shop:
    """An archive, and what a test asks of it."""

    def __init__(self, folder: Path) -> None:
        self.archive: Archive = open_or_create(folder)
        self.folder = folder
        self.changed: list[str] = []

    def takes(self, *rows: dict[str, Any], **options: Any) -> Imported:
        return import_conversations(
            self.archive,
            [table_of(*rows[place : place + 5]) for place in range(0, len(rows), 5)],
            on_changed=lambda table: self.changed.extend(table["contact"].to_pylist()),
            **options,
        )

    def scores(self, scorer: BatchScorer | None = None, **options: Any) -> Scored:
        scorer = scorer or BatchScorer(small_edition())
        return score_archive(
            self.archive,
            scorer,
            edition_digest=edition_digest(scorer.edition),
            scored_by=DETECTOR,
            **options,
        )

    def conversations(self, *months: str) -> list[dict[str, Any]]:
        batches = self.archive.conversations(months or None)
        return sorted((row for batch in batches for row in batch.to_pylist()), key=lambda row: row["contact"])

    def observations(self, *months: str, **asked: Any) -> list[dict[str, Any]]:
        batches = list(self.archive.observations(months or None, **asked))
        assert all(batch.schema.equals(OBSERVATIONS) for batch in batches)
        rows = (row for batch in batches for row in batch.to_pylist())
        return sorted(rows, key=lambda row: (row["contact"], row["edition"], row["segment"], row["standard"]))


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path / "archiwum żółte 1")


@pytest.fixture
def full(shop):
    """Sixty conversations, scored."""
    shop.takes(*(conversation(number) for number in range(60)))
    shop.scores()
    return shop


@pytest.fixture
def call():
    return conversation


@pytest.fixture
def said():
    return turn


@pytest.fixture
def rows():
    return table_of


@pytest.fixture
def edition():
    return small_edition


@pytest.fixture
def open_shop():
    return Shop
