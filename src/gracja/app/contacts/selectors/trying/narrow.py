"""What is tried: one standard with what its detector refers to, and its words as they sound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gracja.app.standards.selectors.bench import with_standard
from gracja.engine.edition.model import Edition
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.texts import Phrases

SIDES: Final = {"agent_says": "agent", "customer_says": "customer", "like": "agent"}
_GRAMMAR: Final = re.compile(r"\{[^{}]*\}|[~*]")


def alone(edition: Edition, standard_id: str) -> Edition:
    """The edition with this standard, and of the others those that its detector refers to."""
    wanted = _reached(edition, standard_id)
    parts = []
    for part in edition.sequence:
        enhancers = []
        for enhancer in part.enhancers:
            kept = [one for one in enhancer.standards if one.standard in wanted]
            if kept:
                enhancers.append(enhancer.model_copy(update={"standards": kept}))
        parts.append(part.model_copy(update={"enhancers": enhancers}))
    signals = {name: tree for name, tree in edition.signals.items() if name in wanted}
    new_segment_at = edition.new_segment_at if edition.new_segment_at in signals else None
    changed = {"sequence": parts, "signals": signals, "new_segment_at": new_segment_at}
    return edition.model_copy(update=changed)


def with_detector(edition: Edition, standard_id: str, detect: Predicate) -> Edition:
    """The edition with another detector in this standard."""
    standard = edition.standard(standard_id)
    return with_standard(edition, standard.model_copy(update={"detect": detect}))


def leaves(detect: Predicate) -> Iterator[tuple[str, Phrases]]:
    """(kind, phrases) of everything in a detector that somebody says; what must not be said is left out."""
    for kind in SIDES:
        phrases: Phrases | None = getattr(detect, kind)
        if phrases is not None:
            yield kind, phrases
    for child in [*(detect.all or ()), *(detect.any or ())]:
        yield from leaves(child)


def as_said(detect: Predicate) -> dict[str, list[str]]:
    """The phrases as they sound, without signs, by who says them; not those that are mostly slots."""
    said: dict[str, list[str]] = {}
    for kind, phrases in leaves(detect):
        lists = phrases.values() if isinstance(phrases, dict) else [phrases]
        for phrase in (one for several in lists for one in several):
            words = _GRAMMAR.sub(" ", phrase).split()
            # `{date} albo {date}`: the one word left resembles everything
            if words and (len(words) > 1 or "{" not in phrase):
                plain = " ".join(words)
                said.setdefault(SIDES[kind], []).append(plain)
    return said


def _reached(edition: Edition, start: str) -> set[str]:
    trees = dict(edition.signals)
    for _, _, standard in edition.standards():
        if isinstance(standard.detect, Predicate):
            trees[standard.standard] = standard.detect
    reached, left = {start}, [start, *([edition.new_segment_at] if edition.new_segment_at else [])]
    while left:
        name = left.pop()
        reached.add(name)
        tree = trees.get(name)
        if tree is not None:
            left += [to for node in tree.nodes() for _, to in node.names if to not in reached]
    return reached
