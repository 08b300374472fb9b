"""A detector as the bench shows it: phrases by who says them and in which language, and the moment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gracja.app.standards.services.detecting import Simple, Target, taken_apart
from gracja.app.standards.services.detector_tree import (
    EVENT,
    EVERY_LANGUAGE,
    JUDGE,
    SAID,
    TIMED,
    Node,
    mark_of,
    parsed,
)
from gracja.app.web.standards.signal_names import signal_name
from gracja.app.web.templatetags.words import local
from gracja.engine.edition.language_model import LanguageModel
from gracja.engine.edition.model import Edition
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.texts import LocalText
from gracja.engine.edition.write import write_predicate
from gracja.engine.words.tokens import tokenise

WAYS: Final = (
    ("words", _("words and events")),
    ("time", _("the time of an answer")),
    ("judge", _("a question to a language model")),
    ("none", _("people who watch")),
)
GROUP_NAMES: Final = (
    ("any", _("any of these")),
    ("all", _("all of these")),
    ("none", _("none of these")),
)
TIMES: Final = (
    ("first_reply_seconds", _("The first answer to the customer comes within")),
    ("longest_silence_seconds", _("The customer never waits for an answer longer than")),
)
KINDS: Final = {
    "agent_says": _("The employee says"),
    "customer_says": _("The customer says"),
    "like": _("Sentences like these, said by the employee"),
}
CONDITIONS: Final = {**KINDS, EVENT: _("An event of the system")}
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
    def key(self) -> str:
        return self.language or "all"

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.key}"


@dataclass(frozen=True)
class Branch:
    """A node of the tree as the page shows it. at: the places that lead to it."""

    node: Node
    at: str
    rows: tuple[Row, ...]
    children: tuple[Branch, ...]

    @property
    def id(self) -> str:
        return self.at.replace(".", "-") or "top"

    @property
    def title(self) -> str | Promise:
        return {**CONDITIONS, **dict(GROUP_NAMES)}.get(self.node.kind, "")


@dataclass(frozen=True)
class Detector:
    """rows: empty where the simple editor cannot show it. names: what a moment may refer to, in words.

    way: how it is recognised, of WAYS; tree: None where there is none, or no tree of words and events. mark:
    tells this detector from another. permission: the edition's to ask a language model.
    """

    target: Target
    rows: tuple[Row, ...]
    simple: Simple | None
    yaml: str
    signals: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    way: str
    own_way: str
    node: Node | None
    tree: Branch | None
    mark: str
    permission: LanguageModel | None

    @property
    def title(self) -> str:
        """The signal's name as people read it."""
        return signal_name(self.target.id)

    @property
    def any_words(self) -> bool:
        return bool(self.simple and self.simple.said)


def detector(
    target: Target,
    detect: Any,
    edition: Edition,
    behaviour: LocalText = "",
    *,
    way: str = "",
    otherwise: str = "words",
) -> Detector:
    """detect: as the draft has it. way: what the writer looks at; empty: what is there, or otherwise."""
    plain = None if detect in (None, "none") else detect
    node = parsed(plain)
    own_way = _way_of(node) if node else otherwise
    shown_way = way if way in dict(WAYS) else own_way
    words = node if own_way == "words" else None
    simple = taken_apart(plain if words else None)
    signals = tuple((name, signal_name(name)) for name in edition.signals if name != target.id)
    heard = (pair for pair in _heard(edition) if pair[0] != target.id)
    return Detector(
        target,
        _rows(simple, behaviour) if simple else (),
        simple,
        write_predicate(plain) if plain else "",
        signals,
        (*signals, *heard),
        shown_way,
        own_way,
        node,
        _branch(words, "") if words and simple is None else None,
        mark_of(detect),
        edition.language_model,
    )


def _heard(edition: Edition) -> list[tuple[str, str]]:
    """The standards that words and events tell, each with its behaviour."""
    return [
        (one.standard, local(one.behaviour))
        for _, _, one in edition.standards()
        if isinstance(one.detect, Predicate)
    ]


def _way_of(node: Node) -> str:
    return "judge" if node.kind == JUDGE else "time" if node.kind in TIMED else "words"


def _branch(node: Node, at: str) -> Branch:
    """The node, its phrases by language, and what stands below it."""
    rows = _rows_of(node.kind, node.says, ()) if node.kind in SAID else ()
    children = (
        _branch(one, f"{at}.{place}" if at else str(place)) for place, one in enumerate(node.children)
    )
    return Branch(node, at, rows, tuple(children))


def _rows(simple: Simple, behaviour: LocalText) -> tuple[Row, ...]:
    rows: list[Row] = []
    for kind in SAID:
        said = simple.said.get(kind, {})
        if said or kind == "agent_says":
            rows += _rows_of(kind, said, behaviour if kind == "agent_says" else ())
    return tuple(rows)


def _rows_of(kind: str, said: Mapping[str, list[str]], behaviour: LocalText | tuple[()]) -> tuple[Row, ...]:
    """A row for each language; what the behaviour says in quotes is suggested."""
    languages = [EVERY_LANGUAGE] if EVERY_LANGUAGE in said else list(dict.fromkeys(["pl", "en", *said]))
    rows = []
    for language in languages:
        phrases = tuple(said.get(language, ()))
        quoted = _quoted(behaviour, language) if behaviour else ()
        suggested = tuple(one for one in quoted if one not in phrases)
        rows.append(
            Row(kind, KINDS[kind], language, LANGUAGE_NAMES.get(language, language), phrases, suggested)
        )
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
