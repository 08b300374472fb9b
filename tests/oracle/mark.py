"""What detection says of one standard in one contact, and whose mark it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from oracle.talk import Hit, Talk

Status = Literal["marked", "not_applicable", "not_seen", "abstained"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One row of observations to be; `value` from 0 to 1 where the status is `marked`."""

    status: Status
    employee: str | None
    segment: int = 0
    value: float | None = None
    raw: float | None = None
    unit: str | None = None
    evidence: tuple[Hit, ...] = ()


def speaker_of(evidence: tuple[Hit, ...], talk: Talk) -> str | None:
    """The employee who spoke the first of these words; for others' words, who held the contact then."""
    spoken = (hit for hit in evidence if talk.turns[hit.turn].speaker == "agent")
    return talk.holder_at(next(spoken, evidence[0]).turn)
