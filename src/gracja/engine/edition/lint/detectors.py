"""GR302 GR303 GR304 GR306: detectors that never fire, miss a language, know no such word, or always fire."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from gracja.engine.edition.check import nodes_with_paths, phrases_with_paths
from gracja.engine.edition.lint.draft import LINTED, Draft, Path
from gracja.engine.edition.lint.finding import Remark
from gracja.engine.edition.model import CountMeasure, Standard
from gracja.engine.edition.phrases import Gap, Piece, Word, parse_phrase
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.texts import Phrases
from gracja.engine.words.forms import forms_of, lemmas_of
from gracja.engine.words.tokens import fold

_SPEECH: Final = ("agent_says", "customer_says", "like")
_EVERYONE: Final = frozenset(("agent", "customer", "system"))
_SPEAKERS: Final = {
    "agent_says": frozenset(("agent",)),
    "like": frozenset(("agent",)),
    "customer_says": frozenset(("customer",)),
    "system_event": frozenset(("system",)),
}
_SHORTEST_PREFIX: Final = 3


def never_fires(draft: Draft) -> Iterator[Remark]:
    """GR302. What no conversation can satisfy."""
    for path, root in draft.trees:
        for node_path, node in nodes_with_paths(path, root):
            yield from _two_speakers(node, node_path)
            yield from _empty_span(node, node_path)
            yield from _no_language(draft, node, node_path)
    for path, standard in draft.standards:
        if isinstance(standard.detect, Predicate):
            yield from _too_many_hits(standard, standard.detect, path)
            yield from _no_transcript(standard, path)


def _two_speakers(node: Predicate, path: Path) -> Iterator[Remark]:
    """One turn belongs to one speaker."""
    if node.all and _speakers(node) == frozenset() and all(_speakers(child) for child in node.all):
        yield Remark((*path, "all"), reason="two_speakers", rewording="within: contact")


def _speakers(node: Predicate) -> frozenset[str]:
    """Whose turn could make this true, where it is asked of one turn."""
    if node.within in ("segment", "contact"):
        return _EVERYONE
    if node.all:
        return frozenset.intersection(*(_speakers(child) for child in node.all))
    if node.any:
        return frozenset.union(*(_speakers(child) for child in node.any))
    return _SPEAKERS.get(node.kind, _EVERYONE)


def _empty_span(node: Predicate, path: Path) -> Iterator[Remark]:
    """At once after the first hit of X and before it; a limit takes every hit of X, so then it can be."""
    limited = node.within_turns or node.within_seconds
    if node.after and node.after == node.before and not limited and not node.each:
        yield Remark(
            (*path, "before"), quote=node.before or "", reason="empty_span", facts={"name": node.after}
        )


def _no_language(draft: Draft, node: Predicate, path: Path) -> Iterator[Remark]:
    for key in _SPEECH:
        phrases: Phrases | None = getattr(node, key)
        if isinstance(phrases, dict) and draft.languages and not set(phrases) & draft.languages:
            facts = {"languages": sorted(phrases), "used": sorted(draft.languages)}
            yield Remark((*path, key), quote=", ".join(sorted(phrases)), reason="no_language", facts=facts)


def _too_many_hits(standard: Standard, root: Predicate, path: Path) -> Iterator[Remark]:
    """Each turn counts once, so n turns cannot hold more than n hits."""
    where = root.where
    if not (
        isinstance(standard.measure, CountMeasure)
        and where
        and root.kind == "agent_says"
        and where.of == "agent"
    ):
        return
    turns, wanted = where.first or where.last or 0, standard.measure.count_at_least
    if turns < wanted:
        facts = {"turns": turns, "count": wanted}
        yield Remark((*path, "detect", "where"), reason="too_many_hits", facts=facts)


def _no_transcript(standard: Standard, path: Path) -> Iterator[Remark]:
    """What happens on the spot leaves no transcript, and no times of its turns."""
    channels = set(standard.channels)
    if channels == {"in_person"}:
        facts = {"channels": sorted(channels)}
        yield Remark(
            (*path, "detect"),
            reason="no_transcript",
            facts=facts,
            rewording="detect: none",
            severity="warning",
        )


def language_without_phrases(draft: Draft) -> Iterator[Remark]:
    """GR303. In such a conversation the detector abstains: said once of each, however many places of it."""
    for path, root in draft.trees:
        told: set[str] = set()
        for node_path, node in nodes_with_paths(path, root):
            for key in _SPEECH:
                phrases: Phrases | None = getattr(node, key)
                if not isinstance(phrases, dict) or not set(phrases) & draft.languages:
                    continue
                for language in sorted(draft.languages - set(phrases) - told):
                    told.add(language)
                    facts = {"missing": language}
                    yield Remark((*node_path, key), quote=", ".join(sorted(phrases)), facts=facts)


def unknown_lemma(draft: Draft) -> Iterator[Remark]:
    """GR304. After ~ stands a word that the dictionary does not know, or a form that is no lemma."""
    for path, language, phrase, pieces in _phrases_in(draft):
        languages = [language] if language else sorted(draft.languages & set(LINTED)) or list(LINTED)
        for piece in pieces:
            if not (isinstance(piece, Word) and piece.kind == "lemma"):
                continue
            if any(one not in LINTED or _is_lemma(piece.text, one) for one in languages):
                continue
            proposals = sorted({lemma for one in languages for lemma in lemmas_of(piece.text, one)})
            yield Remark(
                path,
                None,
                f"~{piece.text}",
                ((at := phrase.lower().find("~" + piece.text), at + len(piece.text) + 1),)
                if "~" in phrase
                else (),
                reason="form" if proposals else "unknown",
                facts={"word": piece.text, "phrase": phrase},
                rewording=f"~{_closest(piece.text, proposals)}" if proposals else None,
            )


def _is_lemma(word: str, language: str) -> bool:
    return word in lemmas_of(word, language) or len(forms_of(word, language)) > 1


def _closest(word: str, lemmas: list[str]) -> str:
    return next(iter(get_close_matches(word, lemmas, n=1, cutoff=0)), lemmas[0])


def always_fires(draft: Draft) -> Iterator[Remark]:
    """GR306. Any word at all, anywhere in the conversation: every contact would be marked as met."""
    for path, standard in draft.standards:
        root = standard.detect
        if not isinstance(root, Predicate) or any(
            (root.where, root.after, root.before, root.each, root.within)
        ):
            continue
        for inner, _language, phrase in phrases_with_paths((*path, "detect"), root):
            words = [piece for piece in parse_phrase(phrase) if not isinstance(piece, Gap)]
            if all(_is_anything(piece) for piece in words):
                yield Remark(inner, None, phrase, ((0, len(phrase)),))


def _is_anything(piece: Piece) -> bool:
    return isinstance(piece, Word) and piece.kind == "prefix" and len(fold(piece.text)) < _SHORTEST_PREFIX


def _phrases_in(draft: Draft) -> Iterator[tuple[Path, str | None, str, tuple[Piece, ...]]]:
    for path, root in draft.trees:
        for node_path, node in nodes_with_paths(path, root):
            for phrase_path, language, phrase in phrases_with_paths(node_path, node):
                yield phrase_path, language, phrase, parse_phrase(phrase)
