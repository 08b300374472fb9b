"""Situation -> how personal to be, 0 to 100, with a reason for every point.

The dial starts from the kind of service, is shifted by the occupation, and each cue adds its points; the sum
is held between 0 and 100 and below every ceiling. Points only add up, so that each cue can be explained alone
and one more of the same cue never turns the dial the other way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gracja.engine.dial.rules import Band, SituationRules
from gracja.engine.dial.situation import Situation, check_situation
from gracja.engine.edition.texts import LocalText


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the dial.

    what: start | occupation | cue | ceiling | limit. name: the kind, the occupation or the cue. points: what
    it added (below zero, took away). count: how many, of a cue that counts. text: why, from the rules.
    """

    what: Literal["start", "occupation", "cue", "ceiling", "limit"]
    name: str
    points: int
    count: int | None = None
    title: LocalText | None = None
    text: LocalText | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """dial: 0 (leave alone) to 100 (close). reasons add up to it. rules: by which version."""

    dial: int
    band: Band
    reasons: tuple[Reason, ...]
    rules: str


def read_dial(situation: Situation, rules: SituationRules) -> Reading:
    """How personal to be in this situation.

    The same situation and rules always give the same reading. Raises ManyInputErrors as `check_situation`.
    """
    check_situation(situation, rules)
    reasons = [*_expected(situation, rules), *_seen(situation, rules)]
    dial = sum(reason.points for reason in reasons)
    for low, high, reason in _limits(situation, rules):
        held = min(max(dial, low), high)
        if held != dial:
            reasons.append(Reason(reason.what, reason.name, held - dial, None, reason.title, reason.text))
            dial = held
    return Reading(dial, rules.bands.of(dial), tuple(reasons), rules.name)


def _expected(situation: Situation, rules: SituationRules) -> list[Reason]:
    occupation = rules.occupation(situation.occupation) if situation.occupation else None
    kind = situation.kind or (occupation.kind if occupation else "encounter")
    reasons = [Reason("start", kind, getattr(rules.start, kind))]
    if occupation is not None:
        reasons.append(
            Reason(
                "occupation", occupation.occupation, occupation.points, None, occupation.title, occupation.why
            )
        )
    return reasons


def _seen(situation: Situation, rules: SituationRules) -> list[Reason]:
    reasons = []
    for cue in rules.cues:  # in the rules' order, so that the same situation reads the same
        count = situation.cues.get(cue.cue, 0)
        points = cue.adds(count) if count else 0
        if points:
            number = count if cue.counts is not None else None
            reasons.append(Reason("cue", cue.cue, points, number, cue.counts or cue.title, cue.why))
    return reasons


def _limits(situation: Situation, rules: SituationRules) -> list[tuple[int, int, Reason]]:
    """The ends of the dial, then the ceilings that hold, as (lowest, highest, why)."""
    limits = [(0, 100, Reason("limit", "ends", 0))]
    limits += [
        (0, cue.ceiling, Reason("ceiling", cue.cue, 0, None, cue.title, cue.why))
        for cue in rules.cues
        if cue.ceiling is not None and situation.cues.get(cue.cue)
    ]
    return limits
