"""The ledger beside a rating sheet: what was drawn, and with what probability."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from gracja.cli.opening import chunks_of
from gracja.engine.conversations.rating_sheet import goes_with_a_sheet, is_rating_sheet
from gracja.engine.errors import EngineInputError, Where

LEDGER_FILE: Final = "ledger.parquet"


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
