"""GR201-GR208 (but for closeness): parts, enhancers and evidence, duplicates, languages, initiative."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from gracja.engine.edition.lint.draft import Draft, Path, by_language
from gracja.engine.edition.lint.finding import Remark
from gracja.engine.edition.lint.lexicon import words
from gracja.engine.edition.model import Standard
from gracja.engine.edition.texts import LocalText
from gracja.engine.words.forms import lemmas_of
from gracja.engine.words.tokens import words_of

_NEAR: Final = 0.8
_FEWEST_WORDS: Final = 4
_MINOR: Final = words("i oraz a the an and o z w na do się to jest po za u od że who that of is")
_NOT: Final = words("nie not never bez without no nigdy doesn't don't")


def part_without_enhancer(draft: Draft) -> Iterator[Remark]:
    """GR201."""
    for p, part in enumerate(draft.edition.sequence):
        if not part.enhancers:
            yield Remark(("sequence", p, "part"), quote=part.part)


def enhancer_without_standard(draft: Draft) -> Iterator[Remark]:
    """GR202."""
    for p, part in enumerate(draft.edition.sequence):
        for e, enhancer in enumerate(part.enhancers):
            if not enhancer.standards:
                yield Remark(("sequence", p, "enhancers", e, "enhancer"), quote=enhancer.enhancer)


def enhancer_without_evidence(draft: Draft) -> Iterator[Remark]:
    """GR203."""
    for p, part in enumerate(draft.edition.sequence):
        for e, enhancer in enumerate(part.enhancers):
            if enhancer.evidence is None or not any(
                text.strip() for _, text, _ in by_language(enhancer.evidence, "")
            ):
                yield Remark(("sequence", p, "enhancers", e, "enhancer"), quote=enhancer.enhancer)


def duplicates(draft: Draft) -> Iterator[Remark]:
    """GR204. The same behaviour in the same situation and channel: an error; nearly the same: a warning."""
    contents = [_contents(standard, draft.plain_language) for _, standard in draft.all_standards]
    for i, (path, standard) in enumerate(draft.all_standards):
        if not draft.looks_at(standard):
            continue
        channels = set(standard.channels)
        for j in range(i):
            earlier = draft.all_standards[j][1]
            likeness = _likeness(contents[j], contents[i]) if channels & set(earlier.channels) else None
            if likeness is None:
                continue
            language, same = likeness
            keyed = isinstance(standard.behaviour, dict)
            where: Path = (*path, "behaviour", language) if keyed else (*path, "behaviour")
            yield Remark(
                where,
                language,
                next(
                    text
                    for own, text, _ in by_language(standard.behaviour, draft.plain_language)
                    if own == language
                ),
                reason="same" if same else "near",
                facts={"other": earlier.standard},
                severity="error" if same else "warning",
            )
            break


def _contents(standard: Standard, plain: str) -> dict[str, frozenset[str]]:
    """What a standard says, by language: the lemmas of its behaviour and of its situation."""
    return {
        language: _content(text, language) | _situation(standard, language, plain)
        for language, text, _ in by_language(standard.behaviour, plain)
    }


def _likeness(first: dict[str, frozenset[str]], second: dict[str, frozenset[str]]) -> tuple[str, bool] | None:
    """The language in which two standards say the same or nearly so, and which of the two."""
    for language in sorted(second.keys() & first.keys()):
        a, b = first[language], second[language]
        if a == b and a:
            return language, True
        if min(len(a), len(b)) < _NEAR * max(len(a), len(b)):
            continue
        either = len(a | b)
        if either > _FEWEST_WORDS and len(a & b) >= _NEAR * either and not _told_apart(a ^ b):
            return language, False
    return None


def _told_apart(differing: frozenset[str]) -> bool:
    """A number or a negation makes another standard of it."""
    return any(word[-1:].isdigit() or word == "not" for word in differing)


@lru_cache(maxsize=4096)
def _content(text: str, language: str) -> frozenset[str]:
    """The lemmas that carry meaning; a negation counts."""
    found = set()
    for word in words_of(text):
        if word in _NOT:
            found.add("not")
        elif word not in _MINOR:
            found.add(min(lemmas_of(word, language), default=word))
    return frozenset(found)


def _situation(standard: Standard, language: str, plain: str) -> set[str]:
    if standard.when is None:
        return set()
    text = next((text for own, text, _ in by_language(standard.when, plain) if own == language), "")
    return {f"when {lemma}" for lemma in _content(text, language)}


def language_missing(draft: Draft) -> Iterator[Remark]:
    """GR205. A text that lacks a language in which the rest of the edition is written."""
    if len(draft.languages) < 2:
        return
    for path, text in draft.texts():
        missing = sorted(draft.languages - set(text)) if isinstance(text, dict) else []
        if isinstance(text, str) and path[-1] in ("behaviour", "when", "na_when"):
            missing = sorted(
                draft.languages - {language for language, _, _ in by_language(text, draft.plain_language)}
            )
        for language in missing:
            yield Remark(path, quote=_any_text(text), facts={"missing": language})


def _any_text(text: LocalText) -> str:
    return text if isinstance(text, str) else next(iter(text.values()))


def no_initiative(draft: Draft) -> Iterator[Remark]:
    """GR206. Standards, but none beyond what is expected: nobody can get above *standard*."""
    if draft.standards and not any(standard.rung == "initiative" for _, standard in draft.standards):
        yield Remark(("sequence",), facts={"count": len(draft.standards)})


def critical_initiative(draft: Draft) -> Iterator[Remark]:
    """GR208. A step beyond expectation whose absence fails the whole contact."""
    for path, standard in draft.standards:
        if standard.critical and standard.rung == "initiative":
            yield Remark((*path, "critical"), quote=standard.standard, rewording="critical: false")
