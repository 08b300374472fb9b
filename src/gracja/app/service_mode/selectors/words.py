"""Advice in words, for pages and programs."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language

from gracja.app.service_mode.selectors.asking import Told
from gracja.engine.dial.advice import Advice, Line
from gracja.engine.dial.reading import Reason
from gracja.engine.gesture.fitting import fitting_gestures
from gracja.wording import say
from gracja.wording.advice import say_band, say_cost, say_line, say_reason


@dataclass(frozen=True, slots=True)
class Said:
    """Each reason with its sentence, each line with its name and its words."""

    advice: Advice
    band: str
    reasons: list[tuple[Reason, str]]
    do: list[tuple[str, str]]
    hold: list[tuple[str, str]]
    within_reach: list[tuple[str, str]]
    gestures: list[tuple[str, str]]
    cost: str
    edition: str


def name_of(line: Line) -> str:
    """A line as it is recorded: `cue:hurried`, `standard:greet`."""
    return f"{line.source}:{line.name}"


def gestures_available(told: Told) -> list[str]:
    """Kinds of gestures that fit; whether a policy is open and has budget is asked elsewhere."""
    cues = [cue for cue, count in told.cues.items() if count]
    allowed = told.edition is None or told.edition.allows_gestures
    fits = fitting_gestures(told.advice.reading.band, cues, edition_allows=allowed)
    return [one.kind for one in fits if one.fits]


def said(told: Told, language: str | None = None, *, at_a_glance: bool = False) -> Said:
    """The advice in this language, else in the reader's. at_a_glance: only what the counter shows."""
    lang = language or (get_language() or settings.LANGUAGE_CODE)[:2]
    advice = told.advice

    def lines(given: tuple[Line, ...]) -> list[tuple[str, str]]:
        return [(name_of(line), say_line(line, lang)) for line in given]

    do, hold = advice.at_a_glance() if at_a_glance else (advice.do, advice.hold)
    return Said(
        advice,
        say_band(advice.reading.band, lang),
        [(one, say_reason(one, advice.reading, lang)) for one in advice.reading.reasons],
        lines(do),
        lines(hold),
        lines(advice.within_reach),
        [(kind, say(f"kind_{kind}", lang, area="gesture")) for kind in gestures_available(told)],
        say_cost(advice.cost_if_personal, lang),
        f"{told.edition.id}@{told.edition.version}" if told.edition else "",
    )
