"""The phrases that customers say their state with, as one automaton a language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

from ruamel.yaml import YAML

from gracja.engine.detect.scan import Scan

LANGUAGES: Final = ("pl", "en")
# The cues of the dial that a customer's words can tell, in its order.
CUES: Final = (
    "asks_advice",
    "talkative",
    "hurried",
    "tired",
    "uninterested",
    "browsing",
    "embittered",
    "left_alone",
)
# firm: says, with a negation of its own, so that one before it turns nothing round
KINDS: Final = ("says", "firm", "hints", "denies", "aside")
SAYS, FIRM, HINTS, DENIES, ASIDE = range(len(KINDS))
NEGATIONS: Final = {
    "en": re.compile(
        r"not|no|never|without|hardly|nothing|nobody|cannot|\w+n['\u2019]t"
        r"|(?:do|did|does|is|are|was|were|ca|wo|could|would|should|have|has|had|ai)nt",
        re.IGNORECASE,
    ),
    "pl": re.compile(r"nie|bez|ani|wcale|nigdy|niczego|nic|żad\w+|zad\w+", re.IGNORECASE),
}
# Without their apostrophe these are other words: ill, well, were.
_KEEP_APOSTROPHE: Final = frozenset({"i'll", "we'll", "she'll", "he'll", "we're", "i'd", "we'd"})
_INNERMOST: Final = re.compile(r"\(([^()]*)\)")
_GAP: Final = re.compile(r"\{\d+\.\.\d+\}")


@cache
def automaton(language: str) -> Scan:
    """All phrases of a language; leaf = number of the cue x len(KINDS) + number of the kind."""
    return Scan([[*_leaves(language)]], language)


def _leaves(language: str) -> Iterator[tuple[int, str]]:
    text = files("gracja.engine.state").joinpath("bundled", f"{language}.yaml").read_text(encoding="utf-8")
    book: Any = YAML(typ="safe").load(text)
    for number, cue in enumerate(CUES):
        for name, written in book[cue].items():
            for phrase in dict.fromkeys(_spelt(written)):
                kind = "firm" if name == "says" and _negated(phrase, language) else name
                yield number * len(KINDS) + KINDS.index(kind), phrase


def _negated(phrase: str, language: str) -> bool:
    return any(NEGATIONS[language].fullmatch(word) for word in phrase.split())


def _spelt(written: Iterable[str]) -> Iterator[str]:
    """Every phrase that the alternatives stand for, also as people type it without apostrophes."""
    for line in written:
        for spoken in _alternatives(line):
            phrase = _tidy(spoken)
            yield phrase
            yield " ".join(
                word if word in _KEEP_APOSTROPHE else word.replace("'", "") for word in phrase.split()
            )


def _alternatives(line: str) -> Iterator[str]:
    """`(very|) (tired|sleepy)` as its four phrases; alternatives may stand within alternatives."""
    found = _INNERMOST.search(line)
    if found is None:
        yield line
        return
    for one in found[1].split("|"):
        yield from _alternatives(line[: found.start()] + one + line[found.end() :])


def _tidy(phrase: str) -> str:
    """Single spaces, and no gap at an edge or behind a gap, where an alternative was empty."""
    pieces = phrase.split()
    while pieces and _GAP.fullmatch(pieces[0]):
        pieces.pop(0)
    while pieces and _GAP.fullmatch(pieces[-1]):
        pieces.pop()
    return " ".join(
        piece
        for place, piece in enumerate(pieces)
        if not (_GAP.fullmatch(piece) and place and _GAP.fullmatch(pieces[place - 1]))
    )
