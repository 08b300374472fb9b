"""The ledger of a draw: what was drawn, and with what probability."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from gracja.engine.conversations.rating_sheet import goes_with_a_sheet, is_rating_sheet
from gracja.engine.detect.certainty.consensus import drawn_evenly
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.tables import LEDGER
from gracja.files.opening import chunks_of

LEDGER_FILE: Final = "ledger.parquet"
_DRAW: Final = pa.schema([LEDGER.field(name) for name in ("contact", "stratum", "random_inclusion", "seed")])


def ledger_of_sheet(name: str) -> pa.Table | None:
    """The ledger beside a rating sheet; None, where the file is no rating sheet.

    Raises EngineInputError: sheet_without_ledger.
    """
    if not is_rating_sheet(next(chunks_of(name, None), b"")):
        return None
    try:
        ledger = pq.read_table(Path(name).with_name(LEDGER_FILE))
    except (OSError, pa.ArrowException):
        raise EngineInputError("sheet_without_ledger", Where(name)) from None
    if not goes_with_a_sheet(ledger):
        raise EngineInputError("sheet_without_ledger", Where(name))
    return ledger


def drawn_at_random(path: Path) -> list[str]:
    """The contacts that a sampling ledger drew at random, each with the same probability (`drawn_evenly`).

    Raises EngineInputError: parquet_broken, columns_missing, inclusion_out_of_range.
    """
    try:
        found = pq.read_schema(path).names
        missing = [name for name in _DRAW.names if name not in found]
        rows = None if missing else pq.read_table(path, columns=_DRAW.names).select(_DRAW.names).cast(_DRAW)
    except (OSError, ValueError, pa.ArrowException) as broken:
        problem = str(broken).split("\n")[0]
        raise EngineInputError("parquet_broken", Where(str(path)), problem=problem) from None
    if rows is None:
        raise EngineInputError(
            "columns_missing", Where(str(path)), missing=missing, found=found[: len(LEDGER)]
        )
    return drawn_evenly(rows)
