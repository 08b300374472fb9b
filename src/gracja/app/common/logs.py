"""Structured logs: what happened and where, never who said what."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """One JSON object a line; of an exception what it was and where, not its words: a database puts the
    address or name that it refuses into them.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["trace"] = _trace(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _trace(error: BaseException | None) -> str:
    """The exception and those it came of, latest first, each with the lines of code that it went through."""
    said: list[str] = []
    known = set[int]()
    while error is not None and id(error) not in known:
        known.add(id(error))
        frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
        said.append(f"{type(error).__module__}.{type(error).__qualname__}\n{''.join(frames)}")
        error = error.__cause__ or error.__context__
    return "\n".join(said)
