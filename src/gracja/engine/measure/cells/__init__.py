"""The marks of a design, laid out so that one pass over them is fast, and what such a pass tells."""

from gracja.engine.measure.cells.layout import Layout, lay_out, mixed_key, reading_order
from gracja.engine.measure.cells.reading import bent, fit_of, read, reduced
from gracja.engine.measure.cells.rows import Floats, Ints, Places, Sums

__all__ = [
    "Floats",
    "Ints",
    "Layout",
    "Places",
    "Sums",
    "bent",
    "fit_of",
    "lay_out",
    "mixed_key",
    "read",
    "reading_order",
    "reduced",
]
