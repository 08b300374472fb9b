"""Good rows to spoil, and strategies for rows of any kind."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from gracja.engine.tables import CHANNELS, SPEAKERS

settings.register_profile("unhurried", deadline=None)  # two cores are shared: time is no property
settings.load_profile("unhurried")


@pytest.fixture
def conversation():
    """Darek serves a customer at Rynek; each test changes what it is about."""

    def make(**changes: Any) -> dict[str, Any]:
        record = {
            "contact": "c1",
            "employee": "darek",
            "place": "rynek",
            "channel": "chat",
            "language": "pl",
            "started_at": "2026-03-01T09:30:00Z",
            "turns": [
                {"speaker": "customer", "text": "Dzień dobry", "at": "2026-03-01T09:30:00Z"},
                {"speaker": "agent", "text": "Witam, w czym mogę pomóc?", "at": "2026-03-01T09:30:05Z"},
            ],
        }
        return {name: value for name, value in (record | changes).items() if value is not ...}

    return make


@pytest.fixture
def observation():
    """One mark that Borys gave Darek."""

    def make(**changes: Any) -> dict[str, Any]:
        record = {
            "contact": "c1",
            "employee": "darek",
            "standard": "greet",
            "edition": "salon@3",
            "source": "review",
            "evaluator": "borys",
            "status": "marked",
            "value": 1.0,
        }
        return {name: value for name, value in (record | changes).items() if value is not ...}

    return make


@pytest.fixture
def lines():
    """Records as the bytes of a JSONL file; bytes stand as they are."""

    def make(*records: Any) -> bytes:
        parts = [
            one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode() for one in records
        ]
        return b"".join(part + b"\n" for part in parts)

    return make


@pytest.fixture(scope="session")
def any_conversations():
    """Lists of good conversations of every shape, each with its own contact."""
    ids = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8).filter(str.strip)
    texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
    micros = st.integers(946_684_800_000_000, 4_000_000_000_000_000)

    def turns(count: int):
        times = st.lists(st.none() | micros, min_size=count, max_size=count).map(_rising)
        spoken = st.fixed_dictionaries(
            {"speaker": st.sampled_from(SPEAKERS), "text": texts},
            optional={"employee": ids, "event": ids},
        )
        return st.tuples(times, st.lists(spoken, min_size=count, max_size=count)).map(
            lambda both: [turn | {"at": at} for at, turn in zip(*both, strict=True)]
        )

    one = st.fixed_dictionaries(
        {
            "contact": ids,
            "channel": st.sampled_from(CHANNELS),
            "turns": st.integers(1, 5).flatmap(turns),
        },
        optional={
            "employee": ids,
            "customer": ids,
            "place": ids,
            "language": st.sampled_from(["pl", "en"]),
            "started_at": micros,
            "complete": st.booleans(),
        },
    )
    return st.lists(one, max_size=5, unique_by=lambda record: record["contact"])


def _rising(times: list[int | None]) -> list[int | None]:
    known = iter(sorted(time for time in times if time is not None))
    return [None if time is None else next(known) for time in times]
