"""What somebody is called, found wherever it was written, and masked: capitals, diacritics, order aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final, Self

WORD_FROM: Final = 4  # letters: a shorter name, as a word in a text, is more likely something else
_BETWEEN: Final = r"[\W_]{1,3}"
_PLAIN_LETTERS: Final = {"ł": "l", "ø": "o", "đ": "d"}


class Names:
    """Names, addresses and codes of one person.

    called: name and e-mail, which are masked in any text. known_as: what other systems and files say, which
    is masked in their data alone, where no other word stands. codes: masked only as a whole value, since 17
    may be anything else. instead: what stands in their place.
    """

    def __init__(
        self, called: Iterable[str], known_as: Iterable[str], codes: Iterable[str], *, instead: str
    ) -> None:
        self.called, self.known_as, self.codes = _said(called), _said(known_as), _said(codes)
        self.instead = instead
        self._whole = {_plain(one) for one in (*self.called, *self.known_as, *self.codes)}
        self._text = _pattern(self.called)
        self._data = _pattern((*self.called, *self.known_as))

    def also(self, known_as: Iterable[str]) -> Self:
        """The same person under more names."""
        return type(self)(self.called, (*self.known_as, *known_as), self.codes, instead=self.instead)

    def are(self, value: str) -> bool:
        """Whether the whole value is one of them."""
        return _plain(value) in self._whole

    def stand_in(self, value: Any) -> bool:
        """Whether data (a text, or what JSON holds) names the person."""
        return bool(self.masked(value) != value)

    def masked_text(self, text: str) -> str:
        """What somebody wrote, without name and e-mail."""
        return self._replaced(self._text, text)

    def masked(self, value: Any) -> Any:
        """Data (a text, or what JSON holds) without any of the names."""
        if isinstance(value, str):
            return self.instead if self.are(value) else self._replaced(self._data, value)
        if isinstance(value, list | tuple):
            return [self.masked(one) for one in value]
        if isinstance(value, dict):
            return {self.masked(name): self.masked(one) for name, one in value.items()}
        return value

    def _replaced(self, pattern: re.Pattern[str] | None, text: str) -> str:
        composed = unicodedata.normalize("NFC", text)
        plain = composed.translate(_LETTERS)  # letter for letter, so that places are the same
        found = list(pattern.finditer(plain)) if pattern else []
        for hit in reversed(found):
            composed = composed[: hit.start()] + self.instead + composed[hit.end() :]
        return composed if found else text


class _Letters(dict[int, int]):
    """Each letter -> the small one without its sign; filled as letters come."""

    def __missing__(self, letter: int) -> int:
        base = unicodedata.normalize("NFD", chr(letter).lower())[0]
        self[letter] = ord(_PLAIN_LETTERS.get(base, base))
        return self[letter]


_LETTERS: Final = _Letters()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).translate(_LETTERS).split())


def _said(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name.strip()))


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """The names as words, however they are joined; one of two words in either order."""
    ways: set[str] = set()
    for name in names:
        words = [word for word in re.split(r"[\W_]+", _plain(name)) if word]
        if sum(map(len, words)) < WORD_FROM:
            continue
        ways.add(_BETWEEN.join(words))
        if len(words) == 2:
            ways.add(_BETWEEN.join(reversed(words)))
    longest_first = sorted(ways, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(longest_first)})(?![^\W_])") if ways else None
