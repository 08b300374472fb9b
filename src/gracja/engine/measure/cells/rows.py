"""What the compiled passes read and add to. numba takes named tuples of arrays as they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Places = NDArray[np.int32]


class Rows(NamedTuple):
    """Cells in the order in which a pass reads them.

    big_rows: (n_big + 2,) first row of each level of the largest facet; the last is of rows where it is not
    known. outer: (rows, outers) column among the rest, `n_rest` where none is known. The columns among the
    rest of the facet inside begin at `first`.

    Full rows have a place for every level inside, and one where none is known: met and seen are (rows,
    n_inner + 1). Else met and seen are (cells,), row_cells: (rows + 1,) is the first cell of each row and
    inner: (cells,) its level inside, `n_inner` where none is known.

    The block between the largest facet and the rest (without the intercept; of full rows without the facet
    inside, too) has its entries level by level (big_slots: (n_big + 2,)) in the columns slot_column;
    outer_slot: (rows, outers) and inner_slot: (cells,) say where a row and a cell are added.
    """

    met: Floats
    seen: Floats
    big_rows: Ints
    outer: Places
    row_cells: Ints
    inner: Places
    first: int
    big_slots: Ints
    slot_column: Places
    outer_slot: Places
    inner_slot: Places


class Sums(NamedTuple):
    """Slope and weights of the information, in logits, as a pass adds them up; the last of each is a place
    for what is not known.

    slope_big, weight_big: (n_big + 1,). slope_outer: (n_rest + 1,) and weight_outer: (n_rest + 1,
    n_rest + 1), lower, of the facets around and the intercept; in the end slope_outer of all the rest.
    slope_inner, weight_inner: (n_inner + 1,). between: (n_rest + 1, n_inner + 1). slots: the block with the
    largest facet; block: (n_big + 1, n_inner + 1) of full rows, else of no rows. weight_outer and between are
    large, and empty where no facet is around, and once a mode is found.
    """

    slope_big: Floats
    weight_big: Floats
    slope_outer: Floats
    weight_outer: Floats
    slope_inner: Floats
    weight_inner: Floats
    between: Floats
    slots: Floats
    block: Floats


class Bends(NamedTuple):
    """How the information bends: big: (n_big + 1,), outer: (n_rest + 1,), inner: (n_inner + 1,); variance:
    (n_big,) of the largest facet's spherical effects.
    """

    big: Floats
    outer: Floats
    inner: Floats
    variance: Floats


class Spread(NamedTuple):
    """Covariance of the rest in logits: rest (n_rest + 1, n_rest + 1), its last row and column 0; crossed:
    (n_big, n_inner) block times that of the facet inside, empty unless full; theta: of the largest facet.
    """

    rest: Floats
    crossed: Floats
    theta: float
