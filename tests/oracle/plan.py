"""An edition made ready for detection: its leaves numbered, its phrases indexed by speaker and language."""

from __future__ import annotations

from functools import cached_property

from gracja.engine.edition.model import Edition, Phrases, Predicate, Standard
from oracle.phrases import PhraseIndex
from oracle.talk import Hit, Talk

_LEAVES = (("agent_says", "agent"), ("customer_says", "customer"))


class Plan:
    """What `detect` needs of an edition; the same for every conversation."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.signals = edition.signals
        self.standards: tuple[Standard, ...] = tuple(standard for _, _, standard in edition.standards())
        self._leaf_of: dict[int, int] = {}
        self._phrases: list[tuple[str, Phrases]] = []
        for tree in self._trees():
            for node in tree.nodes():
                for kind, speaker in _LEAVES:
                    phrases = getattr(node, kind)
                    if phrases is not None:
                        self._leaf_of[id(node)] = len(self._phrases)
                        self._phrases.append((speaker, phrases))
        self._indexes: dict[tuple[str, str | None], PhraseIndex] = {}

    def _trees(self) -> list[Predicate]:
        detects = [standard.detect for standard in self.standards]
        return [*self.signals.values(), *(tree for tree in detects if isinstance(tree, Predicate))]

    @cached_property
    def named(self) -> dict[str, Predicate]:
        """Every signal, and every standard with a detector, by its id."""
        detects = {standard.standard: standard.detect for standard in self.standards}
        return self.signals | {name: tree for name, tree in detects.items() if isinstance(tree, Predicate)}

    def leaf(self, node: Predicate) -> int:
        """The number of this node's phrases."""
        return self._leaf_of[id(node)]

    def hits(self, talk: Talk) -> dict[int, list[Hit]]:
        """Every hit of every leaf in this conversation, in order."""
        found: dict[int, set[Hit]] = {}
        for speaker in ("agent", "customer"):
            index = self._index(speaker, talk.language)
            for at in talk.turns_of[speaker]:
                for leaf, hit in index.hits_in(talk.turns[at]):
                    found.setdefault(leaf, set()).add(hit)
        return {leaf: sorted(hits) for leaf, hits in found.items()}

    def _index(self, speaker: str, language: str | None) -> PhraseIndex:
        key = (speaker, language)
        if key not in self._indexes:
            phrases = [
                (leaf, phrase)
                for leaf, (who, several) in enumerate(self._phrases)
                if who == speaker
                for phrase in (phrases_for(several, language) or ())
            ]
            self._indexes[key] = PhraseIndex(phrases, language or "")
        return self._indexes[key]


def phrases_for(phrases: Phrases, language: str | None) -> list[str] | None:
    """The phrases for this language: a bare list serves all; None where there are none for it."""
    if isinstance(phrases, list):
        return phrases
    return phrases.get(language) if language else None
