"""A detector as the bench shows it: phrases by who says them and in which language, and the moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gracja.app.standards.services.detecting import EVERY_LANGUAGE, SAID, Simple, Target, taken_apart
from gracja.engine.edition.model import Edition, LocalText, Predicate
from gracja.engine.edition.write import write_predicate
from gracja.engine.words.tokens import tokenise

KINDS: Final = {
    "agent_says": _("The employee says"),
    "customer_says": _("The customer says"),
    "like": _("Sentences like these, said by the employee"),
}
LANGUAGE_NAMES: Final = {"pl": _("in Polish"), "en": _("in English"), EVERY_LANGUAGE: _("in every language")}
_QUOTED: Final = re.compile(r"[„“\"»«‘']([^„”“\"»«’']{2,})[”“\"»«’']")
_MOST_SUGGESTED: Final = 3


@dataclass(frozen=True)
class Row:
    """The phrases of one side in one language."""

    kind: str
    title: str | Promise
    language: str
    language_name: str | Promise
    phrases: tuple[str, ...]
    suggested: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.language or 'all'}"


@dataclass(frozen=True)
class Detector:
    """rows: empty where the simple editor cannot show it. names: what a moment may refer to."""

    target: Target
    rows: tuple[Row, ...]
    simple: Simple | None
    yaml: str
    signals: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def any_words(self) -> bool:
        return bool(self.simple and self.simple.said)


def detector(target: Target, detect: Any, edition: Edition, behaviour: LocalText = "") -> Detector:
    """detect: as the draft has it."""
    plain = None if detect in (None, "none") else detect
    simple = taken_apart(plain)
    heard = [
        one.standard
        for _, _, one in edition.standards()
        if isinstance(one.detect, Predicate) and one.standard != target.id
    ]
    signals = tuple(name for name in edition.signals if name != target.id)
    return Detector(
        target,
        _rows(simple, behaviour) if simple else (),
        simple,
        write_predicate(plain) if plain else "",
        signals,
        (*signals, *heard),
    )


def _rows(simple: Simple, behaviour: LocalText) -> tuple[Row, ...]:
    rows = []
    for kind in SAID:
        said = simple.said.get(kind, {})
        first = kind == "agent_says"
        if not said and not first:
            continue
        languages = [EVERY_LANGUAGE] if EVERY_LANGUAGE in said else list(dict.fromkeys(["pl", "en", *said]))
        for language in languages:
            phrases = tuple(said.get(language, ()))
            quoted = _quoted(behaviour, language) if first else ()
            suggested = tuple(one for one in quoted if one not in phrases)
            name = LANGUAGE_NAMES.get(language, language)
            rows.append(Row(kind, KINDS[kind], language, name, phrases, suggested))
    return tuple(rows)


def _quoted(behaviour: LocalText, language: str) -> tuple[str, ...]:
    """What the behaviour itself says in quotes: a phrase to begin with."""
    text = behaviour if isinstance(behaviour, str) else behaviour.get(language, "")
    found = []
    for match in _QUOTED.finditer(text):
        for sentence in re.split(r"[.,!?;:…]", match[1]):
            words = [token.text for token in tokenise(sentence)]
            if 1 < len(words) <= 7:
                found.append(" ".join(words))
    return tuple(dict.fromkeys(found))[:_MOST_SUGGESTED]
