"""Conjugate gradients: several right sides at once, and what their steps tell of the matrix's logarithm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import eigh_tridiagonal

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats, Ints

_MOST_STEPS: Final = 2_000

Map = Callable[[Floats], Floats]
"""(n, k) -> (n, k)."""


@dataclass(frozen=True)
class Gradients:
    """found: (n, k) solutions. lengths, turns: (steps, k), how far each step went and how much of it the next
    one keeps; used: (k,) steps until a right side was solved.
    """

    found: Floats
    lengths: Floats
    turns: Floats
    used: Ints

    def matrices(self) -> list[tuple[Floats, Floats]]:
        """Of each right side the tridiagonal matrix of Lanczos: (diagonal, beside it).

        Source: Golub and Van Loan (2013), Matrix Computations, 11.3.5.
        """
        found = []
        for lengths, turns, used in zip(self.lengths.T, self.turns.T, self.used, strict=True):
            inverse, kept = 1 / lengths[:used], turns[: max(used - 1, 0)]
            found.append((inverse + np.append(0.0, kept * inverse[:-1]), np.sqrt(kept) * inverse[:-1]))
        return found


def gradients(product: Map, near: Map, right: Floats, error: float) -> Gradients:
    """Product^-1 times right sides (n, k), each to this relative error, near being about that inverse.

    Raises EngineInputError: rating_did_not_converge.
    """
    found, left, enough = np.zeros_like(right), right.copy(), error * np.linalg.norm(right, axis=0)
    toward = near(left)
    height = (left * toward).sum(axis=0)
    lengths: list[Floats] = []
    turns: list[Floats] = []
    used = np.zeros(right.shape[1], dtype=np.int64)
    for _ in range(_MOST_STEPS):
        open_still = np.linalg.norm(left, axis=0) > enough
        if not open_still.any():
            shape = (len(lengths), right.shape[1])
            return Gradients(found, np.reshape(lengths, shape), np.reshape(turns, shape), used)
        used += open_still
        moved = product(toward)
        step = _over(height, (toward * moved).sum(axis=0))
        found += step * toward
        left -= step * moved
        nearer = near(left)
        before, height = height, (left * nearer).sum(axis=0)
        turn = _over(height, before)
        toward = nearer + turn * toward
        lengths.append(step)
        turns.append(turn)
    raise EngineInputError("rating_did_not_converge", steps=_MOST_STEPS)


def of_logarithm(diagonal: Floats, beside: Floats) -> float:
    """First entry of the logarithm of a tridiagonal matrix."""
    values, vectors = eigh_tridiagonal(diagonal, beside)
    return float(vectors[0] ** 2 @ np.log(values))


def _over(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
