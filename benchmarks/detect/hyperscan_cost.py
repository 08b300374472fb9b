"""Why the scan does not stand on hyperscan: what scanning costs there, and what each hit adds.

Its Python binding tells of a hit only by calling back, and its module exports no C symbol but its own
initialiser (`nm -D`), so that no compiled code of ours can take the hits in its place.
"""

from __future__ import annotations

from collections.abc import Sequence

import hyperscan
from figure import figure
from patterns import bytes_pattern, numbered
from timing import typical

from gracja.engine.words.tokens import fold

REPEATS = 5
NEVER = "qzxq"  # a word that nobody says


def figures(sparse: Sequence[str], dense: Sequence[str]) -> None:
    """On turns with few hits and with many: silent scanning, then a call for each hit that does nothing."""
    patterns = [bytes_pattern(phrase) for _, phrase in numbered()]
    unsaid = [bytes_pattern(f"{phrase} {NEVER}") for _, phrase in numbered()]
    for name, texts in (("few hits", sparse), ("three hits a turn", dense)):
        joined = b"\n".join(fold(text).encode() for text in texts)
        silent, _ = _seconds(unsaid, joined)
        figure(f"hyperscan, {name}: no phrase ever said", round(len(joined) / silent / 1e6), "MB/s")
        for what, flags in (("ends", 0), ("starts and ends", hyperscan.HS_FLAG_SOM_LEFTMOST)):
            spent, calls = _seconds(patterns, joined, flags)
            each = (spent - silent) / calls * 1e9
            says = f"{calls:,} calls, {each:,.0f} ns each"
            figure(f"hyperscan, {name}: {what}", round(len(joined) / spent / 1e6), "MB/s", peer=says)
        tails = [pattern if pattern.endswith(b")") else pattern + rb"[a-z\x80-\xff]*" for pattern in patterns]
        spent, calls = _seconds(tails, joined)
        says = f"{calls:,} calls"
        figure(
            f"hyperscan, {name}: tails of `*` followed", round(len(joined) / spent / 1e6), "MB/s", peer=says
        )


def _seconds(patterns: Sequence[bytes], joined: bytes, flags: int = 0) -> tuple[float, int]:
    """CPU seconds of one scan (median), and how often it called back."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=patterns, ids=list(range(len(patterns))), elements=len(patterns),
        flags=flags | hyperscan.HS_FLAG_MULTILINE,
    )  # fmt: skip
    calls: list[int] = []
    database.scan(joined, match_event_handler=lambda leaf, *_: calls.append(leaf))
    return typical(lambda: database.scan(joined, match_event_handler=_heard), REPEATS), len(calls)


def _heard(_leaf: int, _start: int, _end: int, _flags: int, _context: object) -> None:
    """The cheapest that Python can do with a hit."""
