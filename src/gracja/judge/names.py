"""Which words of a text name a person, as far as dictionaries and capitals can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gracja.engine.words.forms import is_common_word, is_given_name, is_persons_name, lemmas_of
from gracja.engine.words.slots import DATE, NUMBER
from gracja.engine.words.tokens import Token, fold, tokenise


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# folded; polite forms, and little words that a dictionary has as something else
_NEVER: Final = _listed(
    """i a as we us is her no may ok okay okej pan pani panstwo pana panu panem panie panowie pania
    panstwa panstwu panstwem pln eur usd gbp sms pin pdf vat iban url wifi usb gps"""
)
_ONLY_WITH_CAPITAL: Final = _listed("bill mark")
_TITLES: Final = _listed("pan pani pana panu panem panie pania mr mrs ms miss mister madam dr doktor")
_CUES: Final = re.compile(
    r"(?:my name is|name's|i am|i'm|this is|speaking with|speak to|name:|nazywam się|nazywam sie|"
    r"mam na imię|mam na imie|z tej strony|mówi|mowi|przy telefonie|imię:|imie:|nazwisko:)\s*\Z",
    re.IGNORECASE,
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
    introduced: bool  # behind a title, or words such as "my name is"

    @property
    def capital(self) -> bool:
        return self.spelled[:1].isupper()

    @property
    def known(self) -> bool:
        return is_persons_name(self.spelled.capitalize())

    def common(self, language: str) -> bool:
        return is_common_word(self.spelled, language)


def names_in(text: str, language: str, people: frozenset[str]) -> Iterator[Token]:
    """The words of a text that name a person.

    language: of the text; without a dictionary for it (all but pl and en) every capital is a name.
    people: folded words of the names that the conversation's own fields carry. When in doubt a word counts
    as a name: a product's name that is masked costs little, a person's that is not costs more.
    """
    shouted = text.isupper()
    behind_name = -1
    words = [_word(text, token) for token in tokenise(text)]
    for at, word in enumerate(words):
        close = behind_name >= 0 and text[behind_name : word.token.start] in (" ", "-", "\u00a0")
        if _is_name(word, words[at + 1 :], text, language, people, close=close, shouted=shouted):
            behind_name = word.token.end
            yield word.token


def _is_name(
    word: _Word,
    following: list[_Word],
    text: str,
    language: str,
    people: frozenset[str],
    *,
    close: bool,
    shouted: bool,
) -> bool:
    folded, capital = word.token.folded, word.capital and not shouted
    if folded in _NEVER or _CONTRACTED.fullmatch(folded) or _is_a_day_or_number(word, text):
        return False
    if people & {folded, *lemmas_of(word.token.text, "pl")}:
        return capital or word.begins or not word.common(language)
    if close:  # Anna Zając: what stands behind a given name is its surname
        return capital or (word.known and not _short(word) and not (language == "en" and word.common("en")))
    if not capital:
        return _is_name_in_small(word, language)
    if word.begins and not word.introduced:
        return _opens_with_name(word, following, text, language)
    return word.introduced or word.known or not (word.common(language) or _is_acronym(word))


def _is_name_in_small(word: _Word, language: str) -> bool:
    """anna, smith; *nazywam się zając*."""
    if word.token.folded in _ONLY_WITH_CAPITAL:
        return False
    if word.introduced:
        return word.known or not word.common(language)
    given = is_given_name(word.spelled.capitalize())
    return (given and not word.common("pl") and not word.common(language)) or _proper(word, language)


def _opens_with_name(word: _Word, following: list[_Word], text: str, language: str) -> bool:
    """Marek, ... and Jan Kowalski, but not *Sam sprawdzę* and *Ale*."""
    if not word.common(language) and not (language == "pl" and word.common("en")):
        return not _is_acronym(word)
    if not is_given_name(word.spelled.capitalize()):
        return False
    after = text[word.token.end : word.token.end + 1]
    surname = bool(following) and following[0].capital and after == " "
    return surname or after in ("", ",", "!")


def _is_acronym(word: _Word) -> bool:
    return word.spelled.isupper() and len(word.spelled) <= _LONGEST_ACRONYM and not word.known


def _short(word: _Word) -> bool:
    return len(word.spelled) < _LONGEST_ACRONYM


def _proper(word: _Word, language: str) -> bool:
    """john, smith: the English dictionary writes them with a capital only."""
    return (
        language == "en"
        and bool(lemmas_of(word.token.text, "en"))
        and word.spelled.isalpha()
        and not word.common("en")
        and not _short(word)
    )


def _is_a_day_or_number(word: _Word, text: str) -> bool:
    start, end = word.token.start, word.token.end
    return any(
        (found := pattern.match(text, start)) is not None and found.end() >= end for pattern in (DATE, NUMBER)
    )


def _word(text: str, token: Token) -> _Word:
    before = text[max(0, token.start - 80) : token.start]
    title = re.search(r"(\w+)\.?[ \u00a0]\Z", before)
    introduced = bool(_CUES.search(before)) or (title is not None and fold(title.group(1)) in _TITLES)
    begins = _SENTENCE_BEGINS.search(before if token.start <= 80 else "x" + before) is not None
    return _Word(token, text[token.start : token.end], begins, introduced)
