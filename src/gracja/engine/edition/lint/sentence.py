"""A sentence of a standard: what is said in it (quoted) set apart, its words with their clause and verb."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from gracja.engine.words.tokens import Token, tokenise

# main: what the employee does. content: what is asked or said (that, whether). adverbial: when, why, who.
Clause = Literal["main", "content", "adverbial"]
_QUOTED: Final = re.compile(
    '„[^„”“"]*[”“"]|“[^“”]*”|«[^«»]*»|»[^«»]*«|"[^"]*"|‘[^‘’]*’(?![^\\W_])|(?<!\\w)\'[^\']*\'(?!\\w)'
)
_SPEECH: Final = re.compile(
    r"\b(?:mówi\w*|pyta\w*|odpowiada\w*|pisze|pisz\w*|dodaje|wita|żegna|powiedz\w*|zapyta\w*|powta?rza\w*"
    r"|says?|asks?|repl(?:y|ies)|answers?|writes?|adds?|tells?|opens?|closes?|ends?|greets?)\b[^:.;„“\"]{0,60}:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word outside quoted speech. `verb`: its lemma where it is somebody's action."""

    text: str
    start: int
    end: int
    lemmas: frozenset[str]
    clause: Clause = "main"
    verb: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """`seconds`: places in `words` of each further thing that the employee does, joined to the first."""

    text: str
    words: tuple[Word, ...]
    quotes: tuple[tuple[int, int], ...]
    seconds: tuple[int, ...] = ()

    @property
    def verbs(self) -> list[Word]:
        """What the employee does."""
        return [word for word in self.words if word.verb and word.clause == "main"]

    @property
    def has_speech(self) -> bool:
        return bool(self.quotes)

    def quoted(self) -> list[str]:
        return [self.text[start:end] for start, end in self.quotes]


def quotes_in(text: str) -> tuple[tuple[int, int], ...]:
    """Where quoted speech stands, its marks included; a speech verb's colon opens speech without marks."""
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    masked = masked_text(text, tuple(quotes))
    opener = _SPEECH.search(masked)
    if opener and not any(start >= opener.end() for start, _ in quotes) and text[opener.end() :].strip():
        quotes.append((opener.end(), len(text)))
    return tuple(sorted(quotes))


def masked_text(text: str, quotes: tuple[tuple[int, int], ...]) -> str:
    """The text with quoted speech blanked, place by place."""
    for start, end in quotes:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def tokens_and_gaps(masked: str) -> list[tuple[Token, str]]:
    """Each word with what stands between it and the word before."""
    tokens = tokenise(masked)
    ends = [0, *(token.end for token in tokens)]
    return [(token, masked[ends[i] : token.start]) for i, token in enumerate(tokens)]
