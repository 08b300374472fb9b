"""Cells of a spreadsheet of visits: marks, days and times, as people write them."""

from __future__ import annotations

import re
from datetime import datetime, time
from functools import cache
from typing import Any, Final, NamedTuple

from gracja.app.common.spreadsheet import read_day, read_time
from gracja.engine.conversations.outcome import WrongError
from gracja.engine.conversations.rating_sheet import Marking, marking_of
from gracja.engine.conversations.values import yes_or_no_in_cell
from gracja.engine.edition.model import ScaleMeasure, Standard
from gracja.engine.words.tokens import fold

YES: Final = frozenset(
    ("tak", "t", "yes", "y", "1", "x", "v", "✓", "✔", "true", "prawda", "spelnione", "met")
)
NO: Final = frozenset(("nie", "n", "no", "0", "false", "falsz", "niespelnione", "not met"))
NOT_APPLICABLE: Final = frozenset(
    ("nd", "n/d", "n.d.", "nie dotyczy", "na", "n/a", "n.a.", "not applicable", "does not apply")
)
NOT_SEEN: Final = frozenset(("", "?", "not seen", "nie widac", "nie bylo widac", "nie zaobserwowano"))
_UNITS: Final = {"scale": "step", "count": "count", "seconds": "seconds"}
_NUMBER: Final = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?")
_SECONDS: Final = re.compile(r"(\d{1,9}(?:[.,]\d{1,6})?) ?(?:s|sek|sek\.|sec|seconds?|sekund[ay]?)?")
_CLOCK: Final = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})")
_DAY: Final = re.compile(r"(\d{1,4}[./-]\d{1,2}[./-]\d{1,4})[ ,T]*")
NOON: Final = time(12)  # of a visit of which only the day is known


class Value(NamedTuple):
    """A mark as it is kept; see observations.models.Mark."""

    status: str
    value: float | None = None
    raw: float | None = None
    unit: str = ""


class WrongCellError(Exception):
    """A cell that cannot be read: a code of wording/refusals/observations.yaml, with facts."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class Marks:
    """Reads cells of marks; a cell that was read once is not read again."""

    def __init__(self, standard: Standard) -> None:
        self._marking: Marking = marking_of(standard)
        anchors = standard.measure.scale if isinstance(standard.measure, ScaleMeasure) else []
        self._steps = {
            fold(text.strip()): number
            for number, anchor in enumerate(anchors, start=1)
            for text in ([anchor] if isinstance(anchor, str) else anchor.values())
        }
        self.read = cache(self._read)

    def _read(self, cell: str) -> Value:
        """Raises WrongCellError: visit_na_not_allowed, visit_mark_unreadable (facts: expected)."""
        word = fold(cell.strip())
        if word in NOT_SEEN:
            return Value("not_seen")
        if word in NOT_APPLICABLE:
            if not self._marking.may_not_apply:
                raise WrongCellError("visit_na_not_allowed")
            return Value("not_applicable")
        if self._marking.kind == "yes_no":
            number = 1.0 if word in YES else 0.0 if word in NO else None
            value, raw, unit = number, None, ""
        else:
            number = raw = self._number(word)
            value = None if number is None else self._share_met(number)
            unit = _UNITS[self._marking.kind]
        if value is None:
            raise WrongCellError("visit_mark_unreadable", expected=self._marking.example)
        return Value("marked", value, raw, unit)

    def _share_met(self, number: float) -> float | None:
        """From 0 to 1; None for a number that this standard does not have."""
        kind, limit = self._marking.kind, self._marking.limit
        if kind == "seconds":
            return float(number <= limit)
        if not number.is_integer():
            return None
        if kind == "count":
            return float(number >= limit)
        return (number - 1) / (limit - 1) if 1 <= number <= limit else None

    def _number(self, word: str) -> float | None:
        """A number as either language writes it; a step of a scale by its words; 1:30 for ninety seconds."""
        if word in self._steps:
            return float(self._steps[word])
        if self._marking.kind == "seconds":
            if clock := _CLOCK.fullmatch(word):
                hours, minutes, seconds = (int(part or 0) for part in clock.groups())
                return float(3600 * hours + 60 * minutes + seconds)
            if spelled := _SECONDS.fullmatch(word):
                return float(spelled[1].replace(",", "."))
        return float(word.replace(",", ".")) if _NUMBER.fullmatch(word) else None


@cache
def moment_of(cell: str) -> tuple[datetime, bool]:
    """A day, or a day with its hour, without a zone unless the cell has one; and whether the hour is known.

    Day before month, unless the year comes first. Raises WrongCellError: visit_time_unreadable.
    """
    text = cell.strip()
    if (zoned := _with_zone(text)) is not None:
        return zoned, True
    found = _DAY.match(text)
    rest = text[found.end() :] if found else ""
    day = read_day(found[1] if found else text)
    if day is None:
        raise WrongCellError("visit_time_unreadable")
    return datetime.combine(day, hour_of(rest) if rest else NOON), bool(rest)


def hour_of(cell: str) -> time:
    """`17:30`, `17.30`, `17:30:05`. Raises WrongCellError: visit_time_unreadable."""
    hour = read_time(cell)
    if hour is None:
        raise WrongCellError("visit_time_unreadable")
    return hour


def _with_zone(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else None


def blind_of(cell: str) -> bool | None:
    """Whether the automatic mark had not been seen; None: the cell does not say. Raises WrongCellError:
    visit_blind_unreadable.
    """
    if cell.strip() in ("", "?"):
        return None
    try:
        return yes_or_no_in_cell(cell, "blind")
    except WrongError:
        raise WrongCellError("visit_blind_unreadable") from None
