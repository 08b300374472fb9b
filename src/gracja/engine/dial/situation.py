"""What is known at the start of a contact, checked against the rules it is to be read by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from gracja.engine.dial.rules import Kind, SituationRules
from gracja.engine.errors import EngineInputError, ManyInputErrors, Where

MOST: Final = 10_000  # nobody has been here, or waits, more often


@dataclass(frozen=True, slots=True)
class Situation:
    """kind: of the service; None takes the occupation's. cues: cue -> how many (1 where it is only true)."""

    kind: Kind | None = None
    occupation: str | None = None
    cues: Mapping[str, int] = field(default_factory=dict)


def check_situation(situation: Situation, rules: SituationRules) -> None:
    """Raises ManyInputErrors with every fault. Codes: service_kind_missing (neither kind nor occupation),
    occupation_unknown (facts: given, nearest), cue_unknown (facts: given, nearest), cue_count_out_of_range
    (facts: cue, given, most), cues_contradict (facts: first, second).
    """
    wrong = []
    known = [one.occupation for one in rules.occupations]
    if situation.occupation is not None and situation.occupation not in known:
        wrong.append(unknown("occupation_unknown", Where(field="occupation"), situation.occupation, known))
    elif situation.kind is None and situation.occupation is None:
        wrong.append(EngineInputError("service_kind_missing", Where(field="service")))
    cues = {one.cue: one for one in rules.cues}
    for cue, count in situation.cues.items():
        if cue not in cues:
            wrong.append(unknown("cue_unknown", Where(field="cues"), cue, list(cues)))
        elif not 0 <= count <= (1 if cues[cue].counts is None else MOST):
            most = 1 if cues[cue].counts is None else MOST
            wrong.append(
                EngineInputError(
                    "cue_count_out_of_range", Where(field=f"cues.{cue}"), cue=cue, given=count, most=most
                )
            )
    wrong += [
        EngineInputError("cues_contradict", Where(field="cues"), first=first, second=second)
        for first, second in rules.exclude
        if situation.cues.get(first) and situation.cues.get(second)
    ]
    if wrong:
        raise ManyInputErrors(wrong)


def unknown(code: str, where: Where, given: str, known: list[str]) -> EngineInputError:
    """A name that the rules do not know, with those that look most like it."""
    nearest = get_close_matches(given, known, n=3, cutoff=0.5) or get_close_matches(
        given, known, n=1, cutoff=0
    )
    return EngineInputError(code, where, given=given, nearest=", ".join(nearest))
