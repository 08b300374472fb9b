"""Which Polish verbs say the same of a done and of an undone doing: *zgłosić* and *zgłaszać*.

Morfeusz knows a verb's aspect, not its partner. Partners come from two sources: a table written by hand
(`aspect_pairs.txt`: *dzwonić*, *zadzwonić*) and the regular endings of `aspect_endings` (*zgłosić*,
*zgłaszać*), kept where both verbs stand in Morfeusz's dictionary with opposite aspects. A wrong partner
finds what nobody meant, a missing one can be written beside: so in doubt there is none. Where Morfeusz
is missing only the table holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from gracja.engine.words import aspect_endings
from gracja.engine.words.morfeusz import morfeusz


def _lines(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in text.split("\n") if line and not line.startswith("#"))


def listed_pairs() -> tuple[tuple[str, ...], ...]:
    """Each imperfective verb of the table with its perfective partners, as it stands there."""
    table = files("gracja.engine.words").joinpath("aspect_pairs.txt")
    return _lines(table.read_text(encoding="utf-8"))


def _listed() -> dict[str, frozenset[str]]:
    partners: defaultdict[str, set[str]] = defaultdict(set)
    for imperfective, *perfectives in listed_pairs():
        for perfective in perfectives:
            partners[imperfective].add(perfective)
            partners[perfective].add(imperfective)
    return {verb: frozenset(found) for verb, found in partners.items()}


_LISTED: Final = _listed()
_SOFT: Final = _lines(aspect_endings.SOFT)
_HARD: Final = _lines(aspect_endings.HARD)
_LONG: Final = _lines(aspect_endings.LONG)
_STEMS: Final = _lines(aspect_endings.STEMS)
_REFUSED: Final = frozenset(_lines(aspect_endings.REFUSED))
_TO_A: Final = str.maketrans("oó", "aa")
_VOWELS: Final = "aąeęioóuy"
# the prefix of the perfective verb, as its imperfective partner may have it
_PREFIXES: Final = {"ze": ("z", "s", "ś"), "z": ("s",), "wze": ("wz", "ws")}


@cache
def aspect_partners(verb: str) -> frozenset[str]:
    """The verbs of the other aspect with the same meaning; none for any word but a Polish infinitive.

    The relation is symmetric. *Się* does not show: partners of *umówić się* are those of *umówić*.
    """
    partners = set(_LISTED.get(verb, ()))
    partners.update(_imperfectives(verb))
    if "imperf" in _aspects(verb):
        partners.update(perf for perf in _perfectives_to_try(verb) if verb in _imperfectives(perf))
    return frozenset(partners)


@cache
def _aspects(verb: str) -> frozenset[str]:
    """The aspects that Morfeusz knows of an infinitive; none for any other word."""
    analyser = morfeusz()
    if analyser is None or not verb.endswith(("ć", "c")):
        return frozenset()
    return frozenset(
        aspect
        for _start, _end, (form, _lemma, tag, *_rest) in analyser.analyse(verb)
        if form == verb and tag.startswith("inf:")
        for aspect in tag.removeprefix("inf:").split(".")
    )


@cache
def _imperfectives(verb: str) -> frozenset[str]:
    """The imperfective verbs that regular endings make from a perfective one.

    None for a verb of the table: beside *mierzyć*, *zmierzyć* needs no other partner, and *zmierzać* is
    another verb. None for a verb of both aspects (*donosić*), which is its own partner or two verbs.
    """
    if verb in _LISTED or _aspects(verb) != {"perf"}:
        return frozenset()
    return frozenset(
        made
        for made in _imperfectives_to_try(verb)
        if "imperf" in _aspects(made) and (verb, made) not in _REFUSED
    )


def _imperfectives_to_try(verb: str) -> Iterator[str]:
    for perfective, imperfective in _matching(verb, 0, _SOFT):
        stem = verb.removesuffix(perfective)
        yield stem + imperfective
        turned = _with_a(stem)
        # *odradzać* belongs to *odradzić*, and not to *odrodzić*
        if turned != stem and "perf" not in _aspects(turned + perfective):
            yield turned + imperfective
    for perfective, imperfective in _matching(verb, 0, _HARD):
        yield verb.removesuffix(perfective) + imperfective
    if not (verb.startswith("po") and "imperf" in _aspects(verb.removeprefix("po"))):
        for perfective, imperfective in _matching(verb, 0, _LONG):
            yield verb.removesuffix(perfective) + imperfective
    for perfective, imperfective in _matching(verb, 0, _STEMS):
        prefix = verb.removesuffix(perfective)
        yield prefix + imperfective
        for shorter in _PREFIXES.get(prefix, (prefix.removesuffix("e"),)):
            yield shorter + imperfective


def _perfectives_to_try(verb: str) -> Iterator[str]:
    """Every verb from which `_imperfectives_to_try` may come to this one, and more."""
    for perfective, imperfective in _matching(verb, 1, _SOFT):
        stem = verb.removesuffix(imperfective)
        yield stem + perfective
        for vowel in "oó":
            yield _with_last_a_as(stem, vowel) + perfective
    for perfective, imperfective in _matching(verb, 1, (*_HARD, *_LONG)):
        yield verb.removesuffix(imperfective) + perfective
    for perfective, imperfective in _matching(verb, 1, _STEMS):
        prefix = verb.removesuffix(imperfective)
        yield prefix + perfective
        yield prefix + "e" + perfective
        for longer, shorter in _PREFIXES.items():
            if prefix in shorter:
                yield longer + perfective


def _matching(verb: str, side: int, endings: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, ...]]:
    return (pair for pair in endings if verb.endswith(pair[side]))


def _with_a(stem: str) -> str:
    """A stem with its last vowel turned to a, where it is o or ó."""
    at = max(map(stem.rfind, _VOWELS))
    return stem[:at] + stem[at:].translate(_TO_A) if at >= 0 else stem


def _with_last_a_as(stem: str, vowel: str) -> str:
    at = max(map(stem.rfind, _VOWELS))
    return stem[:at] + vowel + stem[at + 1 :] if at >= 0 and stem[at] == "a" else stem
