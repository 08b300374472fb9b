"""The dial's reasons and lines in words, whole sentences in one language."""

from __future__ import annotations

from functools import lru_cache

from gracja.engine.dial.advice import Line
from gracja.engine.dial.load import Cost
from gracja.engine.dial.reading import Reading, Reason
from gracja.engine.edition.texts import in_language
from gracja.wording.sentences import say


@lru_cache(maxsize=4096)
def _said(key: str, lang: str, *facts: tuple[str, str | float]) -> str:
    """A sentence of the dial: of an edition and its rules there are few, and each is said again and again."""
    return say(key, lang, area="dial", **dict(facts))


def say_band(band: str, lang: str) -> str:
    return _said(f"band_{band}", lang)


def say_reason(reason: Reason, reading: Reading, lang: str) -> str:
    """Why this step of the dial, in one sentence or two."""
    why = in_language(reason.text, lang) if reason.text else ""
    title = in_language(reason.title, lang) if reason.title else ""
    if reason.what == "start":
        return _said(f"start_{reason.name}", lang, ("points", reason.points))
    if reason.what == "limit":
        return _said("limit_low" if reason.points > 0 else "limit_high", lang)
    if reason.what == "ceiling":
        return _said("ceiling", lang, ("why", why), ("dial", reading.dial))
    if reason.what == "occupation":
        return _said("occupation", lang, ("title", title), ("why", why))
    if reason.count is None:
        return _said("cue", lang, ("why", why))
    title = title[:1].upper() + title[1:]
    return _said("cue_counted", lang, ("title", title), ("count", reason.count), ("why", why))


def say_line(line: Line, lang: str) -> str:
    """What to do or hold back; a standard with its situation."""
    text = in_language(line.text, lang)
    if line.when is None:
        return text
    return _said("line_when", lang, ("text", text), ("when", in_language(line.when, lang)))


def say_cost(cost: Cost, lang: str) -> str:
    """What personal service costs now, in minutes."""
    if cost.others_minutes == 0:
        return _said("cost_personal_alone", lang, ("own", cost.own_minutes))
    key = "cost_personal_at_least" if cost.at_least else "cost_personal"
    return _said(key, lang, ("own", cost.own_minutes), ("others", cost.others_minutes))
