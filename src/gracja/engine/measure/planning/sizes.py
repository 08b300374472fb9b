"""How many contacts, reviews of each and evaluators it takes: the smallest design that is exact enough.

Enough is what stays enough with more contacts. Of few marks an estimate lies near the company's average, and
where that is on the right side of a bound, few contacts seem to do what many do not.
"""

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
_STEP: Final = 1.5  # of contacts looked at; shorter dips than from one to the next may be overlooked


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
        """The fewest contacts, with so many evaluators, from which on all numbers are enough; None where 5000
        are not.
        """
        if not self._fine(MOST_CONTACTS, evaluators, reviews):
            return None
        high = MOST_CONTACTS
        low = max(int(high / _STEP), self.fewest - 1)
        while low >= self.fewest and self._fine(low, evaluators, reviews):
            low, high = max(min(int(low / _STEP), low - 1), self.fewest - 1), low
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._fine(middle, evaluators, reviews) else (middle, high)
        return self._size(high, evaluators, reviews)

    def carried_by_average(self, evaluators: int, reviews: int = 1) -> Size | None:
        """Where no number is enough from there on: the fewest contacts that seem to be, because so few marks
        leave an employee near the company's average, which happens to be on the right side. More contacts
        would take that away. None where none seem to be, or a number is enough.
        """
        if reviews > evaluators or self._fine(MOST_CONTACTS, evaluators, reviews):
            return None
        contacts = self.fewest
        while contacts < MOST_CONTACTS and not self._fine(contacts, evaluators, reviews):
            contacts = max(int(contacts * _STEP), contacts + 1)
        return None if contacts >= MOST_CONTACTS else self._size(contacts, evaluators, reviews)

    def _fine(self, contacts: int, evaluators: int, reviews: int) -> bool:
        return reviews <= evaluators and self.enough(self.reach(Effort(contacts, evaluators, reviews)))

    def _size(self, contacts: int, evaluators: int, reviews: int) -> Size:
        effort = Effort(contacts, evaluators, reviews)
        return Size(effort, self.reach(effort), self.grounds.employees)

    def sizes(self, evaluators: int) -> list[Size]:
        """With these evaluators, and with other usual numbers of them; each contact reviewed once."""
        numbers = sorted({*_USUAL_EVALUATORS, evaluators})
        found = (self.size(number) for number in numbers)
        return [one for one in found if one is not None]

    def fewest_evaluators(self) -> int | None:
        """With whom some number of contacts is enough, and every greater one; None where 60 are too few."""
        return next((n for n in range(1, MOST_EVALUATORS + 1) if self._fine(MOST_CONTACTS, n, 1)), None)


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

    The power may rise and fall again where the company's average is on the same side
    (`Question.carried_by_average`).

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
