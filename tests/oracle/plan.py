"""An edition made ready for the readable matcher: its phrases indexed by speaker and language."""

from __future__ import annotations

from gracja.engine.detect.plan import Plan as CompiledPlan
from gracja.engine.detect.plan import phrases_for
from gracja.engine.edition.model import Edition
from oracle.phrases import PhraseIndex
from oracle.talk import Hit, Talk

_SPEAKERS = ("agent", "customer")


class Plan(CompiledPlan):
    """The same names and numbers of leaves; the phrases are looked for one turn at a time."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(edition)
        self._indexes: dict[tuple[int, str | None], PhraseIndex] = {}

    def hits(self, talk: Talk) -> dict[int, list[Hit]]:
        """Every hit of every leaf in this conversation, in order."""
        found: dict[int, set[Hit]] = {}
        for side, speaker in enumerate(_SPEAKERS):
            index = self._index(side, talk.language)
            for at in talk.turns_of[speaker]:
                for leaf, hit in index.hits_in(talk.turns[at]):
                    found.setdefault(leaf, set()).add(hit)
        return {leaf: sorted(hits) for leaf, hits in found.items()}

    def _index(self, side: int, language: str | None) -> PhraseIndex:
        key = (side, language)
        if key not in self._indexes:
            phrases = [
                (leaf, phrase)
                for leaf, (who, several) in enumerate(self._phrases)
                if who == side
                for phrase in (phrases_for(several, language) or ())
            ]
            self._indexes[key] = PhraseIndex(phrases, language or "")
        return self._indexes[key]
