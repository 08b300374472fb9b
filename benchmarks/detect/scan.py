"""How fast sixty phrases are found in STAR's turns, against what people use today, in the same run.

Everything runs on one core and is timed in CPU seconds, so that a neighbour's work does not count. Ours is
given the turns as they were typed, as an Arrow array; every peer is given them folded, for nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import hyperscan_cost
import ours
import peers
from figure import figure, machine
from patterns import numbered
from timing import timed, typical
from turns import dense_turns, mixed_turns, star_turns

from gracja.engine.words.tokens import fold

DENSE = 100_000
PARSED = 300  # turns given to ConvoKit
REPEATS = 7


def figures(data: Path, evaluate: Path | None) -> None:
    """Rates and ratios on STAR, on STAR with Polish turns among it, and on Polish turns full of hits."""
    source = evaluate or data
    machine()
    _first_scans()
    star = star_turns(source)
    rate = _against_peers("STAR", star, goal=True)
    _against_peers("STAR and Polish", mixed_turns(source))
    _against_spacy(star, rate)
    _against_convokit(star, rate)
    full = dense_turns(DENSE)
    dense = _against_peers("dense Polish", full)
    figure("dense Polish: turns a second", round(dense), "", ">= 300,000", dense >= 300_000)
    hyperscan_cost.figures(star, full)


def _first_scans() -> None:
    """What a process pays once: compilation where nothing is kept yet, else loading what was."""
    with tempfile.TemporaryDirectory() as kept:
        for name in ("first scan ever, compiled", "first scan of a process"):
            done = subprocess.run(
                [sys.executable, ours.__file__],
                check=True, text=True, stdout=subprocess.PIPE, env=os.environ | {"NUMBA_CACHE_DIR": kept},
            )  # fmt: skip
            wall, cpu = json.loads(done.stdout)
            figure(name, round(wall, 2), f"s ({cpu:.2f} CPU s)")


def _against_peers(name: str, texts: Sequence[str], *, goal: bool = False) -> float:
    """Turns a second of ours, once its hits are shown to be the peers' hits."""
    phrases = numbered()
    folded, folding = timed(lambda: [fold(text) for text in texts])
    search = ours.scan(phrases, texts)
    hits, fresh = timed(search)
    rate = len(texts) / typical(search, REPEATS)
    found, seconds = timed(peers.re_loop(phrases, folded))
    re_rate = len(texts) / seconds
    mine = ours.rows(hits)
    assert ours.apart(mine) == ours.unfolded(found, texts), f"{name}: not the hits of the re loop"
    figure(f"{name}: turns", len(texts))
    figure(f"{name}: hits", len(mine), f"({len(mine) / len(texts):.2f} a turn)", peer="re: the same rows")
    figure(f"{name}: ours", round(rate), "turns/s")
    figure(f"{name}: ours, words never seen before", round(len(texts) / fresh), "turns/s")
    figure(f"{name}: folding in Python alone", round(len(texts) / folding), "turns/s")
    ratio = rate / re_rate
    figure(
        f"{name}: ours against the re loop",
        round(ratio, 1),
        "x",
        ">= 150x" if goal else None,
        ratio >= 150 if goal else None,
        f"re {re_rate:,.0f} turns/s",
    )
    pairs = {row[:2] for row in mine}
    for peer, other in (
        ("re2.Set", peers.re2_set(phrases, folded)),
        ("hyperscan with a callback", peers.hyperscan_block(phrases, folded)),
    ):
        assert set(other()) == pairs, f"{name}: not the hits of {peer}"
        other_rate = len(texts) / typical(other, 3)
        says = f"{other_rate:,.0f} turns/s, {other_rate / re_rate:.0f}x re"
        figure(f"{name}: ours against {peer}", round(rate / other_rate, 2), "x", peer=says)
    return rate


def _against_spacy(texts: Sequence[str], rate: float) -> None:
    phrases = numbered()
    folded = [fold(text) for text in texts]
    pairs = {row[:2] for row in ours.rows(ours.scan(phrases, texts)())}
    found, seconds = timed(peers.spacy_matcher(phrases, folded, "en"))
    ratio = rate / (len(texts) / seconds)
    same = len(pairs & set(found)) / len(pairs | set(found))
    figure(
        "STAR: ours against spaCy's Matcher",
        round(ratio, 1),
        "x",
        ">= 50x",
        ratio >= 50,
        f"{len(texts) / seconds:,.0f} turns/s, {same:.1%} of hits shared: it cuts words otherwise",
    )


def _against_convokit(texts: Sequence[str], rate: float) -> None:
    step = len(texts) // PARSED
    search = peers.politeness_strategies(texts[::step][:PARSED])
    _, seconds = timed(search)
    ratio = rate / (PARSED / seconds)
    figure(
        "STAR: ours against ConvoKit's PolitenessStrategies",
        round(ratio),
        "x",
        ">= 5,000x",
        ratio >= 5_000,
        f"{PARSED / seconds:,.0f} turns/s, parse included ({PARSED} turns)",
    )
