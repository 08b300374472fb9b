"""What a chart's signals mean, for whoever shows them: nothing here computes."""

from __future__ import annotations

from typing import Final

# A signal's bits: outside the limits; the last of too many in a row on one side; the moving average outside
BEYOND: Final = 1
RUN: Final = 2
DRIFT: Final = 4
IN_A_ROW: Final = 12  # of `charts.ALL_RULES`
# Periods between two signals where nothing changes: `charts.ALL_RULES` are chosen so, and held to it by tests
IN_CONTROL_PERIODS: Final = 370
