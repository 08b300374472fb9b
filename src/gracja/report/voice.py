"""One language's side of the report: what the templates call to speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gracja.engine.edition.texts import LocalText, in_language
from gracja.report import headline
from gracja.report.model import AT_THE_BORDER, Axis, Estimate, Example, Gap, PartView, Person, Report
from gracja.report.words import (
    day,
    number,
    odds,
    ordinal,
    percent,
    period,
    sentence,
    short_name,
    span,
    typeset,
)
from gracja.wording.sentences import catalogue


class Voice:
    def __init__(self, lang: str) -> None:
        self.lang = lang

    def say(self, key: str, /, **facts: Any) -> str:
        return sentence(key, self.lang, **facts)

    def has(self, key: str) -> bool:
        return key in catalogue("report")

    def text(self, text: LocalText | None) -> str:
        return typeset(in_language(text, self.lang), self.lang) if text else ""

    def pct(self, share: float) -> str:
        return percent(share, self.lang)

    def num(self, value: float) -> str:
        return number(value, self.lang)

    def span(self, low: float, high: float) -> str:
        return span(low, high)

    def period(self, start: datetime | None, end: datetime | None) -> str:
        return period(start, end, self.lang)

    # ---- Estimates
    def side(self, estimate: Estimate) -> str:
        return self.say(f"side_{estimate.side}")

    def odds(self, estimate: Estimate) -> str | None:
        """How sure, on the likelier side: `99 szans na 100, że powyżej`."""
        chance = estimate.chance
        if chance is None:
            return None
        key, sure = ("odds_above", chance) if chance >= 0.5 else ("odds_below", 1 - chance)
        return self.say(key, odds=odds(sure))

    def iv_label(self, what: str, estimate: Estimate) -> str:
        """What the interval mark says, in words."""
        if not estimate.numbers:
            return f"{what}: {self.say('not_measured')}"
        value, low, high = estimate.numbers
        return self.say(
            "iv_label",
            what=what,
            share=self.pct(value),
            low=self.pct(low),
            high=self.pct(high),
            level=self.pct(estimate.level),
            side=self.side(estimate)[:1].lower() + self.side(estimate)[1:],
        )

    # ---- The opening
    def headline(self, report: Report) -> list[str]:
        return [self.say(key, **facts) for key, facts in headline.headline(report)]

    def lead(self, report: Report) -> str | None:
        said = headline.lead(report)
        if said is None:
            return None
        key, facts = said
        return self.say(key, **(self._part_facts(facts["part"]) if "part" in facts else facts))

    def _part_facts(self, view: PartView) -> dict[str, str]:
        value, low, high = view.estimate.numbers or (0.0, 0.0, 0.0)
        shares = {"share": value, "low": low, "high": high, "level": view.estimate.level}
        return {"part": self.text(view.part.title), **{name: self.pct(at) for name, at in shares.items()}}

    def people_why(self, report: Report) -> str:
        key, _ = headline.people(report)
        return self.say(f"people_why_{key.removeprefix('headline_').removeprefix('people_')}")

    def sources(self, sources: Mapping[str, int]) -> list[str]:
        return [
            self.say(f"from_{source}" if self.has(f"from_{source}") else "from_other", contacts=count)
            for source, count in sources.items()
        ]

    # ---- People
    def place(self, person: Person, ranked: int) -> str:
        """A range of places in words, never one place as if it were certain."""
        if ranked == 1:
            return self.say("place_alone")
        low, high = person.rank_low, person.rank_high
        if low is None or high is None:
            return self.say("place_unknown")
        if low <= 1 and high >= ranked:
            return self.say("place_any")
        if low == high:
            return self.say("place_sure", place=ordinal(low, self.lang))
        return self.say("place_range", low=ordinal(low, self.lang), high=ordinal(high, self.lang))

    def needed(self, person: Person) -> str | None:
        if not person.needed:
            return None
        if person.needed > AT_THE_BORDER:
            return self.say("grade_border")
        return self.say("grade_needed", contacts=person.needed)

    def tier_title(self, tier: int, people: Sequence[Person], ranked: Sequence[Person]) -> str:
        """`alike` only where every range of places reaches over the whole group."""
        if len(people) == 1:
            return self.say("picture_tier_one", tier=tier)
        before = sum((person.tier or 1) < (people[0].tier or 1) for person in ranked)
        first, last = before + 1, before + len(people)
        alike = all(person.rank_low == first and person.rank_high == last for person in people)
        return self.say("picture_tier_alike" if alike else "picture_tier", tier=tier, people=len(people))

    # ---- Examples
    def about(self, example: Example) -> str:
        """Where a quote is from: channel, day, who marked it."""
        channel = f"channel_{example.channel}"
        parts = [
            self.say(channel) if self.has(channel) else example.channel,
            day(example.at, self.lang),
            self.say(f"example_source_{example.source}"),
        ]
        return ", ".join(part for part in parts if part)

    # ---- Gaps
    def gap(self, gap: Gap) -> tuple[str, str]:
        """What is not known, and why. A code without a sentence is shown with its facts."""
        facts = {name: _shown(value) for name, value in gap.facts.items()}
        for key in (f"gap_{gap.code}", gap.code):
            if self.has(key) and self.has(f"{key}_why"):
                return self.say(key, **facts), self.say(f"{key}_why", **facts)
        kind = "gap_note" if gap.code.startswith("note_") else "gap_measure"
        code = gap.code.split("_", 1)[1]
        listed = ", ".join(f"{name}: {value}" for name, value in facts.items())
        return self.say(kind, code=code), listed

    def short(self, name: str) -> str:
        return short_name(name)

    def ends(self, axis: Axis) -> tuple[str, str]:
        return str(round(100 * axis.low)), self.pct(axis.high)


def _shown(value: Any) -> Any:
    return value if isinstance(value, int | float | str | list | tuple) else str(value or "")
