"""How the word lists of the rules are written."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a list written as one string, as a reader scans it most easily."""
    return frozenset(text.split())
