"""Results written so that no half file is left, and what was rejected beside them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from gracja.engine.conversations.outcome import Rejected
from gracja.files.opening import STANDARD_INPUT
from gracja.wording.sentences import say_error


@dataclass(frozen=True)
class RejectedRows:
    """A file of JSON lines that takes each rejected row with its reason in words."""

    path: Path
    lang: str
    out: IO[bytes]

    def __call__(self, rejected: Rejected) -> None:
        row = {
            "file": rejected.where.file,
            "line": rejected.where.line,
            "contact": rejected.contact,
            "code": rejected.code,
            "message": say_error(rejected.error(), self.lang),
            "facts": dict(rejected.facts),
            "raw": rejected.raw,
        }
        self.out.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


@contextmanager
def rejected_to(path: str | Path, *, lang: str, beside: Path | None = None) -> Iterator[RejectedRows]:
    """Write rejected rows to this file.

    It is there even when nothing was rejected (empty) and when the run failed (what was found). beside: the
    output that is locked meanwhile, so that a killed run's unfinished file is written over by the next.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    mark = None if beside is None else beside.name
    with replacing(path, even_when_failed=True, mark=mark) as out:
        yield RejectedRows(Path(path), lang, out)


def write_parquet(tables: Iterable[pa.Table], path: str | Path, schema: pa.Schema) -> None:
    """Write tables of one schema as Parquet; the file appears when it is whole."""
    with replacing(path) as out, pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)


@contextmanager
def replacing(
    path: str | Path, *, even_when_failed: bool = False, mark: str | None = None
) -> Iterator[IO[bytes]]:
    """A file to write, which takes its name only when it is whole.

    even_when_failed: also when what happened meanwhile failed, but not when it cannot be written itself.
    mark: tells its unfinished self from that of another process; by default the number of this one.
    """
    if str(path) == STANDARD_INPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    final = Path(path)
    part = final.with_name(f".{final.name}.{mark or os.getpid()}.part")
    keep = even_when_failed
    out = part.open("wb")
    try:
        yield out
        keep = True
    finally:
        try:
            out.close()  # which writes the last of it
        except OSError:
            keep = False
            raise
        finally:
            if keep:
                part.replace(final)
            else:
                part.unlink(missing_ok=True)
