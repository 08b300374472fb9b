"""Situations for hypothesis: any kind, occupation and cues that do not contradict each other."""

from __future__ import annotations

from hypothesis import strategies as st

from gracja.engine.dial.read import bundled_rules
from gracja.engine.dial.situation import Situation

RULES = bundled_rules()


def consistent(cues: dict[str, int]) -> dict[str, int]:
    """Of two cues that exclude each other, the first by name stays."""
    kept = {name: count for name, count in sorted(cues.items()) if count}
    for first, second in RULES.exclude:
        if first in kept and second in kept:
            del kept[max(first, second)]
    return kept


def situations() -> st.SearchStrategy[Situation]:
    counts = {cue.cue: st.integers(0, 12 if cue.counts is not None else 1) for cue in RULES.cues}
    return st.builds(
        Situation,
        st.sampled_from(["encounter", "relationship"]),
        st.sampled_from([None, *(one.occupation for one in RULES.occupations)]),
        st.fixed_dictionaries({}, optional=counts).map(consistent),
    )
