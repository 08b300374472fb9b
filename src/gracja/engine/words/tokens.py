"""Where words stand in a text, and how they look once case and diacritics are gone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

APOSTROPHES: Final = "'\u2019\u02bc"
# A word is letters, with an apostrophe inside (don't, o'clock); a number is a word of its own (140zł is two).
_WORD: Final = re.compile(r"\d+|[^\W\d_]+(?:['\u2019\u02bc][^\W\d_]+)*")
_NOT_DECOMPOSED: Final = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "ø": "o", "\u2019": "'", "\u02bc": "'"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text; start and end are code points of the text as it was given."""

    text: str
    folded: str
    start: int
    end: int


def fold(text: str) -> str:
    """Case and diacritics taken away: NFKD, marks stripped, ł -> l, curly apostrophes straightened."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_NOT_DECOMPOSED))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.casefold().translate(_NOT_DECOMPOSED)


def composed(text: str) -> str:
    """Lower case with its diacritics, in one Unicode form, so that two spellings can be compared."""
    return unicodedata.normalize("NFC", text).lower().replace("\u2019", "'").replace("\u02bc", "'")


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case, with their diacritics."""
    return [token.text for token in tokenise(text)]


def tokenise(text: str) -> list[Token]:
    """The words of a text with their places in it."""
    # A combining mark is not a letter, so a decomposed text is cut on its composed shadow, place by place.
    if not text.isascii() and any(unicodedata.combining(c) for c in text):
        return _tokenise_decomposed(text)
    return [Token(composed(m.group()), fold(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


def _tokenise_decomposed(text: str) -> list[Token]:
    shadow = "".join("\u0000" if unicodedata.combining(c) else c for c in text.replace("\u0000", " "))
    joined = re.compile(r"\d+|[^\W\d_](?:\u0000|[^\W\d_]|['\u2019\u02bc](?=[^\W\d_]))*")
    return [
        Token(composed(text[m.start() : m.end()]), fold(text[m.start() : m.end()]), m.start(), m.end())
        for m in joined.finditer(shadow)
    ]
