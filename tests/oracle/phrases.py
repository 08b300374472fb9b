"""Find phrases in a turn, word by word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gracja.engine.detect.scan.word import WordTest
from gracja.engine.edition.phrases import Gap, Piece, Slot, Word, parse_phrase
from gracja.engine.words.slots import ends_of_slot
from gracja.engine.words.tokens import Token
from oracle.talk import Hit, Turn

_ANY_FIRST_LETTER = ""


@dataclass(frozen=True)
class Pattern:
    """A phrase ready to be looked for in one language."""

    pieces: tuple[WordTest | Gap | Slot, ...]
    language: str

    @classmethod
    def of(cls, phrase: str, language: str) -> Pattern:
        return _pattern(phrase, language)

    def found_from(self, tokens: Sequence[Token], at: int, text: str) -> int | None:
        """Where the phrase ends (index behind its last word) if it starts at word `at`; None: it does not."""
        return next(self._ends(tokens, at, 0, text, set()), None)

    def _ends(
        self, tokens: Sequence[Token], at: int, piece_index: int, text: str, tried: set[tuple[int, int]]
    ) -> Iterator[int]:
        if (at, piece_index) in tried:
            return  # in vain: several gaps would otherwise try the same again and again
        tried.add((at, piece_index))
        if piece_index == len(self.pieces):
            yield at
            return
        piece = self.pieces[piece_index]
        if isinstance(piece, Gap):
            for skipped in range(piece.fewest, piece.most + 1):
                yield from self._ends(tokens, at + skipped, piece_index + 1, text, tried)
        elif at >= len(tokens):
            return
        elif isinstance(piece, Slot):
            for end in ends_of_slot(piece.kind, text, tokens[at].start, self.language):
                behind = at
                while behind < len(tokens) and tokens[behind].start < end:
                    behind += 1
                yield from self._ends(tokens, behind, piece_index + 1, text, tried)
        elif piece.takes(tokens[at]):
            yield from self._ends(tokens, at + 1, piece_index + 1, text, tried)


@lru_cache(maxsize=100_000)
def _pattern(phrase: str, language: str) -> Pattern:
    pieces: tuple[Piece, ...] = parse_phrase(phrase)
    alone = sum(isinstance(piece, Word) for piece in pieces) == 1
    return Pattern(
        tuple(WordTest.of(p, language, alone=alone) if isinstance(p, Word) else p for p in pieces), language
    )


class PhraseIndex:
    """All phrases that one side may say in one language, found in one walk over a turn's words.

    Each phrase belongs to a leaf (a number). Phrases are looked up by the folded first word, so that a
    word of the text is only held against phrases that can start with it.
    """

    def __init__(self, phrases: Sequence[tuple[int, str]], language: str) -> None:
        self._by_word: defaultdict[str, list[tuple[int, Pattern]]] = defaultdict(list)
        self._by_letter: defaultdict[str, list[tuple[int, Pattern]]] = defaultdict(list)
        for leaf, phrase in phrases:
            pattern = Pattern.of(phrase, language)
            first = pattern.pieces[0]
            if isinstance(first, WordTest) and first.word.kind != "prefix":
                for word in first.folded:
                    self._by_word[word].append((leaf, pattern))
            elif isinstance(first, WordTest) and (beginning := next(iter(first.folded))):
                self._by_letter[beginning[0]].append((leaf, pattern))
            else:
                self._by_letter[_ANY_FIRST_LETTER].append((leaf, pattern))

    def hits_in(self, turn: Turn) -> Iterator[tuple[int, Hit]]:
        """(leaf, hit) for every place where a phrase starts."""
        tokens = turn.tokens
        anywhere = self._by_letter.get(_ANY_FIRST_LETTER, [])
        for at, token in enumerate(tokens):
            for leaf, pattern in (
                *self._by_word.get(token.folded, ()),
                *self._by_letter.get(token.folded[:1], ()),
                *anywhere,
            ):
                behind = pattern.found_from(tokens, at, turn.text)
                if behind is not None and behind > at:
                    end = self._end_of(turn, tokens, at, behind)
                    yield leaf, Hit(turn.index, token.start, end)

    @staticmethod
    def _end_of(turn: Turn, tokens: Sequence[Token], at: int, behind: int) -> int:
        return max(tokens[behind - 1].end, tokens[at].end) if tokens else len(turn.text)
