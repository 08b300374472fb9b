"""Observations -> fair results: rating model, three measures, grades, ranks, classic score."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
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
_HOME: Final = {
    "measure": "measuring",
    "RatingFit": "rating",
    "fit": "rating",
    "current_rows": "revisions",
    "of_edition": "revisions",
}


def __getattr__(name: str) -> Any:
    """What is asked for, loaded then: who shows a result need not wait for what computes one."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"gracja.engine.measure.{_HOME.get(name, 'measured')}"), name)
