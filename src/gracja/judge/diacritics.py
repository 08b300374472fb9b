"""Polish words that were typed without their diacritics: *dziekuje* for *dziękuję*."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from math import prod
from typing import Final

from gracja.engine.words.forms import is_common_word, is_persons_name

_MAY_MEAN: Final = {
    "a": "aą", "c": "cć", "e": "eę", "l": "lł", "n": "nń", "o": "oó", "s": "sś", "z": "zźż",
}  # fmt: skip
_MOST_SPELLINGS: Final = 3_000  # of one word; a longer one is rarely a word, and asking about all takes time
_REMEMBERED: Final = 50_000


@lru_cache(maxsize=_REMEMBERED)
def meant_by(word: str) -> tuple[str, ...]:
    """The word itself; where that is no common Polish word, also those that it can be without diacritics.

    A name that is written so (Pawel) can only be another name: it must not turn into a common word.
    """
    letters = [_MAY_MEAN.get(letter, letter) for letter in word.lower()]
    too_many = prod(map(len, letters)) > _MOST_SPELLINGS
    if not word.isascii() or too_many or is_common_word(word, "pl"):
        return (word,)
    name = is_persons_name(word.capitalize())
    others = (spelling for spelling in map("".join, product(*letters)) if spelling != word.lower())
    return (word, *(other for other in others if _is_word(other, name=name)))


def _is_word(word: str, *, name: bool) -> bool:
    """name: nothing but a name will do."""
    if is_common_word(word, "pl"):
        return not name
    return is_persons_name(word.capitalize())
