"""Gracja: customer-service standards, from the sequence to a fair result for every employee."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from gracja.engine.errors import EngineInputError, ManyInputErrors
    from gracja.notebook.measuring import category_scores, measure, review_scores
    from gracja.notebook.picture import Picture
    from gracja.notebook.results import Results

__version__ = "0.1.0"
__all__ = [
    "EngineInputError",
    "ManyInputErrors",
    "Picture",
    "Results",
    "__version__",
    "category_scores",
    "measure",
    "review_scores",
]
_HOME: Final = {
    "EngineInputError": "engine.errors",
    "ManyInputErrors": "engine.errors",
    "Picture": "notebook.picture",
    "Results": "notebook.results",
    "category_scores": "notebook.measuring",
    "measure": "notebook.measuring",
    "review_scores": "notebook.measuring",
}


def __getattr__(name: str) -> Any:
    """What is asked for, loaded then: `import gracja` alone loads nothing."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"gracja.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
