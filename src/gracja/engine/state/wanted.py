"""How personal a conversation should have been, from the customer's opening words: without hindsight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import pyarrow as pa

from gracja.engine.dial.reading import read_dial
from gracja.engine.dial.rules import SituationRules
from gracja.engine.dial.situation import Situation
from gracja.engine.edition.model import Edition
from gracja.engine.state.reading import read_states
from gracja.engine.tables import CONTACTS

WIDTH: Final = 10  # to either side of the dial: an assumption, as the points are
_ANSWERS: Final = 2  # of the employee; what a customer says after these answers how they were served


def wanted_in_opening(
    conversations: pa.RecordBatch | pa.Table,
    observations: pa.RecordBatch | pa.Table,
    edition: Edition,
    rules: SituationRules,
    *,
    default_language: str | None = None,
) -> pa.Table:
    """A row of tables.CONTACTS for each conversation, of its first segment.

    Read are the customer's turns before the employee's first personal or discreet act (a mark of a standard
    of a mode with its words) and never beyond the employee's second turn. What they say of the customer's
    state turns the dial of `rules`: wanted is the dial, 10 to either side; whoever asks to be left alone
    wanted no more than that ceiling (`customer_asked`). Where nothing is said, the source is `none`.
    observations: of these conversations, marked with the edition. Raises EngineInputError as `read_states`.
    """
    kind, occupation = edition.service.kind, edition.service.occupation
    known = occupation if occupation and rules.occupation(occupation) else None

    @cache
    def row(cues: frozenset[str]) -> tuple[float | None, float | None, str]:
        heard = {cue: 1 for cue in cues if rules.cue(cue) is not None}
        ceilings = [one.ceiling for one in rules.cues if one.cue in heard and one.ceiling is not None]
        if ceilings:
            return 0.0, float(min(ceilings)), "customer_asked"
        if not heard:
            return None, None, "none"
        dial = read_dial(Situation(kind, known, heard), rules).dial
        return max(0.0, dial - WIDTH), min(100.0, dial + WIDTH), "opening_words"

    names: list[Any] = conversations.column("contact").to_pylist()
    talks: list[Any] = conversations.column("turns").to_pylist()
    first = _first_acts(observations, edition)
    until = [
        min(first.get(name, len(turns)), _answered(turns)) for name, turns in zip(names, talks, strict=True)
    ]
    exclude = [(one, other) for one, other in rules.exclude]
    states = read_states(conversations, until_turn=until, default_language=default_language, exclude=exclude)
    said: dict[str, set[str]] = defaultdict(set)
    rows: list[list[Any]] = [states[column].to_pylist() for column in ("contact", "state", "status")]
    for name, state, status in zip(*rows, strict=True):
        if status == "said":
            said[name].add(state)
    found = [row(frozenset(said[name])) for name in names]
    return pa.Table.from_pylist(
        [
            {
                "contact": name, "segment": 0, "edition": f"{edition.id}@{edition.version}",
                "service_kind": kind, "wanted_low": low, "wanted_high": high, "wanted_source": source,
                "rules_version": rules.name,
            }
            for name, (low, high, source) in zip(names, found, strict=True)
        ],
        schema=CONTACTS,
    )  # fmt: skip


def _first_acts(observations: pa.RecordBatch | pa.Table, edition: Edition) -> dict[str, int]:
    """Contact -> the turn of the employee's first personal or discreet act; only of those that have one."""
    of_mode = {one.standard for _, _, one in edition.standards() if one.service_mode != "any"}
    first: dict[str, int] = {}
    columns = ("contact", "standard", "value", "evidence")
    for contact, standard, value, evidence in zip(
        *(observations.column(name).to_pylist() for name in columns), strict=True
    ):
        if standard in of_mode and value and evidence:
            turn = min(one["turn"] for one in evidence)
            first[contact] = min(turn, first.get(contact, turn))
    return first


def _answered(turns: Iterable[Any]) -> int:
    """The employee's second turn; where there is none, the end."""
    answers = [number for number, turn in enumerate(turns) if turn["speaker"] == "agent"]
    return answers[_ANSWERS - 1] if len(answers) >= _ANSWERS else len(list(turns))
