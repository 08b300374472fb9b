"""What a single field cannot show: ids, references, circles, phrases. Every fault, with its path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from gracja.engine.edition.model import CountMeasure, Edition, ScaleMeasure, SecondsMeasure, Standard
from gracja.engine.edition.phrases import parse_phrase
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.texts import Phrases
from gracja.engine.errors import EngineInputError

Path = tuple[str | int, ...]
# What these find is a state of the conversation, not words that stand somewhere in it.
_WITHOUT_HITS: Final = ("not", "judge", "first_reply_seconds", "longest_silence_seconds")
# A question is about the whole contact: only the situation (applies_if) can narrow it.
_NOT_WITH_JUDGE: Final = ("within", "where", "after", "before", "each", "within_turns", "within_seconds")


@dataclass(frozen=True, slots=True)
class Wrong:
    code: str
    path: Path
    facts: dict[str, Any] = field(default_factory=dict)


def wrong_in(edition: Edition) -> Iterator[Wrong]:
    """Everything wrong with a document whose fields are each right.

    Codes: id_twice (id), name_both (id), reference_unknown (id, modifier, known), reference_circle
    (path), reference_undetected (id, modifier), reference_without_hits (id, modifier, kind),
    applies_if_below_top, each_below_top, each_with_count, detect_on_scale, timed_needs_seconds (kind),
    seconds_need_timed, judge_below_top, judge_narrowed (modifier), judge_needs_yes_no, and those of
    `parse_phrase`.
    """
    yield from _ids_used_twice(edition)
    known = set(edition.signals) | {standard.standard for _, _, standard in edition.standards()}
    trees = list(predicates_in(edition))
    for path, predicate in trees:
        for node_path, node in nodes_with_paths(path, predicate):
            yield from _references(node, node_path, known, edition)
            yield from _phrases(node, node_path)
            top = node is predicate and path[0] != "signals"
            for key in ("applies_if", "each"):
                if getattr(node, key) and not top:
                    yield Wrong(f"{key}_below_top", (*node_path, key))
            yield from _question(node, node_path, top=top)
    if edition.new_segment_at and edition.new_segment_at not in edition.signals:
        facts = {"id": edition.new_segment_at, "modifier": "new_segment_at", "known": sorted(edition.signals)}
        yield Wrong("reference_unknown", ("new_segment_at",), facts)
    yield from _circles(edition)
    for path, standard in standards_in(edition):
        yield from _measure(standard, path)


def standards_in(edition: Edition) -> Iterator[tuple[Path, Standard]]:
    """Every standard with its path in the document."""
    for p, part in enumerate(edition.sequence):
        for e, enhancer in enumerate(part.enhancers):
            for s, standard in enumerate(enhancer.standards):
                yield ("sequence", p, "enhancers", e, "standards", s), standard


def predicates_in(edition: Edition) -> Iterator[tuple[Path, Predicate]]:
    """Every detect tree and signal with its path in the document."""
    for name, signal in edition.signals.items():
        yield ("signals", name), signal
    for path, standard in standards_in(edition):
        if isinstance(standard.detect, Predicate):
            yield (*path, "detect"), standard.detect


def nodes_with_paths(path: Path, node: Predicate) -> Iterator[tuple[Path, Predicate]]:
    """Every node from here down with its path in the document, parents first."""
    yield path, node
    if node.not_ is not None:
        yield from nodes_with_paths((*path, "not"), node.not_)
    for key in ("all", "any"):
        for index, child in enumerate(getattr(node, key) or []):
            yield from nodes_with_paths((*path, key, index), child)


def _question(node: Predicate, path: Path, *, top: bool) -> Iterator[Wrong]:
    """A language model is asked once for a standard, not inside a tree."""
    if node.judge is None:
        return
    if not top:
        yield Wrong("judge_below_top", (*path, "judge"))
    for modifier in _NOT_WITH_JUDGE:
        if getattr(node, modifier) is not None:
            yield Wrong("judge_narrowed", (*path, modifier), {"modifier": modifier})


def _ids_used_twice(edition: Edition) -> Iterator[Wrong]:
    parts = [(("sequence", p, "part"), part.part) for p, part in enumerate(edition.sequence)]
    enhancers = [
        (("sequence", p, "enhancers", e, "enhancer"), enhancer.enhancer)
        for p, part in enumerate(edition.sequence)
        for e, enhancer in enumerate(part.enhancers)
    ]
    standards = [((*path, "standard"), standard.standard) for path, standard in standards_in(edition)]
    for group in (parts, enhancers, standards):
        seen: Counter[str] = Counter()
        for path, name in group:
            seen[name] += 1
            if seen[name] == 2:
                yield Wrong("id_twice", path, {"id": name})
    for path, name in standards:
        if name in edition.signals:
            yield Wrong("name_both", path, {"id": name})


def _references(node: Predicate, path: Path, known: set[str], edition: Edition) -> Iterator[Wrong]:
    for modifier, name in node.names:
        signal_only = modifier in ("each", "applies_if", "unless")
        allowed = set(edition.signals) if signal_only else known
        inner = (*path, node.kind, modifier) if modifier == "unless" else (*path, modifier)
        facts = {"id": name, "modifier": modifier}
        if name not in allowed:
            yield Wrong("reference_unknown", inner, facts | {"known": sorted(allowed)})
            continue
        target = edition.signals.get(name) or edition.standard(name).detect
        if not isinstance(target, Predicate):
            yield Wrong("reference_undetected", inner, facts)
        elif modifier != "applies_if" and target.kind in _WITHOUT_HITS:
            yield Wrong("reference_without_hits", inner, facts | {"kind": target.kind})


def phrases_with_paths(path: Path, node: Predicate) -> Iterator[tuple[Path, str | None, str]]:
    """(path, language, phrase as written) of every phrase of this one node."""
    for key in ("agent_says", "customer_says"):
        phrases: Phrases | None = getattr(node, key)
        if phrases is None:
            continue
        lists = phrases.items() if isinstance(phrases, dict) else [(None, phrases)]
        for language, several in lists:
            for index, phrase in enumerate(several):
                inner: Path = (key, index) if language is None else (key, language, index)
                yield (*path, *inner), language, phrase


def _phrases(node: Predicate, path: Path) -> Iterator[Wrong]:
    for phrase_path, _, phrase in phrases_with_paths(path, node):
        if fault := _fault_of(phrase):
            yield Wrong(fault[0], phrase_path, dict(fault[1]))


@lru_cache(maxsize=1 << 15)  # a draft is checked after each change, and most of its phrases stay
def _fault_of(phrase: str) -> tuple[str, dict[str, Any]] | None:
    try:
        parse_phrase(phrase)
    except EngineInputError as error:
        return error.code, error.facts
    return None


def _circles(edition: Edition) -> Iterator[Wrong]:
    """A standard or signal that, through after, before, each and the like, waits for itself."""
    paths: dict[str, Path] = {}
    edges: dict[str, list[str]] = {}
    for name, signal in edition.signals.items():
        paths[name] = ("signals", name)
        edges[name] = [target for node in signal.nodes() for _, target in node.names]
    for path, standard in standards_in(edition):
        if isinstance(standard.detect, Predicate):
            paths[standard.standard] = (*path, "detect")
            edges[standard.standard] = [
                target for node in standard.detect.nodes() for _, target in node.names
            ]
    done: set[str] = set()
    for start in edges:
        circle = _circle_from(start, edges, done)
        if circle:
            yield Wrong("reference_circle", paths[circle[0]], {"path": " -> ".join(circle)})


def _circle_from(start: str, edges: dict[str, list[str]], done: set[str]) -> list[str]:
    """The first circle reachable from here, once: names already walked are not walked again."""
    trail: list[str] = []
    stack: list[tuple[str, Iterator[str]]] = []

    def enter(name: str) -> None:
        trail.append(name)
        done.add(name)
        stack.append((name, iter(edges.get(name, ()))))

    if start in done:
        return []
    enter(start)
    while stack:
        _, targets = stack[-1]
        target = next(targets, None)
        if target is None:
            stack.pop()
            trail.pop()
        elif target in trail:
            return [*trail[trail.index(target) :], target]
        elif target not in done:
            enter(target)
    return []


def _measure(standard: Standard, path: Path) -> Iterator[Wrong]:
    if not isinstance(standard.detect, Predicate):
        return
    timed = standard.detect.kind in ("first_reply_seconds", "longest_silence_seconds")
    if isinstance(standard.measure, ScaleMeasure):
        yield Wrong("detect_on_scale", (*path, "detect"))
    elif standard.detect.each and isinstance(standard.measure, CountMeasure):
        yield Wrong("each_with_count", (*path, "detect", "each"))
    elif standard.detect.judge is not None and isinstance(standard.measure, CountMeasure):
        yield Wrong("judge_needs_yes_no", (*path, "measure"))
    elif timed and not isinstance(standard.measure, SecondsMeasure):
        yield Wrong("timed_needs_seconds", (*path, "measure"), {"kind": standard.detect.kind})
    elif isinstance(standard.measure, SecondsMeasure) and not timed:
        yield Wrong("seconds_need_timed", (*path, "detect"))
