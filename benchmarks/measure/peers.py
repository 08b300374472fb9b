"""The same marks fitted by us and by lme4 (nAGQ = 0, tolPwrss 1e-10), in one run, where R and lme4 are there.

`apt-get install r-cran-lme4`, or install.packages("lme4"). Both are given one thread; seconds are of the
processor, ours after compiling, lme4's without reading the file and without derivatives at the end.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from figure import figure
from numpy.typing import NDArray

from gracja.engine.measure import rating

_SCRIPT = Path(__file__).with_name("peers.R")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_LONGEST = 900.0


@dataclass(frozen=True)
class Asked:
    """met: (marks,) 0 or 1; facets: name -> (marks,) codes from 0; times: as fast as the peer, at least."""

    name: str
    met: NDArray[np.float64]
    facets: Mapping[str, NDArray[np.int32]]
    times: float


def against_lme4(asked: list[Asked]) -> None:
    """Log-likelihoods at lme4's own optimum, how far ours lies above, and seconds of both."""
    program = shutil.which("Rscript")
    if program is None:
        figure("lme4", "not measured", "R is not here: apt-get install r-cran-lme4")
        return
    for one in asked:
        _compare(one, program)


def _compare(asked: Asked, program: str) -> None:
    theirs = _fitted_by_lme4(asked, program)
    rating.fit(asked.met, asked.facets)  # compiles
    began = time.process_time()
    ours = rating.fit(asked.met, asked.facets)
    seconds = time.process_time() - began
    there = ours.log_likelihood(dict(zip(asked.facets, theirs["spread"], strict=True)))
    away = abs(there / theirs["log_likelihood"] - 1)
    above = ours.log_likelihood() - theirs["log_likelihood"]
    times = theirs["seconds"] / seconds
    peer = f"{theirs['versions']}: {theirs['seconds']:.3g} CPU s"
    figure(
        f"{asked.name}: log-likelihood at lme4's spreads, away",
        away,
        "relative",
        "<= 1e-6",
        away <= 1e-6,
        peer,
    )
    figure(
        f"{asked.name}: our optimum above lme4's", above, "log-likelihood", ">= -1e-5", above >= -1e-5, peer
    )
    figure(f"{asked.name}: fit", round(seconds, 4), "CPU s", peer=peer)
    figure(
        f"{asked.name}: times as fast",
        round(times, 1),
        "times",
        f">= {asked.times:g}",
        times >= asked.times,
        peer,
    )


def _fitted_by_lme4(asked: Asked, program: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "marks.csv"
        pl.DataFrame({"met": asked.met.astype(np.int8), **asked.facets}).write_csv(table)
        told = subprocess.run(
            [program, "--vanilla", str(_SCRIPT), str(table), *asked.facets],
            env=os.environ | _ONE_THREAD,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
    if told.returncode:
        raise SystemExit(f"lme4 did not fit {asked.name}:\n{told.stderr}")
    found: dict[str, object] = json.loads(told.stdout)
    return found
