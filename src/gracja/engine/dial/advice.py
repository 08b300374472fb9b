"""What to do and what to hold back in a situation, from the rules and from the edition's standards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from gracja.engine.dial.load import Cost, cost_of
from gracja.engine.dial.overdose import moves_left
from gracja.engine.dial.reading import Reading, read_dial
from gracja.engine.dial.rules import BANDS, Band, Cue, SituationRules
from gracja.engine.dial.situation import Situation
from gracja.engine.edition.model import Channel, Edition, Standard
from gracja.engine.edition.texts import LocalText

GLANCE_DO: Final = 3
GLANCE_HOLD: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do or to hold back. source: cue, standard or rules; name: which of them."""

    text: LocalText
    source: Literal["cue", "standard", "rules"]
    name: str
    when: LocalText | None = None
    courtesy: bool = False  # asked of every contact, however personal


@dataclass(frozen=True, slots=True)
class Advice:
    """do, hold: most important first. within_reach: how to be there without being close; empty in the
    personal band. personal_moves: how many this contact bears. cost: of this band, in minutes beyond the
    shortest service; cost_if_personal: what the personal band would cost now.
    """

    reading: Reading
    do: tuple[Line, ...]
    hold: tuple[Line, ...]
    within_reach: tuple[Line, ...]
    personal_moves: int
    cost: Cost
    cost_if_personal: Cost

    def at_a_glance(self) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """Three lines to do and two to hold back, as the counter shows them; courtesy keeps one line."""
        courtesy = [line for line in self.do if line.courtesy][:1]
        others = [line for line in self.do if line not in courtesy]
        do = (*others[: GLANCE_DO - len(courtesy)], *courtesy)
        return do, self.hold[:GLANCE_HOLD]


def advise(
    situation: Situation,
    rules: SituationRules,
    edition: Edition | None = None,
    *,
    channel: Channel | None = None,
    moves_made: int = 0,
) -> Advice:
    """How personal to be, what to do and what to hold back.

    edition: the company's standards; without one only the rules speak. channel: only standards of it.
    moves_made: personal moves that this contact has already seen. Raises ManyInputErrors as
    `check_situation`.
    """
    reading = read_dial(situation, rules)
    cues = _weightiest_first(cue for cue in rules.cues if situation.cues.get(cue.cue, 0) > cue.over)
    standards = _standards(edition, channel)
    heard = [cue for cue in cues if BANDS.index(cue.do_from) <= BANDS.index(reading.band)]
    queue = situation.cues.get("queue", 0)
    do = [*_of_cues(heard, "do"), *_of_mode(standards, reading.band), *_courtesy(standards)]
    hold = [*_of_cues(cues, "hold")]
    if reading.band == "discreet":
        hold += _lines(one for one in standards if one.service_mode == "personal")
    reach: tuple[Line, ...] = ()
    if reading.band != "personal":
        discreet = _lines(one for one in standards if one.service_mode == "discreet")
        reach = tuple(discreet) or tuple(Line(text, "rules", "within_reach") for text in rules.within_reach)
    return Advice(
        reading,
        tuple(do),
        tuple(hold),
        reach,
        moves_left(moves_made, reading.band, rules),
        cost_of(reading.band, queue, rules),
        cost_of("personal", queue, rules),
    )


def _weightiest_first(cues: Iterable[Cue]) -> list[Cue]:
    return sorted(cues, key=lambda cue: (cue.ceiling is None, -abs(cue.points)))


def _of_cues(cues: list[Cue], field: Literal["do", "hold"]) -> Iterator[Line]:
    """One line of each cue in turn, so that no cue crowds out another."""
    lists = [(cue.cue, cue.do if field == "do" else cue.hold) for cue in cues]
    for index in range(max((len(lines) for _, lines in lists), default=0)):
        for name, lines in lists:
            if index < len(lines):
                yield Line(lines[index], "cue", name)


def _standards(edition: Edition | None, channel: Channel | None) -> list[Standard]:
    """The edition's standards of this channel: critical ones first, then by weight."""
    if edition is None:
        return []
    found = [one for _, _, one in edition.standards() if channel is None or channel in one.channels]
    return sorted(found, key=lambda one: (not one.critical, -one.weight))


def _of_mode(standards: list[Standard], band: Band) -> list[Line]:
    """Standards of the band's own mode; in the attentive band neither mode is asked for."""
    return _lines(one for one in standards if one.service_mode == band)


def _courtesy(standards: list[Standard]) -> list[Line]:
    basic = (one for one in standards if one.service_mode == "any" and one.rung == "base")
    return _lines(basic, courtesy=True)


def _lines(standards: Iterable[Standard], *, courtesy: bool = False) -> list[Line]:
    return [Line(one.behaviour, "standard", one.standard, one.when, courtesy) for one in standards]
