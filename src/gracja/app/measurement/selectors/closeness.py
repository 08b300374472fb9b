"""Coldness and overdose: contacts that were too distant or too close, by place and part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gracja.app.measurement.models import PartFit, Run
from gracja.app.organisation.access import places_where
from gracja.app.organisation.models import Place, User
from gracja.app.standards.selectors.reading import document_of
from gracja.engine.measure.share import share_met_interval


@dataclass(frozen=True, slots=True)
class Side:
    """How many contacts were on one side, and what share that is, with its interval.

    share, low, high: 0-1; None where of no contact it is known what was wanted. example: the newest such
    conversation; empty where there is none to show.
    """

    count: int
    share: float | None
    low: float | None
    high: float | None
    example: str = ""

    @property
    def ends(self) -> tuple[float, float] | None:
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def width(self) -> str:
        """Of 100, as SVG writes a length."""
        return f"{100 * (self.share or 0):.2f}"


@dataclass(frozen=True, slots=True)
class Closeness:
    """title: of the part, None for the contact as a whole. judged: contacts of which it is known what was
    wanted; unknown: of which it is not. wanted_close, wanted_distance: how many of the judged surely wanted
    it, None in a measurement made before it was counted. of_close: the distant as a share of those who wanted
    closeness; of_distance: the close of those who wanted distance.
    """

    title: Any
    judged: int
    unknown: int
    distant: Side
    fitting: Side
    close: Side
    wanted_close: int | None = None
    wanted_distance: int | None = None
    of_close: Side | None = None
    of_distance: Side | None = None

    @property
    def close_from(self) -> str:
        """Where the too close begin on a bar of 100."""
        return f"{100 * (1 - (self.close.share or 0)):.2f}"


@dataclass(frozen=True, slots=True)
class PlaceCloseness:
    """place: None for marks without one. whole: of all its parts together."""

    place: Place | None
    whole: Closeness
    parts: tuple[Closeness, ...]


def closeness_of_places(*, by: User, run: Run) -> list[PlaceCloseness]:
    """Each place where `by` may read results, by name; what has no place only for those who may
    read them in the whole company. Empty where no standard of a mode was marked.
    """
    where = places_where(by, "result.read")
    rows = run.part_fits.select_related("place")
    if where:
        rows = rows.filter(place__in=Place.objects.filter(where))
    found: dict[int | None, dict[str, PartFit]] = defaultdict(dict)
    for row in rows:
        found[row.place_id][row.part] = row
    titles = {part.part: part.title for part in document_of(run.edition).sequence}
    shown = [
        PlaceCloseness(
            of[""].place,
            _closeness(None, of[""]),
            tuple(_closeness(title, of[part]) for part, title in titles.items() if part in of),
        )
        for of in found.values()
        if "" in of
    ]
    return sorted(shown, key=lambda one: (one.place is None, one.place.name if one.place else ""))


def whole_of(places: Iterable[PlaceCloseness]) -> Closeness:
    """All of them together."""
    wholes = [one.whole for one in places]
    return _sides(
        None,
        sum(one.judged for one in wholes),
        sum(one.unknown for one in wholes),
        sum(one.distant.count for one in wholes),
        sum(one.close.count for one in wholes),
        (_all(one.wanted_close for one in wholes), _all(one.wanted_distance for one in wholes)),
    )


def _all(counts: Iterable[int | None]) -> int | None:
    """Their sum; None where one of them was not counted."""
    found = list(counts)
    return None if None in found else sum(count or 0 for count in found)


def _closeness(title: Any, row: PartFit) -> Closeness:
    return _sides(
        title,
        row.judged,
        row.unknown,
        row.distant,
        row.close,
        (row.wanted_close, row.wanted_distance),
        examples=(row.distant_in, row.close_in),
    )


def _among(count: int, wanted: int | None) -> Side | None:
    """A share of those who surely wanted it; None where none of them is known."""
    if not wanted:
        return None
    interval = share_met_interval([count], [wanted])
    return Side(count, float(interval.share[0]), float(interval.low[0]), float(interval.high[0]))


def _sides(
    title: Any,
    judged: int,
    unknown: int,
    distant: int,
    close: int,
    wanted: tuple[int | None, int | None],
    *,
    examples: tuple[str, str] = ("", ""),
) -> Closeness:
    counts = (distant, judged - distant - close, close)
    if judged:
        interval = share_met_interval(counts, [judged] * len(counts))
        ends = zip(interval.share, interval.low, interval.high, (examples[0], "", examples[1]), strict=True)
        sides = [
            Side(count, float(share), float(low), float(high), example)
            for count, (share, low, high, example) in zip(counts, ends, strict=True)
        ]
    else:
        sides = [Side(0, None, None, None) for _ in counts]
    return Closeness(
        title,
        judged,
        unknown,
        distant=sides[0],
        fitting=sides[1],
        close=sides[2],
        wanted_close=wanted[0],
        wanted_distance=wanted[1],
        of_close=_among(distant, wanted[0]),
        of_distance=_among(close, wanted[1]),
    )
