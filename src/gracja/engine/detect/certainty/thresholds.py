"""From probabilities to marks: decide where at most so many decisions are wrong, abstain elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gracja.engine.detect.certainty.intervals import (
    Share,
    chance_of_so_few,
    exact_interval,
    least_decided,
)
from gracja.engine.errors import EngineInputError, Where

MOST_WRONG: Final = 0.05
CONFIDENCE: Final = 0.90
# Confidence max(p, 1 - p) from which a mark is decided, in the order in which they are tested.
GRID: Final = tuple(round(1 - step / 200, 3) for step in range(1, 101))
# The first test is at the first value of the grid that leaves so many decisions: with 132 three may be wrong,
# with 45 none (ADR 0008 compares starts from 45 to 270).
_FIRST_TEST: Final = 132
_FIRST_TEST_SHARE: Final = 0.6  # fewer where there are few marks

ABSTAINED: Final = -1
_ROUNDING: Final = 1e-12


@dataclass(frozen=True)
class Thresholds:
    """Marked 1 from `high` up, 0 from `low` down, else abstained; what that rests on.

    low, high: probabilities, low = 1 - high; both None where no pair gives the guarantee: then every mark
    is abstained. marks, decided, wrong: of the calibration sample. most_wrong, confidence: the guarantee,
    "with `confidence`, at most `most_wrong` of decided marks are wrong".
    """

    low: float | None
    high: float | None
    marks: int
    decided: int
    wrong: int
    most_wrong: float
    confidence: float


def choose_thresholds(
    probability: ArrayLike,
    met: ArrayLike,
    *,
    again: ArrayLike | None = None,
    pool: ArrayLike | None = None,
    most_wrong: float = MOST_WRONG,
    confidence: float = CONFIDENCE,
) -> Thresholds:
    """The pair on the grid that decides most while P(more than `most_wrong` are wrong) <= 1 - `confidence`.

    probability, met: shape (marks,), of marks drawn at random that did not train the detector. again: the
    same marks' probabilities by the map that will be used, where `probability` is cross-fitted; a pair must
    then pass with both. pool: probabilities of other contacts, without marks: they say where testing starts.
    Without it the sample's own say so.

    Exact for a map fixed before the marks, with a pool independent of them, or without one if deciding more
    never lowers the share that is wrong; for a fitted map (every card) simulated, not proved (ADR 0008).

    Learn then Test: fixed-sequence testing of exact binomial p-values from the surest decisions outward.
    Raises EngineInputError: shape_mismatch, probability_out_of_range, level_out_of_range.
    Source: Angelopoulos, Bates, Candès, Jordan & Lei (2021), arXiv 2110.01052.
    """
    chance, label = checked(probability, met)
    for name, share in (("most_wrong", most_wrong), ("confidence", confidence)):
        if not 0 < share < 1:
            raise EngineInputError("level_out_of_range", Where(field=name), given=share)
    decided, wrong = _counts(chance, label)
    passed = chance_of_so_few(wrong, decided, most_wrong) <= 1 - confidence + _ROUNDING
    fewest = decided
    if again is not None:
        decided_again, wrong_again = _counts(*checked(again, met))
        passed &= chance_of_so_few(wrong_again, decided_again, most_wrong) <= 1 - confidence + _ROUNDING
        fewest = np.minimum(decided, decided_again)
    start = _start(fewest, len(chance), pool, least_decided(most_wrong, confidence))
    failed = np.flatnonzero(~passed[start:])
    last = start + (failed[0] if len(failed) else len(GRID) - start) - 1
    if last < start:
        return Thresholds(None, None, len(chance), 0, 0, most_wrong, confidence)
    high = GRID[last]
    return Thresholds(
        round(1 - high, 3), high, len(chance), int(decided[last]), int(wrong[last]), most_wrong, confidence
    )


def decide(probability: ArrayLike, thresholds: Thresholds) -> NDArray[np.int8]:
    """1 met, 0 not met, -1 abstained (ABSTAINED), in the shape of `probability`."""
    chance = np.asarray(probability, dtype=np.float64)
    if thresholds.high is None:
        return np.full(chance.shape, ABSTAINED, dtype=np.int8)
    sure = _sureness(chance) >= thresholds.high
    return np.where(sure, chance >= 0.5, ABSTAINED).astype(np.int8)


@dataclass(frozen=True)
class RarerClass:
    """How the decided marks do on the answer that people give more rarely.

    met: whether that answer is "met". wrong: share of its decided marks that the detector got wrong, with
    the 95 % interval. needed: decided marks of it that must be seen, all right, before its error can be
    said to be under `most_wrong`; with fewer it cannot be bounded.
    """

    met: bool
    wrong: Share
    needed: int

    @property
    def bounded(self) -> bool:
        return self.wrong.of >= self.needed


def rarer_class(probability: ArrayLike, met: ArrayLike, thresholds: Thresholds) -> RarerClass:
    """Error among decided marks of the rarer answer. Raises as `choose_thresholds`."""
    chance, label = checked(probability, met)
    rarer = bool(label.mean() < 0.5) if len(label) else True
    answer = decide(chance, thresholds)[label == rarer]
    decided = answer[answer != ABSTAINED]
    needed = least_decided(thresholds.most_wrong, thresholds.confidence)
    return RarerClass(rarer, exact_interval(int((decided != rarer).sum()), len(decided)), needed)


def _counts(
    chance: NDArray[np.float64], label: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many are decided, and how many of them wrongly, at each value of the grid."""
    above = _sureness(chance) >= np.asarray(GRID)[:, None]
    return above.sum(axis=1), (above & ((chance >= 0.5) != label)).sum(axis=1)


def _sureness(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """max(p, 1 - p), to six places, so that a probability stored in 32 bits is decided as it was."""
    return np.round(np.maximum(chance, 1 - chance), 6)


def checked(probability: ArrayLike, met: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Raises EngineInputError: shape_mismatch, probability_out_of_range."""
    chance = np.asarray(probability, dtype=np.float64)
    label = np.asarray(met)
    if chance.ndim != 1 or chance.shape != label.shape:
        raise EngineInputError(
            "shape_mismatch", Where(field="met"), expected=list(chance.shape), given=list(label.shape)
        )
    outside = ~((chance >= 0) & (chance <= 1))
    if outside.any():
        raise EngineInputError(
            "probability_out_of_range", Where(field="probability"), given=float(chance[outside][0])
        )
    return chance, label.astype(np.bool_)


def _start(decided: NDArray[np.int64], marks: int, pool: ArrayLike | None, least: int) -> int:
    """The first value of the grid to be tested: the first that leaves enough decisions to pass or fail."""
    enough = max(least, min(_FIRST_TEST, int(_FIRST_TEST_SHARE * marks)))
    expected = decided.astype(np.float64)
    if pool is not None and len(np.asarray(pool)):
        others = np.asarray(pool, dtype=np.float64)
        expected = (_sureness(others) >= np.asarray(GRID)[:, None]).mean(axis=1) * marks
    reached = np.flatnonzero(expected >= enough)
    return int(reached[0]) if len(reached) else len(GRID) - 1
