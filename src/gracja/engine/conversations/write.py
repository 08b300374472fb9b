"""Tables as JSON lines: the same shape that is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa


def json_lines(table: pa.Table) -> Iterator[bytes]:
    """Each row as one line of JSON, without its nulls; times in UTC."""
    for batch in table.to_batches(max_chunksize=1_000):
        for row in batch.to_pylist():
            yield json.dumps(_bare(row), ensure_ascii=False, default=_time).encode() + b"\n"


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _bare(part) for name, part in value.items() if part is not None}
    return [_bare(part) for part in value] if isinstance(value, list) else value


def _time(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat().replace("+00:00", "Z")
