"""The sixty phrases, and the regular expressions that find the same in folded text."""

from __future__ import annotations

import re
from pathlib import Path

from ruamel.yaml import YAML

from gracja.engine.edition.phrases import Gap, Slot, parse_phrase
from gracja.engine.words.tokens import fold

HERE = Path(__file__).parent
# As words.tokens cuts a text: letters with apostrophes inside are a word, digits are a word of their own.
LETTER = r"[^\W\d_]"
APART = r"[\W_]+"
WORD = rf"(?:\d+|{LETTER}+(?:'{LETTER}+)*)"
STARTS, ENDS = rf"(?<!{LETTER})(?<!{LETTER}')", rf"(?!{LETTER}|'{LETTER})"
# RE2 and hyperscan look neither behind nor ahead, so a hit takes the letter's neighbour with it; in bytes,
# where every byte over 127 is part of a letter.
BYTE_LETTER = r"[a-z\x80-\xff]"
BYTE_APART = r"[^a-z0-9\x80-\xff\n]+"
BYTE_WORD = rf"(?:[0-9]+|{BYTE_LETTER}+(?:'{BYTE_LETTER}+)*)"
BYTE_STARTS = r"(?:^'?|[^a-z\x80-\xff'\n]'?|'')"
BYTE_ENDS = r"(?:'?$|[^a-z\x80-\xff'\n]|'[^a-z\x80-\xff\n])"


def phrases() -> dict[str, list[str]]:
    """The phrases of each language."""
    return dict(YAML(typ="safe").load((HERE / "patterns.yaml").read_text(encoding="utf-8")))


def numbered() -> list[tuple[int, str]]:
    """(leaf, phrase) of all: Polish first."""
    return list(enumerate(phrase for of_language in phrases().values() for phrase in of_language))


def pattern(phrase: str) -> str:
    """A phrase as a pattern of Python's `re` over folded text."""
    return STARTS + _body(phrase, letter=LETTER, apart=APART, word=WORD, ends=ENDS)


def bytes_pattern(phrase: str) -> bytes:
    """The same over the bytes of folded text, for engines without assertions: a line is a turn."""
    body = _body(phrase, letter=BYTE_LETTER, apart=BYTE_APART, word=BYTE_WORD, ends=BYTE_ENDS, tails=False)
    return (BYTE_STARTS + body).encode("ascii")


def _body(phrase: str, *, letter: str, apart: str, word: str, ends: str, tails: bool = True) -> str:
    """tails: say where a beginning's word ends; without, the hit is known at its last written letter."""
    pieces, last = parse_phrase(phrase), len(parse_phrase(phrase)) - 1
    said = ""
    for index, piece in enumerate(pieces):
        assert not isinstance(piece, Slot)
        if isinstance(piece, Gap):
            said += f"(?:{word}{apart}){{{piece.fewest},{piece.most}}}?"
            continue
        said += re.escape(fold(piece.text))
        if piece.kind == "prefix" and (tails or index < last):
            said += f"{letter}*(?:'{letter}+)*"
        if index < last:
            said += apart
        elif piece.kind != "prefix" or tails:
            said += ends
    return said
