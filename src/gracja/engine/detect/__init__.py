"""From conversations to observations: which standard was met where, by whom, with the words that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gracja.engine.detect.batch import detect

__all__ = ["detect"]


def __getattr__(name: str) -> Any:
    """`detect`, loaded when it is asked for: cards and thresholds need no compiled scan."""
    if name != "detect":
        raise AttributeError(name)
    from gracja.engine.detect.batch import detect as found  # noqa: PLC0415  (see above)

    return found
