"""Which words of a text name a person, as far as dictionaries and capitals can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gracja.engine.words.forms import (
    is_common_word,
    is_given_name,
    is_persons_name,
    is_word_in_small,
    lemmas_of,
)
from gracja.engine.words.slots import DATE, NUMBER
from gracja.engine.words.tokens import Token, fold, tokenise
from gracja.judge.diacritics import meant_by


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# folded; polite forms, and frequent words that a dictionary has as something else (Beda, but *będą*)
_NEVER: Final = _listed(
    """i a as we us is her no may ok okay okej pan pani panstwo pana panu panem panie panowie pania
    panstwa panstwu panstwem beda bedzie odbedzie blad osob moga czekaja pojdzie
    pln eur usd gbp sms pin pdf vat iban url wifi usb gps"""
)
# folded; typed small and without diacritics these are mój, dać, życie, ..., not Anna Moj
_PLAIN_IN_SMALL: Final = _listed(
    """moj dac oddac zycie lubie stoja znaja stalo stala konca koncu prosic dostal dostala maz reka rece
    komorka komorki prob polowie"""
)
_ALSO_PLAIN: Final = _listed("bill mark will grant rose grace rich frank art sue pat bob jack drew")
_TITLES: Final = _listed("pan pani pana panu panem panie pania doktor")
_TITLES_OF_NAMES: Final = _listed("mr mrs ms miss mister madam dr")  # no other word follows these
_NAMES_FOLLOW: Final = re.compile(
    r"(?:names? is|name's|name:|is called|"
    r"nazywam si[ęe]|mam na imi[ęe]|imi[ęe]:|nazwisko:)\s*\Z",
    re.IGNORECASE,
)
_NAMES_MAY_FOLLOW: Final = re.compile(
    r"(?:i am|i'm|this is|speaking with|speak to|z tej strony|m[óo]wi|przy telefonie)\s*\Z", re.IGNORECASE
)
_SENTENCE_BEGINS: Final = re.compile(r"(?:\A|[.!?…:\n])[\s\W]*\Z")
_CONTRACTED: Final = re.compile(r".*(?:n't|'(?:m|d|ll|re|ve))|(?:it|that|what|let|here|there|he|she|who)'s")
_LONGEST_ACRONYM: Final = 4


@dataclass(frozen=True, slots=True)
class _Word:
    """A word where it stands. begins: it opens a sentence, where a capital says nothing."""

    token: Token
    spelled: str
    begins: bool
    named: bool  # behind words that only a name follows: "my name is"
    introduced: bool  # behind a title, or words that a name may follow: "this is"

    @property
    def capital(self) -> bool:
        return self.spelled[:1].isupper()

    def known(self, language: str) -> bool:
        return any(is_persons_name(word.capitalize()) for word in self.meant(language))

    def given(self, language: str) -> bool:
        return any(is_given_name(word.capitalize()) for word in self.meant(language))

    def in_small(self, language: str) -> bool:
        return any(is_word_in_small(word, language) for word in self.meant(language))

    def common(self, language: str) -> bool:
        return any(is_common_word(word, language) for word in self.meant(language))

    def meant(self, language: str) -> tuple[str, ...]:
        return meant_by(self.spelled) if language == "pl" else (self.spelled,)


def names_in(text: str, language: str, people: frozenset[str]) -> Iterator[Token]:
    """The words of a text that name a person.

    language: of the text; without a dictionary for it (all but pl and en) every capital is a name.
    people: folded words that are names in this conversation, whatever a capital says here. When in doubt a
    word counts as a name: a product's name that is masked costs little, a person's that is not costs more.
    """
    shouted = text.isupper()
    behind_name, small = -1, False
    words = [_word(text, token) for token in tokenise(text)]
    for at, word in enumerate(words):
        close = behind_name >= 0 and text[behind_name : word.token.start] in (" ", "-", "\u00a0")
        # who types anna without a capital types kowalska without one
        expected = word.named or (close and small)
        capital = word.capital and not shouted
        if capital and close:  # Anna Zając: what stands behind a given name is its surname
            found = not _is_never(word, text)
        else:
            found = _is_name(
                word, words[at + 1 :], text, language, people, capital=capital, expected=expected
            )
        if found:
            behind_name, small = word.token.end, not capital
            yield word.token


def _is_name(
    word: _Word,
    following: list[_Word],
    text: str,
    language: str,
    people: frozenset[str],
    *,
    capital: bool,
    expected: bool,
) -> bool:
    """capital: written with one that says something. expected: a name must stand here."""
    if _is_never(word, text):
        return False
    if not (capital or expected or word.introduced) and word.token.folded in _PLAIN_IN_SMALL:
        return False
    if people & {word.token.folded, *lemmas_of(word.token.text, "pl")}:
        given = word.given(language) and not word.common(language)
        plain = language == "en" and word.token.folded in _ALSO_PLAIN
        if capital or word.begins or (given and not plain) or not word.in_small(language):
            return True
    if not capital:
        return (
            expected and ((language == "pl" and word.known(language)) or not word.common(language))
        ) or _is_name_in_small(word, language)
    if word.begins and not (word.introduced or word.named):
        return _opens_with_name(word, following, text, language)
    return (
        word.introduced
        or expected
        or word.known(language)
        or not (word.common(language) or _is_acronym(word, language))
    )


def _is_name_in_small(word: _Word, language: str) -> bool:
    """anna, katie; *pani kowalska*."""
    if language == "en" and word.token.folded in _ALSO_PLAIN:
        return False
    word_in_small = word.in_small(language)
    if word.introduced and not _short(word):
        return not word_in_small or (language == "pl" and word.known(language))
    if word.given(language) and not (word.common("pl") or word.common(language)):
        return True
    # john, smith: the English dictionary has them with a capital only
    proper = language == "en" and bool(lemmas_of(word.token.text, "en")) and not _short(word)
    return proper and not word_in_small


def _opens_with_name(word: _Word, following: list[_Word], text: str, language: str) -> bool:
    """Marek, ... and Jan Kowalski, but not *Sam sprawdzę*, *Ale* and *Nice to meet you*."""
    if not word.in_small(language) and not (language == "pl" and word.in_small("en")):
        return not _is_acronym(word, language)
    given, common = word.given(language), word.common(language)
    if given != common:  # John will call; but neither *Nice to meet you* nor *Sam sprawdzę*
        return given
    after = text[word.token.end : word.token.end + 1]
    surname = bool(following) and following[0].capital and after == " "
    return surname or after in ("", ",", "!")


def _is_never(word: _Word, text: str) -> bool:
    folded = word.token.folded
    return (
        folded in _NEVER | _TITLES | _TITLES_OF_NAMES
        or bool(_CONTRACTED.fullmatch(folded))
        or _is_a_day_or_number(word, text)
    )


def _is_acronym(word: _Word, language: str) -> bool:
    return word.spelled.isupper() and len(word.spelled) <= _LONGEST_ACRONYM and not word.known(language)


def _short(word: _Word) -> bool:
    return len(word.spelled) < _LONGEST_ACRONYM


def _is_a_day_or_number(word: _Word, text: str) -> bool:
    start, end = word.token.start, word.token.end
    return any(
        (found := pattern.match(text, start)) is not None and found.end() >= end for pattern in (DATE, NUMBER)
    )


def _word(text: str, token: Token) -> _Word:
    before = text[max(0, token.start - 80) : token.start]
    title = re.search(r"(\w+)(?:\.|\.?[ \u00a0])\Z", before)
    word_before = fold(title.group(1)) if title else ""
    introduced = word_before in _TITLES or bool(_NAMES_MAY_FOLLOW.search(before))
    begins = _SENTENCE_BEGINS.search(before if token.start <= 80 else "x" + before) is not None
    named = word_before in _TITLES_OF_NAMES or bool(_NAMES_FOLLOW.search(before))
    return _Word(token, text[token.start : token.end], begins, named, introduced)
