"""Turns of a conversation cut to what a reader needs, with the evidence marked.

Offsets are code points of the original text, so text is cut first and cleaned afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from gracja.engine.edition.model import Standard
from gracja.report.model import Line
from gracja.report.words import clean

Evidence = tuple[int, int, int]  # turn, start, end
Talk = Mapping[str, Any]

LONGEST: Final = 300
AROUND: Final = 110
MOST_TURNS: Final = 3


def evidence(talk: Talk, spots: Sequence[Evidence]) -> tuple[Line, ...]:
    """The turns that hold the evidence (at most two), each after the turn before it."""
    turns = talk["turns"]
    by_turn: dict[int, list[tuple[int, int]]] = {}
    for turn, start, end in spots:
        if 0 <= turn < len(turns) and 0 <= start < end <= len(turns[turn]["text"]):
            by_turn.setdefault(turn, []).append((start, end))
    lines: dict[int, Line] = {}
    for turn in sorted(by_turn)[:2]:
        if turn > 0 and turn - 1 not in lines and _spoken(turns[turn - 1]):
            lines[turn - 1] = _line(talk, turn - 1, ())
        lines[turn] = _line(talk, turn, _merged(by_turn[turn]))
    return tuple(lines[turn] for turn in sorted(lines))


def absence(
    talk: Talk, standard: Standard | None, evidence_of: Callable[[str], list[Evidence]]
) -> tuple[tuple[Line, ...], str]:
    """Where the behaviour was due, as near as the detector's own words say; else how the talk began."""
    turns = [at for at, turn in enumerate(talk["turns"]) if _spoken(turn)]
    detect = standard.detect if standard else "none"
    if detect != "none":
        for name in (detect.after, detect.before, detect.each):
            spots = evidence_of(name) if name else []
            if spots:
                near = [at for at in turns if at >= spots[0][0]][:MOST_TURNS]
                return tuple(_line(talk, at, ()) for at in near), "after"
        if detect.where and detect.where.last:
            return tuple(_line(talk, at, ()) for at in turns[-MOST_TURNS:]), "closing"
    return tuple(_line(talk, at, ()) for at in turns[:MOST_TURNS]), "opening"


def _spoken(turn: Mapping[str, Any]) -> bool:
    return turn["speaker"] != "system" and bool(turn["text"].strip())


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _line(talk: Talk, at: int, spans: Sequence[tuple[int, int]]) -> Line:
    turn = talk["turns"][at]
    text: str = turn["text"]
    start, end = _window(text, spans)
    pieces = [("… ", False)] if start else []
    here = start
    for low, high in spans:
        low, high = max(low, here), min(high, end)  # noqa: PLW2901 (the window may cut a long span)
        if low < high:
            pieces += [(text[here:low], False), (text[low:high], True)]
            here = high
    pieces.append((text[here:end], False))
    if end < len(text):
        pieces.append((" …", False))
    return Line(turn["speaker"], _cleaned(pieces), talk["language"])


def _cleaned(pieces: list[tuple[str, bool]]) -> tuple[tuple[str, bool], ...]:
    return tuple((clean(text), marked) for text, marked in pieces if text)


def _window(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The part of a long text to show: around the evidence, else its beginning; whole words."""
    if len(text) <= LONGEST:
        return 0, len(text)
    first, last = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    last = min(last, first + LONGEST)
    start = max(0, first - AROUND)
    end = min(len(text), max(last + AROUND, start + LONGEST - AROUND))
    if start:
        start = text.find(" ", start, first) + 1 or start
    if end < len(text):
        space = text.rfind(" ", last, end)
        end = space if space > 0 else end
    return start, end
