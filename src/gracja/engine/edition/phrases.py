"""The grammar of a phrase: words that stand one after another.

    dzień dobry          these words, in this order, nothing between them but punctuation
    ~reklamacja          any inflected form of the lemma
    niezadowolon*        any word with this beginning; `*` alone is any word
    w czym {0..2} pomóc  from none to two words between
    {number} {date} {name}   a number, a date or day, a name

Case and diacritics do not matter; punctuation in a phrase is not written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from gracja.engine.errors import EngineInputError
from gracja.engine.words.tokens import words_of

LONGEST_GAP: Final = 20
SLOTS: Final = ("number", "date", "name")
_GAP = re.compile(r"\{(\d{1,4})\.\.(\d{1,4})\}")
_PIECE = re.compile(r"\{[^{}]*\}|\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a phrase: as written, as a lemma, or as a beginning."""

    text: str
    kind: Literal["form", "lemma", "prefix"]


@dataclass(frozen=True, slots=True)
class Gap:
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Slot:
    kind: str


Piece = Word | Gap | Slot


def parse_phrase(phrase: str) -> tuple[Piece, ...]:
    """The pieces of a phrase.

    Raises EngineInputError: phrase_empty, phrase_brace, phrase_slot_unknown (slot, known), phrase_gap_range
    (gap, most), phrase_gap_at_edge, phrase_star_inside (word), phrase_lemma_star (word), phrase_lemma_word
    (word), phrase_symbol (word).
    """
    pieces: list[Piece] = []
    for text in _PIECE.findall(phrase):
        pieces.extend(_pieces_of(text, phrase))
    if not pieces:
        raise EngineInputError("phrase_empty", phrase=phrase)
    if isinstance(pieces[0], Gap) or isinstance(pieces[-1], Gap):
        raise EngineInputError("phrase_gap_at_edge", phrase=phrase)
    return tuple(pieces)


def _pieces_of(text: str, phrase: str) -> list[Piece]:
    if text.startswith("{") and text.endswith("}"):
        return [_braced(text, phrase)]
    if "{" in text or "}" in text:
        raise EngineInputError("phrase_brace", phrase=phrase)
    if text.startswith("~"):
        lemma = text[1:]
        if "*" in lemma:
            raise EngineInputError("phrase_lemma_star", phrase=phrase, word=text)
        words = words_of(lemma)
        if len(words) != 1:
            raise EngineInputError("phrase_lemma_word", phrase=phrase, word=text)
        return [Word(words[0], "lemma")]
    if text == "*":
        return [Word("", "prefix")]
    if "*" in text.rstrip("*") or text.endswith("**"):
        raise EngineInputError("phrase_star_inside", phrase=phrase, word=text)
    words = words_of(text.removesuffix("*"))
    if not words:
        raise EngineInputError("phrase_symbol", phrase=phrase, word=text)
    pieces: list[Piece] = [Word(word, "form") for word in words]
    if text.endswith("*"):
        pieces[-1] = Word(words[-1], "prefix")
    return pieces


def _braced(text: str, phrase: str) -> Piece:
    gap = _GAP.fullmatch(text)
    if gap:
        fewest, most = int(gap[1]), int(gap[2])
        if fewest > most or most > LONGEST_GAP:
            raise EngineInputError("phrase_gap_range", phrase=phrase, gap=text, most=LONGEST_GAP)
        return Gap(fewest, most)
    slot = text[1:-1].strip()
    if slot in SLOTS:
        return Slot(slot)
    raise EngineInputError("phrase_slot_unknown", phrase=phrase, slot=text, known=[f"{{{s}}}" for s in SLOTS])
