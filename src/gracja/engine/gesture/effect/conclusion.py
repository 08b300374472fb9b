"""What follows: does the gesture work, what does a returned customer cost, stop or go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gracja.engine.errors import EngineInputError
from gracja.engine.gesture.effect.bounded import Difference, Stage, difference, split_is_broken

Verdict = Literal["nobody_held_out", "split_broken", "too_early", "works", "harms", "too_small", "go_on"]


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one customer who returned and would not have without the gesture, in minor units of the currency.

    each: None where no more returned. high: None where it has no upper limit yet.
    """

    each: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """verdict: nobody_held_out and split_broken: nothing can be concluded; too_early: nobody on one side yet;
    works: more return; harms: fewer do; too_small: even the largest plausible effect is not worth it, stop;
    go_on: not known yet. effect, cost: None where nothing can be said.
    """

    verdict: Verdict
    effect: Difference | None
    cost: Cost | None


def does_it_work(
    stages: Sequence[Stage], *, spent_minor: int, worthwhile: float, level: float = 0.95
) -> Conclusion:
    """Whether more customers return where the gesture was open to them than where it was held out.

    stages: see `difference`, each customer a yes or no. spent_minor: what was spent on those it was open to,
    in minor units. worthwhile: the smallest rise of the share who return that pays for the gesture, such as
    0.02. Asked every day for years, `works` or `harms` is said of a gesture without effect with probability
    at most 1 - level, and `too_small` of a worthwhile one, likewise.
    Raises EngineInputError: as `difference`, cost_out_of_range, worthwhile_out_of_range (facts: given).
    """
    if spent_minor < 0:
        raise EngineInputError("cost_out_of_range", given=spent_minor)
    if not 0 < worthwhile <= 1:
        raise EngineInputError("worthwhile_out_of_range", given=worthwhile)
    effect = difference(stages, level=level)
    if split_is_broken(stages):
        return Conclusion("split_broken", None, None)
    compared = [stage for stage in stages if 0 < stage.held_share < 1]
    if not compared:
        return Conclusion("nobody_held_out", None, None)
    if effect is None:
        somebody = all(any(sum(getattr(one, side)) for one in compared) for side in ("open", "held"))
        return Conclusion("split_broken" if somebody else "too_early", None, None)
    return Conclusion(_verdict(effect, worthwhile), effect, _cost(effect, spent_minor))


def _verdict(effect: Difference, worthwhile: float) -> Verdict:
    if effect.high < 0:
        return "harms"
    if effect.high < worthwhile:
        return "too_small"
    return "works" if effect.low > 0 else "go_on"


def _cost(effect: Difference, spent_minor: int) -> Cost:
    def of(more: float) -> int | None:
        return round(spent_minor / (effect.open_customers * more)) if more > 0 else None

    return Cost(of(effect.estimate), of(effect.high), of(effect.low))
