"""Observations -> fair results: rating model, three measures, grades, ranks, classic score."""

from gracja.engine.measure.measured import (
    NOT_MEASURED_CODES,
    NOTE_CODES,
    PROVISIONAL_CODES,
    FitInfo,
    Measured,
    Note,
    NotMeasured,
)
from gracja.engine.measure.measuring import measure
from gracja.engine.measure.rating import RatingFit, fit

__all__ = [
    "NOTE_CODES",
    "NOT_MEASURED_CODES",
    "PROVISIONAL_CODES",
    "FitInfo",
    "Measured",
    "NotMeasured",
    "Note",
    "RatingFit",
    "fit",
    "measure",
]
