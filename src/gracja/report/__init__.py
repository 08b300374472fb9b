"""The report: one self-contained HTML file that someone who knows no statistics reads rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gracja.report.write import write_report

__all__ = ["write_report"]


def __getattr__(name: str) -> Any:
    """`write_report`, loaded when it is asked for: the report's words need none of its arithmetic."""
    if name != "write_report":
        raise AttributeError(name)
    from gracja.report.write import write_report as found  # noqa: PLC0415  (see above)

    return found
