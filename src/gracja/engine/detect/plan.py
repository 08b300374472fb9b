"""An edition made ready for detection: its leaves numbered, its phrases compiled a language at a time."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from gracja.engine.detect.scan import Scan
from gracja.engine.edition.model import Edition, Standard
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.texts import Phrases

_SIDES: Final = ("agent_says", "customer_says")  # in the order of tables.SPEAKERS


class Plan:
    """What `detect` needs of an edition; the same for every conversation."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.signals = edition.signals
        self.standards: tuple[Standard, ...] = tuple(standard for _, _, standard in edition.standards())
        self._leaf_of: dict[int, int] = {}
        self._phrases: list[tuple[int, Phrases]] = []
        for tree in self._trees():
            for node in tree.nodes():
                for side, kind in enumerate(_SIDES):
                    phrases = getattr(node, kind)
                    if phrases is not None:
                        self._leaf_of[id(node)] = len(self._phrases)
                        self._phrases.append((side, phrases))
        self._scans: dict[str | None, Scan | None] = {}

    def _trees(self) -> list[Predicate]:
        detects = [standard.detect for standard in self.standards]
        return [*self.signals.values(), *(tree for tree in detects if isinstance(tree, Predicate))]

    @cached_property
    def named(self) -> dict[str, Predicate]:
        """Every signal, and every standard with a detector, by its id."""
        detects = {standard.standard: standard.detect for standard in self.standards}
        return self.signals | {name: tree for name, tree in detects.items() if isinstance(tree, Predicate)}

    @cached_property
    def judged(self) -> list[Standard]:
        """The standards with a detector; one with `detect: none` has no automatic mark at all."""
        return [standard for standard in self.standards if isinstance(standard.detect, Predicate)]

    def leaf(self, node: Predicate) -> int | None:
        """The number of this node's phrases; None where it has none."""
        return self._leaf_of.get(id(node))

    @property
    def leaves(self) -> int:
        return len(self._phrases)

    def scan(self, language: str | None) -> Scan | None:
        """All phrases for this language as one automaton; None where there are none. Made once."""
        if language not in self._scans:
            sides: list[list[tuple[int, str]]] = [[] for _ in _SIDES]
            for leaf, (side, several) in enumerate(self._phrases):
                sides[side].extend((leaf, phrase) for phrase in phrases_for(several, language) or ())
            self._scans[language] = Scan(sides, language or "") if any(sides) else None
        return self._scans[language]


def phrases_for(phrases: Phrases, language: str | None) -> list[str] | None:
    """The phrases for this language: a bare list serves all; None where there are none for it."""
    if isinstance(phrases, list):
        return phrases
    return phrases.get(language) if language else None
