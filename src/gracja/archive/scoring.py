"""Observations of the archived conversations: only of those that this detector has not marked yet."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from gracja.archive.folder import Archive, as_batch, rows_with
from gracja.archive.layout import Column, check_months
from gracja.archive.rewrite import without
from gracja.archive.stored import Stored, Writing
from gracja.archive.trouble import OvertakenError
from gracja.engine.tables import CONVERSATIONS

AT_ONCE: Final = 20_000
_BYTES_AT_ONCE: Final = 24_000_000  # of observations, which take several times that while they are written
Scorer = Callable[[pa.RecordBatch], pa.RecordBatch]
Through = Callable[[Scorer, Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]
Progress = Callable[[int], None]


@dataclass
class Scored:
    """What this run scored; what an earlier one had scored is not counted."""

    conversations: int = 0
    observations: int = 0


def score_archive(
    archive: Archive,
    scorer: Scorer,
    *,
    edition_digest: str,
    scored_by: str,
    months: Sequence[str] | None = None,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
    through: Through = map,
) -> Scored:
    """Score the conversations of these months (None: all) that have no row of this edition and detector.

    scorer: tables.CONVERSATIONS -> tables.OBSERVATIONS, as detect.batch.BatchScorer. at_once: conversations
    of one commit. progress: called with the number of conversations looked at since its last call. through:
    calls the scorer with the batches and gives its answers in their order, as `map`; another may share them
    among processes. A run that was killed is repeated: what it committed is not scored again.

    Raises EngineInputError: archive_month, archive_busy and those of `trouble.coded`.
    """
    check_months(list(months or []))
    scored = Scored()
    marks = {"edition_digest": edition_digest, "scored_by": scored_by}
    asked = deque[tuple[_Month, pa.Table]]()  # what was handed to `through` and has not come back
    run: _Month | None = None

    def batches() -> Iterator[pa.RecordBatch]:
        for each in _unscored(archive, marks, scored, months, progress):
            asked.append(each)
            yield as_batch(each[1], CONVERSATIONS)

    with archive.shared():
        for found in through(scorer, batches()):
            before, (run, conversations) = run, asked.popleft()
            if before is not None and before is not run:
                before.commit()
            run.take(conversations, found)
            if run.waiting >= at_once or run.bytes >= _BYTES_AT_ONCE:
                run.commit()
        if run is not None:
            run.commit()
    return scored


def _unscored(
    archive: Archive,
    marks: dict[str, str],
    scored: Scored,
    months: Sequence[str] | None,
    progress: Progress | None,
) -> Iterator[tuple[_Month, pa.Table]]:
    """The conversations without a row, month by month, as tables that are no larger than a row group."""
    conversations = archive.conversation_files()
    for month in sorted({file.month for file in conversations.files(months)}):
        run = _Month(archive.observation_files(), month, marks, scored)
        for file in conversations.files([month]):
            contacts = pa.concat_tables(conversations.read(file, ["contact"]))["contact"]
            done: Column = pc.is_in(contacts, value_set=run.done())
            place = 0
            for table in conversations.read(file, [*CONVERSATIONS.names, "batch"]):
                left = without(table, done.slice(place, table.num_rows))
                place += table.num_rows
                if left.num_rows:
                    yield run, left
                if progress:
                    progress(table.num_rows)


@dataclass
class _Month:
    """The observations of one month, of one edition and detector."""

    stored: Stored
    month: str
    marks: dict[str, str]
    scored: Scored
    waiting: int = 0
    bytes: int = 0
    _rows: list[pa.Table] = field(default_factory=list)
    _done: list[Column] = field(default_factory=list)
    _read: set[str] = field(default_factory=set)

    def done(self) -> Column:
        """The contacts that have rows in the files of this month."""
        for file in self.stored.files([self.month]):
            if file.path not in self._read:
                self._read.add(file.path)
                for table in self.stored.read(file, ["contact", *self.marks]):
                    self._done.append(pc.unique(rows_with(table, self.marks)["contact"]))
        return pc.unique(pa.chunked_array(self._done, pa.string()))

    def take(self, conversations: pa.Table, rows: pa.RecordBatch) -> None:
        """Keep the rows of these conversations for the next commit."""
        found = pa.Table.from_batches([rows]).drop_columns(["blind"])
        source = pc.index_in(found["contact"], value_set=conversations["contact"].combine_chunks())
        for name, value in self.marks.items():
            found = found.append_column(name, pa.repeat(value, found.num_rows))
        found = found.append_column("batch", conversations["batch"].combine_chunks().take(source))
        self._rows.append(found)
        self.waiting += conversations.num_rows
        self.bytes += found.nbytes

    def commit(self) -> None:
        """Write what waits. Where another process scored the same meanwhile, its rows stand, ours go."""
        rows = pa.concat_tables(self._rows) if self._rows else None
        self._rows, self.waiting, self.bytes = [], 0, 0
        while rows is not None and rows.num_rows:
            with self.stored.discarding() as written:
                with Writing(self.stored, self.month) as file:
                    file.write(rows)
                    written.append(file.done())
                try:
                    self.stored.commit(written)
                except OvertakenError:
                    self.stored.discard(written)
                    self.stored.refresh()
                    rows = without(rows, pc.is_in(rows["contact"], value_set=self.done()))
                    continue
            self.scored.conversations += pc.count_distinct(rows["contact"]).as_py()
            self.scored.observations += rows.num_rows
            return
