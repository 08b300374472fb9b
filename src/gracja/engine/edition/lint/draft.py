"""A document as the rules read it: its texts with their language and place, each parsed once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from gracja.engine.edition.check import predicates_in, standards_in
from gracja.engine.edition.lint import english, polish
from gracja.engine.edition.lint.lexicon import words
from gracja.engine.edition.lint.sentence import Sentence
from gracja.engine.edition.model import Edition, ScaleMeasure, Standard
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.texts import LocalText

Path = tuple[str | int, ...]
LINTED: Final = ("pl", "en")
_REMEMBERED: Final = 4096  # texts: a studio lints the same ones again and again
_POLISH_LETTERS: Final = re.compile("[ąćęłńóśźż]", re.IGNORECASE)
_POLISH_WORDS: Final = words(
    "i w z na do o po od za przy przed nie jest gdy kiedy klient klienta klientem pyta mówi wita podaje się"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of one standard in one language."""

    standard: Standard
    path: Path
    language: str
    sentence: Sentence


class Draft:
    """The document under the rules' eyes. only: the ids of the standards that they look at; None: all."""

    def __init__(self, edition: Edition, *, only: Collection[str] | None = None) -> None:
        self.edition = edition
        self._only = None if only is None else frozenset(only)
        self.all_standards = list(standards_in(edition))
        self.standards = [(path, one) for path, one in self.all_standards if self.looks_at(one)]
        own = {path for path, _ in self.standards}
        self.trees = [
            (path, tree) for path, tree in predicates_in(edition) if only is None or path[:-1] in own
        ]

    def looks_at(self, standard: Standard) -> bool:
        return self._only is None or standard.standard in self._only

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that the edition is written in: those that half of its keyed texts have."""
        keyed = [text for _, text in self.texts() if isinstance(text, dict)]
        counts = Counter(language for text in keyed for language in text)
        return frozenset(language for language, count in counts.items() if count * 2 >= len(keyed))

    @cached_property
    def plain_language(self) -> str:
        """The language of texts that are not keyed by one: guessed from all of them together."""
        return _language_of(" ".join(text for _, text in self.texts() if isinstance(text, str)))

    def texts(self) -> Iterator[tuple[Path, LocalText]]:
        """Every text of the edition that can differ by language."""
        yield ("title",), self.edition.title
        for p, part in enumerate(self.edition.sequence):
            path: Path = ("sequence", p)
            yield from _given(path, part, "title", "customer_does", "employee_does")
            for e, enhancer in enumerate(part.enhancers):
                yield from _given((*path, "enhancers", e), enhancer, "title", "evidence")
        for path, standard in self.all_standards:
            yield from _given(path, standard, "behaviour", "when", "na_when")
            if isinstance(standard.measure, ScaleMeasure):
                for step, anchor in enumerate(standard.measure.scale):
                    yield (*path, "measure", "scale", step), anchor
            for side in ("good", "bad"):
                for place, example in enumerate(getattr(standard.examples, side, [])):
                    yield (*path, "examples", side, place), example
            if isinstance(standard.detect, Predicate) and standard.detect.judge is not None:
                yield (*path, "detect", "judge"), standard.detect.judge

    @cached_property
    def behaviours(self) -> list[Passage]:
        return [p for path, standard in self.standards for p in _passages(self, standard, path, "behaviour")]

    @cached_property
    def situations(self) -> list[Passage]:
        return [p for path, standard in self.standards for p in _passages(self, standard, path, "when")]


def by_language(text: LocalText, plain: str) -> list[tuple[str, str, Path]]:
    """(language, text, the rest of its path); plain: the language of a text that names none."""
    if isinstance(text, str):
        return [(plain, text, ())]
    return [(language, own, (language,)) for language, own in text.items()]


@lru_cache(maxsize=_REMEMBERED)
def parse(text: str, language: str) -> Sentence:
    return polish.parse(text) if language == "pl" else english.parse(text)


def _given(path: Path, node: object, *names: str) -> Iterator[tuple[Path, LocalText]]:
    for name in names:
        text = getattr(node, name)
        if text is not None:
            yield (*path, name), text


def _passages(draft: Draft, standard: Standard, path: Path, name: str) -> Iterator[Passage]:
    text: LocalText | None = getattr(standard, name)
    if text is None:
        return
    for language, own, rest in by_language(text, draft.plain_language):
        if language in LINTED:
            yield Passage(standard, (*path, name, *rest), language, parse(own, language))


def _language_of(text: str) -> str:
    polish_words = sum(word in _POLISH_WORDS for word in text.lower().split())
    return "pl" if _POLISH_LETTERS.search(text) or polish_words >= 1 else "en"
