"""The analyser of Polish, where it is installed."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def morfeusz() -> Any | None:
    """Morfeusz2 with the SGJP dictionary; None where it has no wheel (Linux on Arm)."""
    try:
        import morfeusz2  # noqa: PLC0415  no wheel for Linux on Arm
    except ImportError:
        return None
    return morfeusz2.Morfeusz(praet="composite")
