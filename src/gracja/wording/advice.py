"""The dial's reasons and lines in words, whole sentences in one language."""

from __future__ import annotations

from gracja.engine.dial.advice import Line
from gracja.engine.dial.load import Cost
from gracja.engine.dial.reading import Reading, Reason
from gracja.engine.edition.model import in_language
from gracja.wording.sentences import say


def say_band(band: str, lang: str) -> str:
    return say(f"band_{band}", lang, area="dial")


def say_reason(reason: Reason, reading: Reading, lang: str) -> str:
    """Why this step of the dial, in one sentence or two."""
    why = in_language(reason.text, lang) if reason.text else ""
    title = in_language(reason.title, lang) if reason.title else ""
    if reason.what == "start":
        return say(f"start_{reason.name}", lang, area="dial", points=reason.points)
    if reason.what == "limit":
        return say("limit_low" if reason.points > 0 else "limit_high", lang, area="dial")
    if reason.what == "ceiling":
        return say("ceiling", lang, area="dial", why=why, dial=reading.dial)
    if reason.what == "occupation":
        return say("occupation", lang, area="dial", title=title, why=why)
    if reason.count is None:
        return say("cue", lang, area="dial", why=why)
    title = title[:1].upper() + title[1:]
    return say("cue_counted", lang, area="dial", title=title, count=reason.count, why=why)


def say_line(line: Line, lang: str) -> str:
    """What to do or hold back; a standard with its situation."""
    text = in_language(line.text, lang)
    if line.when is None:
        return text
    return say("line_when", lang, area="dial", text=text, when=in_language(line.when, lang))


def say_cost(cost: Cost, lang: str) -> str:
    """What personal service costs now, in minutes."""
    if cost.others_minutes == 0:
        return say("cost_personal_alone", lang, area="dial", own=cost.own_minutes)
    key = "cost_personal_at_least" if cost.at_least else "cost_personal"
    return say(key, lang, area="dial", own=cost.own_minutes, others=cost.others_minutes)
