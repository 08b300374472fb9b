"""The good conversations of many files in batches of a bearable size, cut between conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gracja.engine.conversations.columns import check_columns
from gracja.engine.conversations.jsonl import read_jsonl
from gracja.engine.conversations.once import Seen
from gracja.engine.conversations.outcome import Noticed, Outcome, Rejected, Tally
from gracja.engine.conversations.pieces import Piece, piece_of_rows, pieces_of
from gracja.engine.conversations.strings import bytes_and_offsets
from gracja.engine.conversations.turns_csv import read_turns_csv
from gracja.engine.errors import Where
from gracja.files.opening import Progress, Source, chunks_of, parquet_tables, sources

CONVERSATIONS_AT_ONCE: Final = 10_000
TEXT_BYTES_AT_ONCE: Final = (
    20_000_000  # long conversations come in smaller batches, so that memory stays flat
)
OnRejected = Callable[[Rejected], None]


class ReadCsv(Protocol):
    """As `read_turns_csv`."""

    def __call__(
        self, chunks: Callable[[], Iterable[bytes]], *, file: str | None = None
    ) -> Iterator[Outcome]: ...


def batches(
    paths: Sequence[str | Path],
    *,
    on_rejected: OnRejected,
    strict: bool = False,
    tally: Tally | None = None,
    progress: Progress | None = None,
    at_once: int = CONVERSATIONS_AT_ONCE,
) -> Iterator[pa.Table]:
    """The good conversations of all files, as tables of at most `at_once`, each contact once.

    paths: JSONL, CSV of turns, Parquet, gzipped or not; `-` is JSON lines on standard input. All are
    looked at before the first is read. on_rejected: called with each conversation that cannot be used.
    strict: stop at the first of them. tally: counts and notices, complete when the iterator ends.
    progress: called with the number of bytes of the files read since its last call.

    The same files give the same tables, cut at the same conversations. Memory: one table and what is being
    read, and 40 bytes for each contact.

    Raises EngineInputError for what is wrong with a whole file (file_not_found, file_is_directory,
    file_unreadable, file_kind_unknown, file_utf16, gzip_broken, parquet_broken, standard_input_twice, and
    those of `csv_rows` and `check_table`) and, if strict, for the first rejection.
    """
    every = (piece for source in sources(paths) for piece in pieces(source, progress))
    yield from batches_of(every, on_rejected=on_rejected, strict=strict, tally=tally, at_once=at_once)


def batches_of(
    every: Iterable[Piece],
    *,
    on_rejected: OnRejected,
    strict: bool = False,
    tally: Tally | None = None,
    at_once: int = CONVERSATIONS_AT_ONCE,
) -> Iterator[pa.Table]:
    """As `batches`, from pieces that were read."""
    reading = _Reading(Tally() if tally is None else tally, on_rejected, strict)
    cut = _Cut(at_once)
    for piece in every:
        yield from cut.add(reading.accepted(piece))
    yield from cut.rest()


def settle(
    outcome: Rejected | Noticed, tally: Tally, on_rejected: OnRejected | None, *, strict: bool
) -> None:
    """Count what could not be used or should be said; if strict, raise the first rejection."""
    if isinstance(outcome, Noticed):
        tally.notice(outcome)
        return
    tally.reject(outcome)
    if on_rejected:
        on_rejected(outcome)
    if strict:
        raise outcome.error()


@dataclass
class _Reading:
    """Pieces in, tables of what is accepted out; the rest is counted and handed on."""

    tally: Tally
    on_rejected: OnRejected
    strict: bool
    seen: Seen = field(default_factory=Seen)

    def accepted(self, piece: Piece) -> pa.Table:
        stays, others = piece.once(self.seen)
        for place, other in others:
            if self.strict and isinstance(other, Rejected):
                self._count(piece, stays[:place])  # what comes later is not read any more
            settle(other, self.tally, self.on_rejected, strict=self.strict)
        self._count(piece, stays)
        return piece.table if stays.all() else piece.table.filter(pa.array(stays))

    def _count(self, piece: Piece, stays: NDArray[np.bool_]) -> None:
        self.tally.accepted += int(stays.sum())
        for code, name, mask in piece.said:
            if count := int((mask[: len(stays)] & stays).sum()):
                self.tally.notice(Noticed(code, Where(piece.file), name), count)


class _Cut:
    """Tables of any size in, tables of `at_once` conversations or the most text out."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._parts: list[pa.Table] = []
        self._rows = self._bytes = 0

    def add(self, table: pa.Table) -> Iterator[pa.Table]:
        sizes = _text_bytes(table)
        start = 0
        while start < len(sizes):
            upto = np.cumsum(sizes[start : start + self._at_once - self._rows]) + self._bytes
            fits = min(int(np.searchsorted(upto, TEXT_BYTES_AT_ONCE)) + 1, len(upto))
            self._parts.append(table.slice(start, fits))
            self._rows += fits
            self._bytes = int(upto[fits - 1])
            start += fits
            if self._rows >= self._at_once or self._bytes >= TEXT_BYTES_AT_ONCE:
                yield from self.rest()

    def rest(self) -> Iterator[pa.Table]:
        if self._parts:
            yield pa.concat_tables(self._parts)
        self._parts, self._rows, self._bytes = [], 0, 0


def _text_bytes(table: pa.Table) -> NDArray[np.int64]:
    """How many bytes of text each conversation has."""
    sizes = [np.empty(0, np.int64)]
    for lists in table["turns"].chunks:
        assert isinstance(lists, pa.ListArray)
        ends = np.asarray(lists.offsets)
        turns = lists.values.slice(int(ends[0]), int(ends[-1] - ends[0]))
        assert isinstance(turns, pa.StructArray)
        upto = bytes_and_offsets(turns.field("text"))[1]
        sizes.append(np.diff(upto[ends - ends[0]]).astype(np.int64))
    return np.concatenate(sizes)


def pieces(
    source: Source, progress: Progress | None, *, shown: str | None = None, read_csv: ReadCsv = read_turns_csv
) -> Iterator[Piece]:
    """The pieces of one input. shown: how it is named to people, where that is not its path. read_csv: reads
    the turns of a CSV file.
    """
    name, kind = source
    said = shown or name
    if kind == "empty":
        yield from pieces_of([Noticed("file_empty", Where(said))], said)
    elif kind == "jsonl":
        yield from pieces_of(read_jsonl(chunks_of(name, progress), file=said), said)
    elif kind == "csv":
        passes = iter((None, progress))  # the first of two passes only counts
        yield from pieces_of(read_csv(lambda: chunks_of(name, next(passes)), file=said), said)
    else:
        for first_row, table in parquet_tables(
            name,
            progress,
            rows_at_once=CONVERSATIONS_AT_ONCE,
            bytes_at_once=TEXT_BYTES_AT_ONCE,
            check=check_columns,
        ):
            yield piece_of_rows(table, file=said, first_row=first_row)
