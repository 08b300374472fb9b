"""The trades that a draft can start from, without reading the whole of their editions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from gracja.engine.dial.read import bundled_rules
from gracja.engine.edition.bundled import bundled_names, bundled_text
from gracja.engine.edition.texts import in_language

_TITLE: Final = re.compile(r'^title: \{pl: "?([^",]+)"?, en: "?([^"}]+)"?\}', re.MULTILINE)
_KIND: Final = re.compile(r"^service:\n  kind: (encounter|relationship)$", re.MULTILINE)
_PARTS: Final = re.compile(r"^\s*- part:", re.MULTILINE)
_STANDARDS: Final = re.compile(r"^\s*- standard:", re.MULTILINE)


@dataclass(frozen=True)
class Trade:
    name: str
    title: dict[str, str]
    kind: Literal["encounter", "relationship"]
    parts: int
    standards: int


@cache
def trades() -> tuple[Trade, ...]:
    """Read from the heads of our own files, a hundred times as fast as reading them; a test compares."""
    return tuple(_trade(name) for name in bundled_names())


def _trade(name: str) -> Trade:
    text = bundled_text(name)
    title, kind = _TITLE.search(text), _KIND.search(text)
    if title is None or kind is None:
        raise ValueError(f"{name}.yaml: its title, or the kind of its service, is not on a line of its own")
    which: Literal["encounter", "relationship"] = "encounter" if kind[1] == "encounter" else "relationship"
    counts = len(_PARTS.findall(text)), len(_STANDARDS.findall(text))
    return Trade(name, {"pl": title[1], "en": title[2]}, which, *counts)


@dataclass(frozen=True)
class Occupation:
    """Whom the customer meets; points: what Gracja assumes it adds to the start of the dial."""

    name: str
    title: dict[str, str]
    points: int


@cache
def occupations() -> tuple[Occupation, ...]:
    """Those that the dial knows; an edition may name another one."""
    return tuple(
        Occupation(
            one.occupation,
            {"pl": in_language(one.title, "pl"), "en": in_language(one.title, "en")},
            one.points,
        )
        for one in bundled_rules().occupations
    )
