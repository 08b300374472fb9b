"""Words typed by hand, tried like a conversation; and what becomes of a standard in one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from gracja.app.contacts.selectors.trying.narrow import alone
from gracja.engine.edition.model import Edition
from gracja.engine.tables import CONVERSATIONS
from gracja.report.model import Line

_MET: Final = 0.999
_CUSTOMER: Final = re.compile(r"\s*(?:klient\w*|customer|k|c)\s*:\s*", re.IGNORECASE)
_AGENT: Final = re.compile(r"\s*(?:pracowni\w*|agent|employee|konsultant\w*|p|a|e)\s*:\s*", re.IGNORECASE)

_SYSTEM: Final = re.compile(r"\s*system\s*:\s*", re.IGNORECASE)


def try_words(*, edition: Edition, standard: str, text: str, language: str) -> tuple[str, tuple[Line, ...]]:
    """(what becomes of it: met, missed or a status; the lines typed, the evidence marked).

    A line is a turn; one that begins with "Customer:" (or "Klient:") is the customer's, and one that begins
    with "System:" names an event.
    """
    from gracja.engine.detect.batch import detect_with  # noqa: PLC0415  (its compilers load as long as a page)
    from gracja.engine.detect.plan import Plan  # noqa: PLC0415

    turns = [_typed(line) for line in text.splitlines() if line.strip()]
    channel = next((one for one in edition.standard(standard).channels if one != "in_person"), "chat")
    talk = dict.fromkeys(CONVERSATIONS.names) | {
        "contact": "typed",
        "channel": channel,
        "language": language,
        "complete": True,
        "turns": turns,
    }
    table = pa.Table.from_pylist([talk], schema=CONVERSATIONS)
    rows = detect_with(Plan(alone(edition, standard)), table).to_pylist()
    own = [row for row in rows if row["standard"] == standard]
    spots = [(spot["turn"], spot["start"], spot["end"]) for row in own for spot in row["evidence"]]
    spots = [(at, 0, len(turns[at]["text"])) if turns[at]["event"] else (at, *span) for at, *span in spots]
    lines = tuple(
        Line(turn["speaker"], _marked(turn["text"], [spot[1:] for spot in spots if spot[0] == at]), language)
        for at, turn in enumerate(turns)
    )
    return verdict(own), lines


def verdict(rows: Sequence[Mapping[str, Any]]) -> str:
    """met, missed, or why it was not judged: not_applicable, not_seen, abstained."""
    values = [row["value"] for row in rows if row["status"] == "marked" and row["value"] is not None]
    if values:
        return "met" if min(values) >= _MET else "missed"
    return next((row["status"] for row in rows if row["status"] != "marked"), "abstained")


def _typed(line: str) -> dict[str, Any]:
    if event := _SYSTEM.match(line):
        name = line[event.end() :].strip()
        return {"speaker": "system", "employee": None, "text": name, "event": name, "at": None}
    customer = _CUSTOMER.match(line)
    own = customer or _AGENT.match(line)
    text = line[own.end() :] if own else line.strip()
    speaker = "customer" if customer else "agent"
    return {"speaker": speaker, "employee": None, "text": text, "event": None, "at": None}


def _marked(text: str, spans: list[tuple[int, ...]]) -> tuple[tuple[str, bool], ...]:
    pieces: list[tuple[str, bool]] = []
    here = 0
    for start, end in sorted((span[0], span[1]) for span in spans):
        low = max(here, start)
        pieces += [(text[here:low], False), (text[low:end], True)] if low < end else []
        here = max(here, end)
    return tuple((piece, marked) for piece, marked in [*pieces, (text[here:], False)] if piece)
