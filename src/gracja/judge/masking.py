"""Names, phone numbers, e-mails, account numbers and ids taken out of a conversation before it leaves.

A masked text holds placeholders ([PERSON_1], [NUMBER_2]), the same for the same thing all through the
conversation; `MaskedText` leads every place in it back to the original code points.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from gracja.engine.words.forms import lemmas_of
from gracja.engine.words.slots import DATE, NUMBER
from gracja.engine.words.tokens import fold, tokenise
from gracja.judge.names import names_in

_EMAIL: Final = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+\.[^\s@<>\"'(),;:.]+")
# jan (at) ex.pl, jan małpa ex kropka pl: (before the sign, behind it)
_EMAIL_SPELT: Final = re.compile(
    r"(?<![\w.+-])([\w.+-]+)\s*(?:@|[(\[{<]\s*(?:at|@|małpa|malpa)\s*[)\]}>]|\b(?:małpa|malpa)\b)\s*"
    r"([\w-]+(?:(?:\.|\s*[(\[{<]\s*(?:dot|kropka)\s*[)\]}>]\s*|\s+kropka\s+)[\w-]+)+)",
    re.IGNORECASE,
)
_DOT_SPELT: Final = re.compile(r"\W*\b(?:dot|kropka)\b\W*", re.IGNORECASE)
_LINK: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
# letters and digits in one word: AB-12345, ZL1/2026/0045
_CODE: Final = re.compile(r"(?<!\w)(?=[\w/.-]*\d)(?=[\w/.-]*[^\W\d_])[^\W_](?:[\w/-]*[^\W_])?(?!\w)")
_IBAN: Final = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ \u00a0]?[\dA-Z]{2,4}){3,8}(?!\w)")
_DIGITS: Final = re.compile(r"(?<!\w)[+(]?\d(?:[ ./()\u00a0-]{0,2}\d)*(?!\w)")
# 600, then 100 200 on the next line
_DIGITS_OVER_LINES: Final = re.compile(r"(?<![\w.,:/])[+(]?\d(?:[ ()\u00a0\t\r\n-]{0,4}\d)*(?!\w|[.,:/]\d)")
# up to six figures before the comma, in thousands or in one piece; more may be an account, a PESEL, a phone
_MONEY: Final = re.compile(
    r"\(?(?:\d{1,3}[ .,\u00a0]\d{3}|\d{1,6})(?:[.,]\d{1,2})?"
    r"\s*(?:(?:(?:zł|zl)(?:ot\w*)?|pln|eur|euros?|usd|gbp)(?!\w)|[€£$%])",
    re.IGNORECASE,
)
_LINE: Final = re.compile(r"\S(?:[^\r\n]*\S)?")
_FEWEST_DIGITS: Final = 5  # in one piece; 12345 may be an account, 1999 is a year or a price
_FEWEST_DIGITS_APART: Final = 7  # with spaces or dashes between: 00-950 is a postcode, 600 100 200 a phone
_FEWEST_SPOKEN: Final = 5
_CODE_DIGITS: Final = 3
_PUNCTUATION: Final = ".,;:!?"


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text with its placeholders; `pieces`: (start, end) of each in the masked and in the original text."""

    text: str
    pieces: tuple[tuple[int, int, int, int], ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The code points of the original text that stand from start up to end of the masked one."""
        return self._back(start, at_end=False), self._back(end, at_end=True)

    def _back(self, place: int, *, at_end: bool) -> int:
        behind = bisect_right(self.pieces, place if not at_end else place - 1, key=lambda piece: piece[0])
        if not behind:
            return place
        _, masked_end, start, end = self.pieces[behind - 1]
        if place < masked_end or (at_end and place == masked_end):
            return end if at_end else start
        return place - masked_end + end


class Mask:
    """One conversation's placeholders. people: names and ids that its own fields carry."""

    def __init__(self, row: dict[str, Any], language: str) -> None:
        self._language = language
        fields = [row["contact"], row["employee"], row["customer"], *(t["employee"] for t in row["turns"])]
        given = {field for field in fields if field}
        people = {field for field in given if field != row["contact"]}
        known = frozenset(
            name
            for field in people
            for token in tokenise(field)
            if len(token.folded) > 2 and token.folded.isalpha()
            for name in (token.folded, *lemmas_of(token.text, "pl"))
        )
        # who is named once (Thanks, Mark!) is masked everywhere (Mark is away)
        texts = {turn["text"] for turn in row["turns"]}
        seen = {token.folded for text in texts for token in names_in(text, language, known)}
        self._people = known | seen
        ids = [
            re.escape(field) for field in sorted(given, key=len, reverse=True) if any(map(str.isdigit, field))
        ]
        self._ids = re.compile(rf"(?<!\w)(?:{'|'.join(ids)})(?!\w)", re.IGNORECASE) if ids else None
        self._placeholders: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def text(self, text: str) -> MaskedText:
        """The text as it may leave."""
        pieces: list[tuple[int, int, int, int]] = []
        parts: list[str] = []
        at = length = 0
        for found in self._found_in(text):
            placeholder = self._placeholder(found.kind, found.key)
            parts += [text[at : found.start], placeholder]
            start = length + found.start - at
            length = start + len(placeholder)
            pieces.append((start, length, found.start, found.end))
            at = found.end
        return MaskedText("".join([*parts, text[at:]]), tuple(pieces))

    def _placeholder(self, kind: str, key: str) -> str:
        if (kind, key) not in self._placeholders:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._placeholders[kind, key] = f"[{kind}_{self._counts[kind]}]"
        return self._placeholders[kind, key]

    def _found_in(self, text: str) -> Iterator[_Found]:
        """What must not leave, in order, without overlaps: where two stand, the one that begins sooner."""
        found = [*self._patterns(text), *_digits_over_lines(text), *_spoken_digits(text), *self._names(text)]
        end = 0
        for one in sorted(found, key=lambda one: (one.start, -one.end)):
            if one.start >= end:
                end = one.end
                yield one

    def _names(self, text: str) -> Iterator[_Found]:
        for token in names_in(text, self._language, self._people):
            key = min(lemmas_of(token.text, self._language), default=token.folded)
            yield _Found(token.start, token.end, "PERSON", fold(key))

    def _patterns(self, text: str) -> Iterator[_Found]:
        for kind, pattern in (("EMAIL", _EMAIL), ("LINK", _LINK), ("ID", self._ids)):
            for match in pattern.finditer(text) if pattern else ():
                end = match.start() + len(match.group().rstrip(_PUNCTUATION))
                yield _Found(match.start(), end, kind, match.group().rstrip(_PUNCTUATION).lower())
        for match in _EMAIL_SPELT.finditer(text):
            name, domain = match.groups()
            yield _Found(*match.span(), "EMAIL", f"{name}@{_DOT_SPELT.sub('.', domain)}".lower())
        for match in _IBAN.finditer(text):
            yield _Found(*match.span(), "NUMBER", re.sub(r"\s", "", match.group()).lower())
        for match in _CODE.finditer(text):
            if sum(map(str.isdigit, match.group())) >= _CODE_DIGITS:
                yield _Found(*match.span(), "NUMBER", match.group().lower())
        for match in _DIGITS.finditer(text):
            digits = re.sub(r"\D", "", match.group())
            fewest = _FEWEST_DIGITS if match.group().isdigit() else _FEWEST_DIGITS_APART
            if len(digits) >= fewest and not _is_date_or_money(text, match):
                yield _Found(*match.span(), "NUMBER", digits)


def _is_date_or_money(text: str, digits: re.Match[str]) -> bool:
    money = _MONEY.match(text, digits.start())
    return _is_date(text, *digits.span()) or (money is not None and money.end() > digits.end())


def _is_date(text: str, start: int, end: int) -> bool:
    date = DATE.match(text, start)
    return date is not None and date.end() >= end


def _digits_over_lines(text: str) -> Iterator[_Found]:
    """A number cut by line ends; a date on a line of its own is none."""
    for match in _DIGITS_OVER_LINES.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        lines = [line.span() for line in _LINE.finditer(text, *match.span())]
        over_lines = len(lines) > 1 and not any(_is_date(text, *line) for line in lines)
        if over_lines and len(digits) >= _FEWEST_DIGITS_APART:
            yield _Found(*match.span(), "NUMBER", digits)


def _spoken_digits(text: str) -> Iterator[_Found]:
    """A number that is read out: *five five five one two*, in words or digit by digit."""
    run: list[tuple[int, int, str]] = []
    for token in [*tokenise(text), None]:
        word = token is not None and NUMBER.fullmatch(text[token.start : token.end])
        apart = bool(run) and token is not None and len(text[run[-1][1] : token.start].strip(" ,-")) > 0
        if token is not None and word and not apart:
            run.append((token.start, token.end, token.folded))
            continue
        if len(run) >= _FEWEST_SPOKEN:
            yield _Found(run[0][0], run[-1][1], "NUMBER", " ".join(word for *_, word in run))
        run = [(token.start, token.end, token.folded)] if token is not None and word else []
