"""Whose a judged mark is, and in which segment: as for any automatic mark (docs/adr/0002).

A mark belongs to the employee who spoke the evidence; an absence to the one employee who spoke, to nobody
where several did, to whoever held the contact where nobody did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Speakers:
    """agents: for each turn the employee who spoke it; `spoke`: whether an agent spoke it at all."""

    agents: tuple[str | None, ...]
    spoke: tuple[bool, ...]
    holder: str | None
    segment_starts: tuple[int, ...]

    @classmethod
    def of(cls, row: dict[str, Any], segment_starts: tuple[int, ...]) -> Self:
        """A row of the conversations table; an agent's turn that names nobody is the contact's employee's."""
        spoke = tuple(turn["speaker"] == "agent" for turn in row["turns"])
        agents = tuple(
            (turn["employee"] or row["employee"]) if agent else None
            for turn, agent in zip(row["turns"], spoke, strict=True)
        )
        return cls(agents, spoke, row["employee"], segment_starts)

    def employee_of(self, evidence: Sequence[int]) -> str | None:
        """evidence: turns, in order; none for an absence."""
        if not evidence:
            everyone = {agent for agent, spoke in zip(self.agents, self.spoke, strict=True) if spoke}
            return self.holder if not everyone else everyone.pop() if len(everyone) == 1 else None
        turn = next((turn for turn in evidence if self.spoke[turn]), evidence[0])
        return next((self.agents[at] for at in range(turn, -1, -1) if self.spoke[at]), self.holder)

    def segment_of(self, evidence: Sequence[int]) -> int:
        first = evidence[0] if evidence else 0
        return sum(start <= first for start in self.segment_starts) - 1
