"""What one pass over the cells tells at one point: slope and information, the height, and how the
information bends.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from gracja.engine.measure.cells.full import bend_full, not_met_full, read_full
from gracja.engine.measure.cells.layout import Layout
from gracja.engine.measure.cells.rows import Bends, Floats, Spread, Sums
from gracja.engine.measure.cells.scattered import bend_scattered, not_met_scattered, read_scattered
from gracja.engine.measure.cells.schur import take_mixed, take_slots

_FARTHEST: Final = 150.0  # logits: nothing lies beyond, and e^300 is still a number


def logits_of(layout: Layout, big: Floats, rest: Floats) -> tuple[Floats, Floats] | None:
    """((rows,) logits without the facet inside, (n_inner + 1,) its effects); None where they are absurd.

    big: (n_big,), rest: (n_rest,), in logits, the intercept last.
    """
    rows, padded = layout.rows, np.append(rest, 0.0)
    base = np.repeat(np.append(big, 0.0), np.diff(rows.big_rows)) + rest[-1]
    for place in range(rows.outer.shape[1]):
        base += padded[rows.outer[:, place]]
    inside = np.append(rest[layout.inside], 0.0)
    farthest = max(np.abs(base).max(initial=0.0), np.abs(inside).max())
    return (base, inside) if farthest < _FARTHEST else None


def read(layout: Layout, big: Floats, rest: Floats) -> Sums | None:
    """One pass at these effects in logits; None where they are absurd."""
    logits = logits_of(layout, big, rest)
    if logits is None:
        return None
    n_big, n_rest, n_inner = layout.n_big + 1, layout.n_rest + 1, layout.n_inner + 1
    around = n_rest if layout.rows.outer.shape[1] else 0  # of two facets nothing lies around
    sums = Sums(
        slope_big=np.zeros(n_big),
        weight_big=np.zeros(n_big),
        slope_outer=np.zeros(n_rest),
        weight_outer=np.zeros((around, around)),
        slope_inner=np.zeros(n_inner),
        weight_inner=np.zeros(n_inner),
        between=np.zeros((around, n_inner)),
        slots=np.zeros(len(layout.rows.slot_column)),
        block=np.zeros((n_big if layout.full else 0, n_inner)),
    )
    if layout.full:
        read_full(layout.rows, logits[0], np.exp(logits[1]), sums)
        sums.weight_inner[:] = sums.block.sum(axis=0)
    else:
        read_scattered(layout.rows, logits[0], np.exp(logits[1]), sums)
    sums.slope_outer[layout.inside] += sums.slope_inner[:-1]
    sums.slope_outer[n_rest - 2] = sums.slope_big.sum()
    if around:
        sums.weight_outer[n_rest - 2, n_rest - 2] = sums.weight_big.sum()
    return sums


def fit_of(layout: Layout, big: Floats, rest: Floats) -> float:
    """The log-likelihood at these effects in logits; minus infinity where they are absurd."""
    logits = logits_of(layout, big, rest)
    if logits is None:
        return -np.inf
    rows, (base, inside) = layout.rows, logits
    left = np.empty(rows.met.shape)
    if layout.full:
        not_met_full(base, np.exp(inside), left)
        met = float(rows.met.sum(axis=1) @ base + rows.met.sum(axis=0) @ inside)
    else:
        not_met_scattered(rows.row_cells, rows.inner, base, np.exp(inside), left)
        met = float(rows.met @ (np.repeat(base, np.diff(rows.row_cells)) + inside[rows.inner]))
    np.log(left, out=left)
    return met + float(np.vdot(rows.seen, left))


def reduced(layout: Layout, sums: Sums, theta: float) -> Floats:
    """(n_rest, n_rest): the information of the rest in logits, lower triangle, the largest facet eliminated.

    theta: standard deviation of the largest facet, logits.
    """
    rows, inside, last = layout.rows, layout.inside, layout.n_rest - 1
    weight_big = sums.weight_big[:-1]
    times = theta**2 / (1.0 + theta**2 * weight_big)
    around = rows.outer.shape[1] > 0
    if around:
        schur, mixed = np.ascontiguousarray(sums.weight_outer[:-1, :-1]), sums.between.copy()
    else:  # of two facets most is zero, and large
        schur, mixed = np.zeros((layout.n_rest, layout.n_rest)), np.zeros((1, layout.n_inner + 1))
        schur[last, last] = weight_big.sum() + sums.weight_big[-1]
    within, with_last = schur[inside, inside], mixed[last if around else 0]
    np.einsum("ii->i", within)[:] += sums.weight_inner[:-1]
    with_last[:] = sums.weight_inner
    if layout.full:
        block = sums.block[:-1, :-1]
        own = block * np.sqrt(times)[:, None]
        within -= own.T @ own
        take_mixed(mixed, times, rows, sums)
        with_last[:-1] -= (times * weight_big) @ block
    if around:
        schur[inside.stop :, inside] += mixed[inside.stop : -1, :-1]
        schur[inside, : rows.first] += mixed[: rows.first, :-1].T
    else:
        schur[last, inside] += with_last[:-1]
    take_slots(schur, times, rows, sums)
    return schur


def bent(
    layout: Layout, sums: Sums, big: Floats, rest: Floats, theta: float, spread: Floats
) -> tuple[Floats, Floats, Floats]:
    """How the log-determinant of the information changes with each effect, at the effects of these sums.

    spread: (n_rest + 1, n_rest + 1) covariance of the rest in logits, the last row and column 0. Returns
    (n_big,) and (n_rest,) of effects in logits, and the (n_big,) variances of the largest facet's spherical
    effects.
    """
    logits = logits_of(layout, big, rest)
    assert logits is not None, "a mode is never absurd"
    n_big, n_rest, n_inner = layout.n_big + 1, layout.n_rest + 1, layout.n_inner + 1
    bends = Bends(np.zeros(n_big), np.zeros(n_rest), np.zeros(n_inner), np.zeros(layout.n_big))
    crossed = sums.block[:-1, :-1] @ spread[layout.inside, layout.inside]
    about = Spread(spread, crossed, float(theta))
    bend = bend_full if layout.full else bend_scattered
    bend(layout.rows, logits[0], np.exp(logits[1]), sums, about, bends)
    bends.outer[layout.inside] += bends.inner[:-1]
    return bends.big[:-1], bends.outer[:-1], bends.variance
