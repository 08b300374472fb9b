"""Exact binomial limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, betaincinv


@dataclass(frozen=True)
class Share:
    """A share of `of` with its interval; null where nothing was counted, because "not seen" is not 0."""

    value: float | None
    low: float | None
    high: float | None
    of: int


def exact_interval(count: int, of: int, *, level: float = 0.95) -> Share:
    """The two-sided Clopper-Pearson interval of a share: covers at least `level` of the time, whatever it is.

    Source: Clopper & Pearson (1934), Biometrika 26:404.
    """
    if of == 0:
        return Share(None, None, None, 0)
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, of - count + 1, tail))
    high = 1.0 if count == of else float(betaincinv(count + 1, of - count, 1 - tail))
    return Share(count / of, low, high, of)


def chance_of_so_few(wrong: ArrayLike, decided: ArrayLike, share: float) -> NDArray[np.float64]:
    """P(at most `wrong` of `decided` | each is wrong with chance `share`): the exact one-sided p-value.

    wrong, decided: counts, same shape; 1 where nothing was decided.
    """
    few, many = np.broadcast_arrays(np.asarray(wrong, dtype=np.float64), np.asarray(decided))
    return np.where(many > 0, bdtr(few, np.maximum(many, 1), share), 1.0)


def least_decided(share: float, confidence: float) -> int:
    """How many decisions without one error show that at most `share` are wrong: 45 for 5 % at 90 %."""
    return int(np.ceil(np.log1p(-confidence) / np.log1p(-share) - 1e-9))
