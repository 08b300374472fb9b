"""The journey as it is drawn: equal columns, and the customer's feeling as a curve above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from gracja.app.standards.selectors.drafts import Station
from gracja.engine.edition.texts import in_language

MIDDLE: Final = 64  # px from the top of the picture: neither well nor badly
PER_POINT: Final = 0.42  # px of one point of feeling
_LONGEST_SAID: Final = 34


@dataclass(frozen=True)
class Knob:
    """A part on the curve."""

    station: Station
    title: str
    x: str  # "7.14%"
    y: float
    feeling: int
    drawn: bool  # by the author; else it waits in the middle
    open: bool
    address: str
    thought: str
    thought_y: str

    @property
    def cy(self) -> str:
        """As SVG writes it, whatever the language."""
        return f"{self.y:.1f}"


@dataclass(frozen=True)
class Journey:
    knobs: tuple[Knob, ...]
    path: str  # in a box of 100 x 124
    said: tuple[Knob, ...]  # whose thought is written beside the curve
    width: str  # normal, wide or widest: how much it scrolls

    @property
    def drawn(self) -> bool:
        return any(knob.drawn for knob in self.knobs)


def drawn(stations: list[Station], *, open_id: str, address: str, language: str) -> Journey:
    """address: of a part, with PART in place of its id."""
    knobs = tuple(_knob(one, len(stations), open_id, address, language) for one in stations)
    width = "normal" if len(knobs) <= 7 else "wide" if len(knobs) <= 10 else "widest"
    return Journey(knobs, _curve(knobs), _said(knobs), width)


def _knob(station: Station, count: int, open_id: str, address: str, language: str) -> Knob:
    part: dict[str, Any] = station.part
    feeling = station.feeling or 0
    y = MIDDLE - feeling * PER_POINT
    thought = in_language(part["thought"], language) if part.get("thought") else ""
    if len(thought) > _LONGEST_SAID:
        thought = thought[: _LONGEST_SAID - 1].rstrip() + "…"
    return Knob(
        station=station,
        title=in_language(part["title"], language),
        x=f"{100 * (station.place - 0.5) / count:.2f}%",
        y=round(y, 1),
        feeling=feeling,
        drawn=station.feeling is not None,
        open=station.id == open_id,
        address=address.replace("PART", station.id),
        thought=thought,
        thought_y=f"{y - 14 if feeling >= 0 else y + 24:.1f}",
    )


def _curve(knobs: tuple[Knob, ...]) -> str:
    """Through every knob, level at each, as a hand would draw it."""
    xs = [100 * (knob.station.place - 0.5) / len(knobs) for knob in knobs]
    ys = [knob.y for knob in knobs]
    steps = [f"M0,{ys[0]} L{xs[0]:.2f},{ys[0]}"]
    for at in range(1, len(xs)):
        middle = (xs[at - 1] + xs[at]) / 2
        steps.append(f"C{middle:.2f},{ys[at - 1]} {middle:.2f},{ys[at]} {xs[at]:.2f},{ys[at]}")
    return " ".join([*steps, f"L100,{ys[-1]}"])


def _said(knobs: tuple[Knob, ...]) -> tuple[Knob, ...]:
    """The best moment, the worst, and the open part: more words would cover one another."""
    spoken = [knob for knob in knobs if knob.thought]
    if not spoken:
        return ()
    best = max(spoken, key=lambda one: one.feeling)
    worst = min(spoken, key=lambda one: one.feeling)
    return tuple(knob for knob in spoken if knob in (best, worst) or knob.open)
