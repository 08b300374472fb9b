"""Intervals as SVG that needs no style sheet: it takes the colour of the text around it, dark or light."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gracja.notebook.shown import Seen, axis_of, seen, title
from gracja.report.model import Axis
from gracja.report.words import percent, sentence
from gracja.wording import say

if TYPE_CHECKING:
    from gracja.notebook.results import Results

WIDTH: Final = 720
_NAMES: Final = 200
_NUMBERS: Final = 130
_ROW: Final = 26
_TOP: Final = 44
_RADIUS: Final = 4.5
_LONGEST_NAME: Final = 28
_MARK_WIDTH: Final = 160
_APART: Final = 90  # nearer to the level's words, the end of the axis would run into them
_LEVEL: Final = 'stroke-dasharray="2 3" opacity="0.6"'


@dataclass(frozen=True)
class Picture:
    """A drawing of results. A notebook shows it; `save` writes it as a file of SVG."""

    svg: str
    subjects: int

    def save(self, path: str | Path) -> None:
        """Write the drawing, UTF-8."""
        Path(path).write_text(self.svg, encoding="utf-8")

    def _repr_html_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<gracja picture of {self.subjects} intervals; save(path) writes SVG>"


def picture_of(results: Results, kind: str, measure: str) -> Picture:
    """Raises EngineInputError: choice_unknown."""
    rows, lang = seen(results, kind, measure), results.language
    axis, plot = axis_of(rows), WIDTH - _NAMES - _NUMBERS
    height = _TOP + _ROW * max(len(rows), 1) + 8
    label = f"{sentence(measure, lang)}. {title(results)}"
    drawn = [_text(0, 14, label, weight="bold")]
    ends = {0.0: (axis.low, "start"), float(plot): (axis.high, "end")}
    if rows and rows[0].graded:
        at = _at(axis.level, axis, plot)
        ends = {end: said for end, said in ends.items() if abs(end - at) > _APART}
        drawn.append(
            _text(_NAMES + at, 34, sentence("level", lang, share=percent(axis.level, lang)), anchor="middle")
        )
        drawn.append(_line(_NAMES + at, _TOP - 6, _NAMES + at, height - 6, _LEVEL))
    drawn += [
        _text(_NAMES + end, 34, percent(share, lang), anchor=anchor, opacity=0.7)
        for end, (share, anchor) in ends.items()
    ]
    for number, row in enumerate(rows):
        y = _TOP + _ROW * number + _ROW / 2
        numbers = f"{row.value(lang)} ({row.interval(lang)})"
        if row.estimate.numbers is None:
            numbers = sentence("not_measured", lang)
        drawn += [
            _text(0, y + 4, _short(row.name)),
            f'<g transform="translate({_NAMES} {y})">{_interval(row, axis, plot)}</g>',
            _text(WIDTH, y + 4, numbers, anchor="end"),
        ]
    if not rows:
        drawn.append(_text(0, _TOP + 14, say("nothing", lang, area="notebook")))
    return Picture(_svg(WIDTH, height, label, "".join(drawn)), len(rows))


def mark(row: Seen, axis: Axis) -> str:
    """The interval of one row, small enough to stand in a table."""
    inside = f'<g transform="translate(4 9)">{_interval(row, axis, _MARK_WIDTH - 8)}</g>'
    if row.graded:
        at = 4 + _at(axis.level, axis, _MARK_WIDTH - 8)
        inside += _line(at, 2, at, 16, 'opacity="0.6"')
    return _svg(_MARK_WIDTH, 18, "", inside)


def _interval(row: Seen, axis: Axis, width: float) -> str:
    """A line from low to high and a dot: full where the side of the level is known, else hollow."""
    base = _line(0, 0, width, 0, 'opacity="0.2"')
    if row.estimate.numbers is None:
        return base
    value, low, high = (_at(share, axis, width) for share in row.estimate.numbers)
    ends = ((low, value - _RADIUS), (value + _RADIUS, high))
    lines = "".join(_line(one, 0, other, 0, 'stroke-width="2"') for one, other in ends if other > one)
    full = "currentColor" if row.settled else "none"
    colours = f'fill="{full}" stroke="currentColor" stroke-width="1.5"'
    dot = f'<circle cx="{value:.1f}" cy="0" r="{_RADIUS}" {colours}/>'
    return base + lines + dot


def _at(share: float, axis: Axis, width: float) -> float:
    return float(axis.at(share).removesuffix("%")) * width / 100


def _svg(width: float, height: float, label: str, inside: str) -> str:
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" {named} font-family="system-ui, sans-serif" font-size="13" fill="currentColor">'
        f"{inside}</svg>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, more: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="currentColor" {more}/>'


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", weight: str = "normal", opacity: float = 1
) -> str:
    more = f'text-anchor="{anchor}" font-weight="{weight}" opacity="{opacity}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(text)}</text>'


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
