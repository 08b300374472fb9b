"""Between Arrow's columns and the arrays that compiled code reads and writes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

Array = npt.NDArray[Any]
Number = Any  # int in Python, any of NumPy's integers in compiled code
Column = Any  # an Arrow array: the stubs of pyarrow know fewer types than its functions take
kernels: Any = pyarrow.compute


def one_array(column: Column) -> Column:
    """A column in one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def as_column(values: Array, missing: Array | None = None) -> Column:
    """An Arrow array of numbers, null where `missing`."""
    return pa.array(values, mask=missing)


def as_array(column: Column) -> Array:
    """The numbers or booleans of an Arrow array without nulls."""
    return np.asarray(column.to_numpy(zero_copy_only=False))
