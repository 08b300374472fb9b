"""What detection says of one standard in many contacts, and whose marks they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gracja.engine.detect.rules.answers import Found, joined
from gracja.engine.detect.rules.talks import AGENT, TURN_BITS, Talks
from gracja.engine.detect.scan.numbers import Array
from gracja.engine.tables import STATUSES

MARKED, NOT_APPLICABLE, NOT_SEEN, ABSTAINED = range(len(STATUSES))
UNITS = ("count", "seconds")
COUNT, SECONDS = range(len(UNITS))
NO_UNIT = -1


@dataclass(frozen=True)
class Marks:
    """Rows of observations to be, several columns of one length; `evidence` is owned by row.

    talk int64; status int8; employee int32 (a code, or nobody); segment int64; value, raw float64 (nan:
    none); unit int8 (NO_UNIT: none).
    """

    talk: Array
    status: Array
    employee: Array
    segment: Array
    value: Array
    raw: Array
    unit: Array
    evidence: Found

    @classmethod
    def of(cls, talk: Array, status: Array | int, employee: Array) -> Marks:
        """Marks without a value, of the first segment."""
        nothing = np.full(talk.size, np.nan)
        return cls(
            talk,
            np.broadcast_to(np.int8(status), talk.shape)
            if isinstance(status, int)
            else status.astype(np.int8),
            employee,
            np.zeros(talk.size, np.int64),
            nothing,
            nothing,
            np.full(talk.size, NO_UNIT, np.int8),
            Found.nothing(),
        )

    def measured(self, raw: Array, unit: int, where: Array) -> Marks:
        """The same with what was counted or timed, where it was."""
        return replace(
            self,
            raw=np.where(where, raw, np.nan),
            unit=np.where(where, unit, NO_UNIT).astype(np.int8),
        )


def one_after_another(several: Sequence[Marks]) -> Marks:
    """All marks, by talk; those of one talk in the order given."""
    sizes = np.cumsum([0, *(marks.talk.size for marks in several)])
    columns = {
        name: np.concatenate([getattr(marks, name) for marks in several])
        for name in ("talk", "status", "employee", "segment", "value", "raw", "unit")
    }
    order = np.argsort(columns["talk"], kind="stable")
    place_of = np.empty_like(order)
    place_of[order] = np.arange(order.size)
    owned = [m.evidence.owned_by(place_of[begin:]) for m, begin in zip(several, sizes, strict=False)]
    return Marks(**{name: column[order] for name, column in columns.items()}, evidence=joined(owned))


def speakers_of_evidence(evidence: Found, rows: int, talk: Array, talks: Talks) -> tuple[Array, Array]:
    """(employee, first turn) of each row with evidence; of others nobody, and turn -1.

    The employee who spoke the first of these words; for others' words, who held the contact then.
    """
    first = evidence.first_of(rows)
    turn = evidence.start >> TURN_BITS
    has = first[1:] > first[:-1]
    begin = np.where(has, first[:-1], 0)
    spoken = np.full(rows, turn.size, np.int64)
    by_agent = np.flatnonzero(talks.speaker[turn] == AGENT) if turn.size else np.empty(0, np.int64)
    np.minimum.at(spoken, evidence.owner[by_agent], by_agent)
    shown = np.where(spoken < turn.size, spoken, begin)
    if not turn.size:
        return np.full(rows, -1, np.int32), np.full(rows, -1, np.int64)
    who = talks.holder_at(turn[shown], talk)
    return np.where(has, who, -1), np.where(has, turn[begin], -1)
