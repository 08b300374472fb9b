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
from gracja.engine.measure.revisions import current_rows, of_edition

__all__ = [
    "NOTE_CODES",
    "NOT_MEASURED_CODES",
    "PROVISIONAL_CODES",
    "FitInfo",
    "Measured",
    "NotMeasured",
    "Note",
    "RatingFit",
    "current_rows",
    "fit",
    "measure",
    "of_edition",
]
