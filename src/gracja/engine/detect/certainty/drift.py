"""Do a detector's probabilities still look as they did when its card was made?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gracja.engine.detect.certainty.card import Card, spread
from gracja.engine.detect.certainty.intervals import chance_of_so_few
from gracja.engine.detect.certainty.thresholds import ABSTAINED, decide
from gracja.engine.errors import EngineInputError, Where

Verdict = Literal["steady", "recheck", "too_few", "too_few_then"]
Signal = Literal["scores", "decided", "mean"]

FALSE_ALARMS: Final = 0.01  # of all three signals together, when nothing has changed
LEAST: Final = 100  # contacts, then and now; a change that matters is not seen in fewer
# A change smaller than these is of no consequence, however many contacts make it significant.
_MATTERS: Final[dict[Signal, float]] = {"scores": 0.1, "decided": 0.05, "mean": 0.05}
_DRAWS: Final = 4000
_SEED: Final = 20_261_122
# A re-check succeeds with this chance where half as many as allowed are wrong.
_ASSURANCE: Final = 0.8
_MOST_MARKS: Final = 100_000


@dataclass(frozen=True)
class Drift:
    """A period against the card.

    verdict: `too_few` contacts in this period, `too_few_then`: without a mark, when the card was made.
    stability: population stability index of the 20 bins (0.1 is usually called moderate, 0.25 large).
    distance: greatest difference of the two cumulative shares (Kolmogorov-Smirnov), 0-1. signals: what has
    changed more than by chance and more than is of no consequence: `scores` (the index), `decided` (share
    decided), `mean` (share met that the probabilities promise). expected_wrong: share of decided marks that
    the probabilities themselves promise to be wrong; null where nothing is decided. marks_to_draw: fresh
    marks at random for a new card; 0 where steady.
    """

    standard: str
    detector: str
    contacts: int
    verdict: Verdict
    signals: tuple[Signal, ...]
    stability: float
    distance: float
    decided: float
    decided_then: float
    mean: float
    mean_then: float
    expected_wrong: float | None
    marks_to_draw: int


def compare(card: Card, probability: ArrayLike, *, false_alarms: float = FALSE_ALARMS) -> Drift:
    """probability: shape (contacts,), of one period, decided or abstained, from the card's detector.

    Critical values come from 4000 seeded draws of both samples from their common histogram, and each of the
    three signals has a third of `false_alarms`. Raises EngineInputError: probability_out_of_range.
    """
    chance = np.asarray(probability, dtype=np.float64)
    outside = ~((chance >= 0) & (chance <= 1))
    if outside.any():
        raise EngineInputError(
            "probability_out_of_range", Where(field="probability"), given=float(chance[outside][0])
        )
    then, now = card.scores, spread(chance, card.thresholds)
    before = np.asarray(then.histogram, dtype=np.float64)
    after = np.asarray(now.histogram, dtype=np.float64)
    decided = decide(chance, card.thresholds) != ABSTAINED
    doubt = np.minimum(chance, 1 - chance)[decided]
    few = _too_few(card, len(chance))
    signals = () if few else _signals(card, before, after, now.decided, chance, false_alarms / 3)
    verdict: Verdict = few or ("recheck" if signals else "steady")
    share = now.decided / len(chance) if len(chance) else 0.0
    at = card.thresholds
    return Drift(
        standard=card.about.standard,
        detector=card.about.detector,
        contacts=len(chance),
        verdict=verdict,
        signals=signals,
        stability=float(_stability(before, after)),
        distance=_distance(before, after),
        decided=share,
        decided_then=then.decided / then.count,
        mean=now.mean,
        mean_then=then.mean,
        expected_wrong=float(doubt.mean()) if len(doubt) else None,
        marks_to_draw=marks_to_draw(share, at.most_wrong, at.confidence) if verdict == "recheck" else 0,
    )


def _too_few(card: Card, contacts: int) -> Verdict | None:
    """Whether there is too little to compare, now or when the card was made.

    Another detector's probabilities are none: those of the folds of 150 marks, of a weak detector, looked
    like drift in one steady month of ten.
    """
    if contacts < LEAST:
        return "too_few"
    return "too_few_then" if card.scores.by_folds or card.scores.count < LEAST else None


def marks_to_draw(share_decided: float, most_wrong: float, confidence: float) -> int:
    """Fresh marks that show the guarantee again, four times in five, where half as many as allowed are wrong.

    With nothing decided as many as if all were: there are new thresholds to be found.
    """
    for decided in range(1, _MOST_MARKS):
        limit = _most_allowed(decided, most_wrong, confidence)
        if limit >= 0 and chance_of_so_few(limit, decided, most_wrong / 2) >= _ASSURANCE:
            return int(np.ceil(decided / share_decided)) if share_decided else decided
    return _MOST_MARKS


def _most_allowed(decided: int, most_wrong: float, confidence: float) -> int:
    """How many of `decided` may be wrong for the test to pass; -1 where not even none."""
    few = np.arange(int(decided * most_wrong) + 1)
    return int((chance_of_so_few(few, decided, most_wrong) <= 1 - confidence).sum()) - 1


def _signals(
    card: Card,
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    decided: int,
    chance: NDArray[np.float64],
    level: float,
) -> tuple[Signal, ...]:
    """Each compared with what two samples from one common source would show."""
    random = np.random.default_rng(_SEED)
    common = (before + after) / (before.sum() + after.sum())
    sizes = int(before.sum()), int(after.sum())
    first, second = (random.multinomial(size, common, _DRAWS).astype(np.float64) for size in sizes)
    middles = (np.arange(len(common)) + 0.5) / len(common)

    def means(counts: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(counts @ middles / counts.sum(axis=-1))

    both = (card.scores.decided + decided) / sum(sizes)
    drawn = [random.binomial(size, both, _DRAWS) / size for size in sizes]
    found: dict[Signal, float] = {
        "scores": float(_stability(before, after)),
        "decided": abs(decided / sizes[1] - card.scores.decided / sizes[0]),
        "mean": abs(float(chance.mean()) - card.scores.mean),
    }
    by_chance: dict[Signal, NDArray[np.float64]] = {
        "scores": _stability(first, second),
        "decided": np.abs(drawn[1] - drawn[0]),
        "mean": np.abs(means(second) - means(first)),
    }
    return tuple(
        signal
        for signal, value in found.items()
        if value >= _MATTERS[signal] and (np.sum(by_chance[signal] >= value) + 1) / (_DRAWS + 1) <= level
    )


def _stability(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of (q - p) ln(q / p) over bins, each with half a contact more, so that empty ones count too."""
    p = (before + 0.5) / (before.sum(axis=-1, keepdims=True) + before.shape[-1] / 2)
    q = (after + 0.5) / (after.sum(axis=-1, keepdims=True) + after.shape[-1] / 2)
    return np.asarray(((q - p) * np.log(q / p)).sum(axis=-1))


def _distance(before: NDArray[np.float64], after: NDArray[np.float64]) -> float:
    total = max(float(after.sum()), 1.0)
    return float(np.abs(np.cumsum(before) / before.sum() - np.cumsum(after) / total).max())
