"""Paths and standard input as bytes or Parquet tables; what is wrong with a whole file is said at once."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from gracja.engine.errors import EngineInputError, Where

STANDARD_INPUT: Final = "-"
_CHUNK_BYTES: Final = 2**20
_GZIP: Final = b"\x1f\x8b"
_KINDS: Final = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
Progress = Callable[[int], None]


class Source(NamedTuple):
    """An input as the person named it, and what it is: jsonl, csv, parquet or empty."""

    name: str
    kind: str


def sources(paths: Sequence[str | Path]) -> list[Source]:
    """What each path is, before hours are spent on the first one. Raises EngineInputError as `batches`."""
    names = [str(path) for path in paths]
    if names.count(STANDARD_INPUT) > 1:
        raise EngineInputError("standard_input_twice", Where(STANDARD_INPUT))
    return [Source(name, _kind(name)) for name in names]


def size_bytes(paths: Sequence[str | Path]) -> int | None:
    """How many bytes `progress` will be told of; None where a pipe is among them."""
    found = [Path(path) for path in paths]
    return sum(path.stat().st_size for path in found) if all(map(Path.is_file, found)) else None


def chunks_of(name: str, progress: Progress | None) -> Iterator[bytes]:
    """The bytes of a file, unpacked if they are gzipped, whatever its name says."""
    try:
        with _opened(name) as raw:
            gzipped = raw.peek(2)[:2] == _GZIP  # type: ignore[attr-defined]  # both are buffered readers
            stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if gzipped else raw  # type: ignore[assignment]
            before = 0
            while chunk := stream.read(_CHUNK_BYTES):
                if progress and raw.seekable():
                    progress(raw.tell() - before)
                    before = raw.tell()
                yield chunk
    except (gzip.BadGzipFile, EOFError, zlib.error) as broken:
        raise EngineInputError("gzip_broken", Where(name), problem=str(broken)) from None
    except FileNotFoundError:
        raise EngineInputError("file_not_found", Where(name)) from None
    except OSError as broken:
        raise EngineInputError(
            "file_unreadable", Where(name), problem=broken.strerror or str(broken)
        ) from None


def parquet_tables(
    name: str,
    progress: Progress | None,
    *,
    rows_at_once: int,
    bytes_at_once: int | None = None,
    check: Callable[..., None] | None = None,
) -> Iterator[tuple[int, pa.Table]]:
    """The tables of a Parquet file, with the number of the first row of each.

    bytes_at_once: fewer rows at once, where the rows of a row group are so long that together they have more.
    """
    told = 0
    try:
        # Without a buffer a whole column of a row group lies in memory, and a file may be one row group.
        with pq.ParquetFile(name, buffer_size=_CHUNK_BYTES) as file:
            if check:
                check(file.schema_arrow, file=name)
            size, first_row = Path(name).stat().st_size, 1
            for group in range(file.num_row_groups):
                rows = _rows_at_once(file.metadata.row_group(group), rows_at_once, bytes_at_once)
                for batch in file.iter_batches(batch_size=rows, row_groups=[group]):
                    yield first_row, pa.Table.from_batches([batch])
                    first_row += batch.num_rows
                    if progress:
                        reached = size * (first_row - 1) // file.metadata.num_rows
                        progress(reached - told)
                        told = reached
            if first_row == 1:
                yield 1, file.schema_arrow.empty_table()
                if progress:
                    progress(size)
    except (pa.ArrowException, OSError) as broken:
        raise EngineInputError("parquet_broken", Where(name), problem=str(broken).split("\n")[0]) from None


def _rows_at_once(group: pq.RowGroupMetaData, rows: int, most_bytes: int | None) -> int:
    if most_bytes is None or not group.num_rows:
        return rows
    return max(1, min(rows, most_bytes * group.num_rows // max(group.total_byte_size, 1)))


def _kind(name: str) -> str:
    if name == STANDARD_INPUT:
        return "jsonl"
    path = Path(name)
    if path.is_dir():
        raise EngineInputError("file_is_directory", Where(name))
    if path.exists() and not path.is_file():  # a pipe gives its bytes once, so nobody may look at them first
        if _named(path) not in (None, "jsonl"):
            raise EngineInputError("file_is_pipe", Where(name))
        return "jsonl"
    head = next(chunks_of(name, None), b"")[:_CHUNK_BYTES]
    return _kind_of_bytes(name, head) if head else "empty"


def _kind_of_bytes(name: str, head: bytes) -> str:
    if name.lower().endswith(".gz") and not _gzipped(name):
        raise EngineInputError("gzip_broken", Where(name), problem="not a gzip file")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise EngineInputError("file_utf16", Where(name))
    kind = _named(Path(name))
    if head.startswith(b"PAR1"):
        kind = "parquet"
    elif kind is None and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        kind = "jsonl"
    if kind is None or head.startswith(b"PK\x03\x04"):
        raise EngineInputError("file_kind_unknown", Where(name), known=[*_KINDS, "*.gz"])
    return kind


def _named(path: Path) -> str | None:
    """What the name of a file says that it is."""
    return _KINDS.get((path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower())


def _gzipped(name: str) -> bool:
    with Path(name).open("rb") as raw:
        return raw.read(2) == _GZIP


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    if name == STANDARD_INPUT:
        given = sys.stdin.buffer
        yield given if hasattr(given, "peek") else io.BufferedReader(given)  # type: ignore[type-var]
        return
    with Path(name).open("rb") as raw:
        yield raw
