"""Whose marks follow the rating model, as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from gracja.app.measurement.models import Result

# A mean square that lies outside what chance leaves, and is off by a fifth: of very many marks a difference
# that nobody would notice is no chance either. Wright and Linacre (1994), Rasch Measurement Transactions
# 8:370, take 0.8 to 1.2 for what is at stake for people.
ERRATIC_FROM: Final = 1.2
REGULAR_UNTIL: Final = 0.8
# A standard tells people apart where its marks rise at least half as much with their measure as others' do.
TELLS_FROM: Final = 0.5


@dataclass(frozen=True, slots=True)
class Follows:
    """How well the marks of a subject follow the model: the engine's MODEL_FIT; None: not known yet.

    surprise: infit, 1 as expected; low, high: the range that chance leaves. slope: of a standard, how much
    its marks rise with the employee's measure, 1 as the model takes for granted.
    """

    marks: int = 0
    surprise: float | None = None
    low: float | None = None
    high: float | None = None
    slope: float | None = None
    slope_low: float | None = None
    slope_high: float | None = None

    @property
    def word(self) -> str:
        """unknown, expected, erratic or regular."""
        if self.surprise is None or self.low is None or self.high is None:
            return "unknown"
        if self.surprise > max(self.high, ERRATIC_FROM):
            return "erratic"
        if self.surprise < min(self.low, REGULAR_UNTIL):
            return "regular"
        return "expected"

    @property
    def tells_nobody_apart(self) -> bool:
        """Whether it is known of a standard that it hardly rises with who is better."""
        return self.slope_high is not None and self.slope_high < TELLS_FROM


def follows(result: Result | None) -> Follows:
    """As `Follows`; of a measurement made before it was kept nothing is known."""
    fit: dict[str, Any] = (result.model_fit if result else None) or {}
    if not fit:
        return Follows()
    return Follows(
        fit["marks"], fit["infit"], fit["infit_low"], fit["infit_high"],
        fit["slope"], fit["slope_low"], fit["slope_high"],
    )  # fmt: skip
