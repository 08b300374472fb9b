"""The marks of a design, laid out so that one pass over them is fast, and what such a pass tells."""

from gracja.engine.measure.cells.layout import Layout, lay_out, mixed_key
from gracja.engine.measure.cells.reading import bent, fit_of, read, reduced
from gracja.engine.measure.cells.rows import Floats, Ints, Sums

__all__ = ["Floats", "Ints", "Layout", "Sums", "bent", "fit_of", "lay_out", "mixed_key", "read", "reduced"]
