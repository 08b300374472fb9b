"""Answers that were paid for once, in a SQLite file. It holds no word of a conversation.

Of an answer it keeps whether the standard was met, where the quotes stand (numbers), why an answer was
refused, and the tokens used; the key is a digest.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self, get_args

from gracja.engine.errors import EngineInputError, Where
from gracja.judge.answer import Evidence, Judgement, Refusal

_SHAPE: Final = 1
_BUSY_SECONDS: Final = 30  # another run may write at the same time
# what the endpoint could not take today it may take tomorrow
_PASSING: Final = ("request_refused", "endpoint_failed")


class Cache:
    """Use as a context manager. Raises EngineInputError: judge_cache_broken (problem)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._said():
            self._file = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            self._prepare()
        except EngineInputError:
            self._file.close()
            raise

    def _prepare(self) -> None:
        with self._said():
            (shape,) = self._file.execute("pragma user_version").fetchone()
            if shape not in (0, _SHAPE):
                raise ValueError(f"version {shape}")
            self._file.execute(
                "create table if not exists answers (key text primary key, met integer,"
                " evidence text not null, refused text, probability real,"
                " input_tokens integer, output_tokens integer) without rowid"
            )
            self._file.execute(f"pragma user_version = {_SHAPE}")

    def get(self, key: str) -> Judgement | None:
        with self._said():
            row = self._file.execute(
                "select met, evidence, refused, probability from answers where key = ?", (key,)
            ).fetchone()
            if row is None:
                return None
            met, evidence, refused, probability = row
            if refused is not None and refused not in get_args(Refusal):
                raise ValueError(refused)
            spans = tuple(Evidence(*span) for span in json.loads(evidence))
        return Judgement(None if met is None else bool(met), spans, refused, probability)

    def put(self, key: str, judgement: Judgement, input_tokens: int, output_tokens: int) -> None:
        """Keep an answer; what only passed by (the endpoint was down) is not kept."""
        if judgement.refused in _PASSING:
            return
        evidence = json.dumps([[one.turn, one.start, one.end] for one in judgement.evidence])
        met = None if judgement.met is None else int(judgement.met)
        row = (key, met, evidence, judgement.refused, judgement.probability, input_tokens, output_tokens)
        with self._said():
            self._file.execute("insert or replace into answers values (?, ?, ?, ?, ?, ?, ?)", row)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError, TypeError) as broken:
            if isinstance(broken, EngineInputError):
                raise
            raise EngineInputError(
                "judge_cache_broken", Where(str(self._path)), problem=str(broken)
            ) from None
