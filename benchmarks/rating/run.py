"""Both halves of the rating benchmark: published optima and clock, then coverage by simulation.

./run bench rating [--replications 2000] [--only SHAPE]
"""

from __future__ import annotations

import sys

import intervals
import published

if __name__ == "__main__":
    # Whether a goal was met stands in its figure; this run fails only where it cannot be made.
    published.figures()
    intervals.figures(sys.argv[1:])
