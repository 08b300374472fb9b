"""How the word lists of the rules are written."""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """The words of a list written as one string, as a reader scans it most easily."""
    return frozenset(text.split())


def either(*patterns: str) -> re.Pattern[str]:
    """Any of these, as whole words, in any case."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)
