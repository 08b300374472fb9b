"""What somebody is called, found wherever it was written, and masked: capitals, diacritics, order aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final, Self

WORD_FROM: Final = 4  # letters: a shorter name, as a word in a text, is more likely something else
PART_FROM: Final = 3  # letters of a part of a name
SHORTEST_LINE: Final = 7  # digits of a telephone
_APART: Final = r"[ .\-\u00a0\u202f()/]{0,2}"
_BETWEEN: Final = r"[\W_]{1,3}"
_PLAIN_LETTERS: Final = {"ł": "l", "ø": "o", "đ": "d"}


class Names:
    """Names, addresses and codes of one person.

    called: name and e-mail, which are masked in any text. known_as: what other systems and files say, which
    is masked in their data alone, where no other word stands. codes: masked only as a whole value, since 17
    may be anything else. instead: what stands in their place. parts: words of the name with their forms,
    which are masked in what somebody wrote, from three letters. phones: masked there in any usual spelling.
    """

    def __init__(
        self,
        called: Iterable[str],
        known_as: Iterable[str],
        codes: Iterable[str],
        *,
        instead: str,
        parts: Iterable[str] = (),
        phones: Iterable[str] = (),
    ) -> None:
        self.called, self.known_as, self.codes = _said(called), _said(known_as), _said(codes)
        self.instead = instead
        self._whole = {_plain(one) for one in (*self.called, *self.known_as, *self.codes)}
        self._parts, self._phones = _said(parts), _said(phones)
        spelt = [*_words(self._parts), *_spellings(self._phones)]
        self._text = _pattern(self.called, spelt)
        self._data = _pattern((*self.called, *self.known_as))

    def also(self, known_as: Iterable[str]) -> Self:
        """The same person under more names."""
        return type(self)(
            self.called,
            (*self.known_as, *known_as),
            self.codes,
            instead=self.instead,
            parts=self._parts,
            phones=self._phones,
        )

    def are(self, value: str) -> bool:
        """Whether the whole value is one of them."""
        return _plain(value) in self._whole

    def stand_in(self, value: Any) -> bool:
        """Whether data (a text, or what JSON holds) names the person."""
        return bool(self.masked(value) != value)

    def masked_text(self, text: str) -> str:
        """What somebody wrote, without name, e-mail and telephone."""
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


def _words(parts: Iterable[str]) -> list[str]:
    """Each part as it stands in a plain text; a shorter one is more likely another word."""
    return [re.escape(word) for part in parts if len(word := _plain(part)) >= PART_FROM]


def _spellings(phones: Iterable[str]) -> list[str]:
    """A telephone with or without 48 before it, and with anything usual between its digits."""
    lines = {digits[-9:] for phone in phones if len(digits := re.sub(r"\D", "", phone)) >= SHORTEST_LINE}
    return [rf"(?:(?:\+|00)?48{_APART})?{_APART.join(line)}" for line in sorted(lines)]


def _pattern(names: Iterable[str], spelt: Iterable[str] = ()) -> re.Pattern[str] | None:
    """The names as words, however they are joined; one of two words in either order. spelt: patterns as they
    are.
    """
    ways: set[str] = set(spelt)
    for name in names:
        words = [word for word in re.split(r"[\W_]+", _plain(name)) if word]
        if sum(map(len, words)) < WORD_FROM:
            continue
        ways.add(_BETWEEN.join(words))
        if len(words) == 2:
            ways.add(_BETWEEN.join(reversed(words)))
    longest_first = sorted(ways, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(longest_first)})(?![^\W_])") if ways else None
