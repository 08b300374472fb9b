"""How many contacts, reviews of each and evaluators it takes: the smallest design that is exact enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.grades import FEWEST_CONTACTS
from gracja.engine.measure.planning.grounds import Grounds
from gracja.engine.measure.planning.precision import (
    ASSURANCE,
    LEVEL,
    Effort,
    half_width,
    power_to_grade,
    power_to_tell_apart,
)

MOST_CONTACTS: Final = 5000
MOST_EVALUATORS: Final = 60
_USUAL_EVALUATORS: Final = (2, 3, 5, 8, 12, 20, 30)
_NARROWEST: Final = 0.002


@dataclass(frozen=True)
class Size:
    """A design that is enough. reached: the half-width or the power that it gives."""

    effort: Effort
    reached: float
    employees: int

    @property
    def reviews_of_each(self) -> int:
        """Of one employee."""
        return self.effort.contacts * self.effort.reviews

    @property
    def reviews(self) -> int:
        """Of all employees."""
        return self.reviews_of_each * self.employees


@dataclass(frozen=True)
class Question:
    """What a plan is for: `reach` of an effort, and what is enough. fewest: contacts to begin with."""

    grounds: Grounds
    reach: Callable[[Effort], float]
    enough: Callable[[float], bool]
    fewest: int = 1

    def size(self, evaluators: int, reviews: int = 1) -> Size | None:
        """The fewest contacts with so many evaluators; None where no number of contacts is enough."""

        def fine(contacts: int) -> bool:
            return self.enough(self.reach(Effort(contacts, evaluators, reviews)))

        if reviews > evaluators or not fine(MOST_CONTACTS):
            return None
        low, high = self.fewest - 1, MOST_CONTACTS
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if fine(middle) else (middle, high)
        effort = Effort(high, evaluators, reviews)
        return Size(effort, self.reach(effort), self.grounds.employees)

    def sizes(self, evaluators: int) -> list[Size]:
        """With these evaluators, and with other usual numbers of them; each contact reviewed once."""
        numbers = sorted({*_USUAL_EVALUATORS, evaluators})
        found = (self.size(number) for number in numbers)
        return [one for one in found if one is not None]

    def fewest_evaluators(self) -> int | None:
        """With which any number of contacts is enough; None where none is."""
        return next((n for n in range(1, MOST_EVALUATORS + 1) if self.size(n) is not None), None)


def to_narrow(grounds: Grounds, wanted: float, *, level: float = LEVEL) -> Question:
    """Half of the interval of an employee's base at most `wanted`, a share 0-1.

    Raises EngineInputError: plan_half_width_range.
    """
    if not _NARROWEST <= wanted < 0.5:
        raise EngineInputError("plan_half_width_range", given=wanted)
    return Question(
        grounds, lambda effort: half_width(grounds, effort, level=level), lambda reached: reached <= wanted
    )


def to_tell_apart(
    grounds: Grounds, low: float, high: float, power: float = 0.8, *, level: float = LEVEL
) -> Question:
    """Two employees who truly meet these shares are told apart with this power.

    Raises EngineInputError: plan_share_range, plan_levels_alike, plan_power_range.
    """
    low, high = _apart((low, high), power)
    return Question(
        grounds,
        lambda effort: power_to_tell_apart(grounds, effort, low, high, level=level),
        lambda reached: reached >= power,
    )


def to_grade(
    grounds: Grounds, share: float, bound: float, power: float = 0.8, *, assurance: float = ASSURANCE
) -> Question:
    """Who truly meets this share is known, with this power, to be on their side of a grade's bound.

    Raises EngineInputError: plan_share_range, plan_levels_alike, plan_power_range.
    """
    _apart((share, bound), power)
    return Question(
        grounds,
        lambda effort: power_to_grade(grounds, effort, share, bound, assurance=assurance),
        lambda reached: reached >= power,
        fewest=FEWEST_CONTACTS,
    )


def _apart(shares: Iterable[float], power: float) -> tuple[float, float]:
    low, high = sorted(shares)
    if not 0 < low <= high < 1:
        raise EngineInputError("plan_share_range", given=low if low <= 0 else high)
    if high - low < _NARROWEST:
        raise EngineInputError("plan_levels_alike", low=low, high=high)
    if not 0.5 <= power < 1:
        raise EngineInputError("plan_power_range", given=power)
    return low, high
