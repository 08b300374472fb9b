"""STAR dialogues as Gracja's conversations; what was scripted or is an outcome never goes in.

Left out on purpose: `customer_instruction` turns and every label (the script and the outcome), and `text`
and `act` of an agent's turn where the agent typed something (the template chosen behind `typed` tells the
act). The agent's words are the last thing typed, `typed[-1]`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SYSTEM_KINDS = ("query",)


def dialogues(folder: Path) -> Iterator[dict[str, Any]]:
    """The STAR dialogues in `folder`/open, or in a folder that holds the file itself."""
    name = "star_dialogues.jsonl.gz"
    path = folder / "open" / name if (folder / "open" / name).exists() else folder / name
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def conversation(dialogue: dict[str, Any]) -> dict[str, Any]:
    """One dialogue in the shape of tables.CONVERSATIONS, as JSON."""
    turns = [turn for original in dialogue["turns"] if (turn := _turn(original)) is not None]
    return {
        "contact": dialogue["id"],
        "employee": dialogue["agent_id"],
        "customer": dialogue["customer_id"],
        "channel": dialogue["channel"],
        "language": dialogue["lang"],
        "complete": dialogue["labels"]["completion"] == "Complete",
        "turns": turns,
    }


def _turn(turn: dict[str, Any]) -> dict[str, Any] | None:
    at = {"at": turn["time"]} if turn["time"] is not None else {}
    if turn["speaker"] == "system":
        if turn["kind"] not in _SYSTEM_KINDS:
            return None
        return {"speaker": "system", "text": "", "event": _event(turn), **at}
    if turn["speaker"] == "agent":
        typed = turn["typed"]
        return {"speaker": "agent", "text": typed[-1] if typed else "", **at}
    return {"speaker": turn["speaker"], "text": turn["text"], **at}


def _event(turn: dict[str, Any]) -> str:
    """What the agent asked the booking system for: `ride_book check`, `ride_book book`, `weather`."""
    for argument in turn["args"] or []:
        if "RequestType" in argument:
            return f"{turn['text']} {str(argument['RequestType']).strip('"').lower()}"
    return str(turn["text"])


def labelled_turns(dialogue: dict[str, Any]) -> list[dict[str, Any]]:
    """The agent's turns behind which a reply was picked: those that the published figures are about."""
    return [
        turn
        for turn in dialogue["turns"]
        if turn["speaker"] == "agent" and turn["act"] not in (None, "custom") and turn["typed"]
    ]
