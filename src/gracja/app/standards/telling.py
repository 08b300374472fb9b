"""A standard in words: what is spoken in it, how it is measured, for whom it is."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gracja.engine.edition.model import CountMeasure, ScaleMeasure, SecondsMeasure, Standard
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.texts import LocalText, Phrases, in_language
from gracja.report.words import number

_SPOKEN: Final = re.compile(r"„[^”]*”|“[^”]*”|«[^»]*»|\"[^\"]*\"")
_PATTERN: Final = re.compile(r"[~*{}]")
_PHRASES_SHOWN: Final = 3


class Run(NamedTuple):
    """A stretch of a text: spoken words, or what is said about them."""

    text: str
    said: bool


def runs(text: str) -> list[Run]:
    """The text cut where somebody starts or stops speaking: words in quotes are spoken."""
    found: list[Run] = []
    at = 0
    for match in _SPOKEN.finditer(text):
        found += [Run(text[at : match.start()], said=False), Run(match[0], said=True)]
        at = match.end()
    return [run for run in (*found, Run(text[at:], said=False)) if run.text]


def measured(standard: Standard, lang: str) -> str:
    """How the standard is measured, in the active language; empty where it is met or not."""
    measure = standard.measure
    if isinstance(measure, ScaleMeasure):
        return " → ".join(in_language(anchor, lang) for anchor in measure.scale)
    if isinstance(measure, CountMeasure):
        least = measure.count_at_least
        return ngettext("at least %(count)s time", "at least %(count)s times", least) % {"count": least}
    if isinstance(measure, SecondsMeasure):
        return _within(measure.seconds_at_most, lang)
    return ""


def _within(seconds: float, lang: str) -> str:
    whole = int(seconds)
    if whole == seconds and whole % 3600 == 0:
        hours = whole // 3600
        return ngettext("within %(count)s hour", "within %(count)s hours", hours) % {"count": hours}
    if whole == seconds and whole % 60 == 0:
        minutes = whole // 60
        return ngettext("within %(count)s minute", "within %(count)s minutes", minutes) % {"count": minutes}
    return ngettext("within %(count)s second", "within %(count)s seconds", whole) % {
        "count": number(seconds, lang)
    }


def mode(standard: Standard) -> str:
    """When it is wanted: for everybody, or only at one end of the dial."""
    return {
        "any": _("for every customer"),
        "discreet": _("for a customer who wants peace"),
        "personal": _("for a customer who wants company"),
    }[standard.service_mode]


def examples(standard: Standard, side: str, lang: str) -> list[str]:
    """What it looks like met (`good`) or not (`bad`), as the company wrote it."""
    written: list[LocalText] = getattr(standard.examples, side, [])
    return [in_language(one, lang) for one in written]


def heard(standard: Standard, lang: str) -> list[str]:
    """Words by which its detector knows it, as they are spoken: whole phrases and model sentences only."""
    if not isinstance(standard.detect, Predicate):
        return []
    found: dict[str, None] = {}
    for node in standard.detect.nodes():
        for phrases in (node.like, node.agent_says):
            for phrase in _in(phrases, lang):
                if not _PATTERN.search(phrase) and " " in phrase:
                    found.setdefault(phrase)
    return list(found)[:_PHRASES_SHOWN]


def _in(phrases: Phrases | None, lang: str) -> list[str]:
    if phrases is None:
        return []
    return phrases.get(lang, []) if isinstance(phrases, dict) else phrases
