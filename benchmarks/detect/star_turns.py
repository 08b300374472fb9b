"""STAR's agent turns with the group of the act behind each: labels to teach and to judge, never to read."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import pyarrow as pa
from convert import conversation
from numpy.typing import NDArray

from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.tables import CONVERSATIONS

GROUPS = (
    "greet",
    "ask_name",
    "request_detail",
    "confirm_before_acting",
    "offer_more_help",
    "farewell",
    "apologise_out_of_scope",
    "inform_or_other",
)
UNLABELLED = -1
FOLDS = 5
Bools = NDArray[np.bool_]


def group(act: str) -> int:
    """The number of the act's group."""
    names = {"hello": 0, "ask_name": 1, "anything_else": 4, "out_of_scope": 6}
    if act in names:
        return names[act]
    if act.startswith("goodbye") or act.endswith("_bye"):
        return 5
    if "ask_confirm" in act:
        return 3
    return 2 if "ask" in act else 7


@dataclass
class Part:
    """Turns of some conversations; label: (n,), UNLABELLED where no reply was picked for typed words."""

    conversations: pa.Table
    turns: AgentTurns
    label: NDArray[np.int64]
    agent_fold: NDArray[np.int64]
    unseen_flow: Bools

    @classmethod
    def of(cls, chosen: list[dict[str, Any]], unseen: set[str]) -> Part:
        rows = [conversation(dialogue) for dialogue in chosen]
        table = pa.Table.from_pylist([_untimed(row) for row in rows], schema=CONVERSATIONS)
        turns = AgentTurns.of(table)
        acts = [turn for one in chosen for turn in one["turns"] if turn["speaker"] == "agent"]
        picked = [turn["act"] not in (None, "custom") and bool(turn["typed"]) for turn in acts]
        label = [group(t["act"]) if real else UNLABELLED for t, real in zip(acts, picked, strict=True)]
        fold = np.array([int(sha256(one["agent_id"].encode()).hexdigest()[:8], 16) % FOLDS for one in chosen])
        flow = np.array([bool(unseen & set(one["labels"]["flows"])) for one in chosen])
        return cls(table, turns, np.array(label), fold[turns.contact], flow[turns.contact])


def _untimed(row: dict[str, Any]) -> dict[str, Any]:
    """No detector reads the time of a turn, and tables.CONVERSATIONS wants it as a time."""
    return row | {"turns": [{k: v for k, v in turn.items() if k != "at"} for turn in row["turns"]]}
