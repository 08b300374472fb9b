"""What a gesture does to ratings, where not everybody rates.

Who rates is not drawn: a gesture may make the pleased speak, and then those who rated differ between the
sides though nobody is served better. Counting only them gives an interval that finds an effect where there is
none. So everybody who was drawn is counted, and those who said nothing once as badly and once as well as can
be: between the two lies what all of them would have said.

Source: Manski (1990), "Nonparametric bounds on treatment effects", American Economic Review 80(2):319-323.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gracja.engine.errors import EngineInputError
from gracja.engine.gesture.effect.bounded import Stage, difference

STARS: Final = (1.0, 2.0, 3.0, 4.0, 5.0)


@dataclass(frozen=True, slots=True)
class Rated:
    """Customers drawn with one share held out. open, held: how many gave each rating, in the order of the
    values; open_silent, held_silent: how many, whose days are over as well, gave none.
    """

    held_share: float
    open: tuple[int, ...]
    held: tuple[int, ...]
    open_silent: int
    held_silent: int


@dataclass(frozen=True, slots=True)
class RatingDifference:
    """low, high: of the mean rating of all where the gesture was open, minus of all where it was held out; at
    every look. There is no estimate: nobody knows what the silent would have said. open_mean, held_mean: of
    those who rated, which may be compared with nothing; None where nobody did.
    """

    low: float
    high: float
    open_mean: float | None
    held_mean: float | None
    open_raters: int
    held_raters: int


def rating_difference(
    stages: Sequence[Rated], values: Sequence[float] = STARS, *, level: float = 0.95
) -> RatingDifference | None:
    """What the gesture does to ratings, at worst and at best; None as `difference`.

    Raises EngineInputError: as `difference`.
    """
    for one in stages:
        if min(one.open_silent, one.held_silent) < 0:
            raise EngineInputError("count_out_of_range")
    each = (1 + level) / 2  # an end is wrong with half the probability, so that both are right at this level
    ends = [
        difference([_filled(one, last_is_open=best) for one in stages], values, level=each)
        for best in (False, True)
    ]
    worst, best = ends
    if worst is None or best is None:
        return None
    compared = [one for one in stages if 0 < one.held_share < 1]
    open_, held = (_sum([getattr(one, side) for one in compared]) for side in ("open", "held"))
    return RatingDifference(
        worst.low, best.high, _mean(open_, values), _mean(held, values), sum(open_), sum(held)
    )


def _filled(one: Rated, *, last_is_open: bool) -> Stage:
    """The silent of one side at the highest rating, those of the other at the lowest."""
    best, worst = ((one.open, one.open_silent), (one.held, one.held_silent))[:: 1 if last_is_open else -1]
    top = (*best[0][:-1], best[0][-1] + best[1])
    bottom = (worst[0][0] + worst[1], *worst[0][1:])
    return Stage(one.held_share, *((top, bottom) if last_is_open else (bottom, top)))


def _sum(rows: Sequence[Sequence[int]]) -> list[int]:
    return [sum(each) for each in zip(*rows, strict=True)]


def _mean(counts: Sequence[int], values: Sequence[float]) -> float | None:
    said = sum(counts)
    return sum(n * value for n, value in zip(counts, values, strict=True)) / said if said else None
