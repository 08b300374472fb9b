"""Conversations into the archive: each contact once, in commits that happen whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import pyarrow as pa

from gracja.archive.content import content_digests
from gracja.archive.folder import Archive
from gracja.archive.known import Known
from gracja.archive.layout import Column, months_of
from gracja.archive.rewrite import remove_contacts, write_by_month
from gracja.archive.trouble import OvertakenError
from gracja.engine.tables import CONVERSATIONS

AT_ONCE: Final = 20_000
_BYTES_AT_ONCE: Final = 64_000_000
OnChanged = Callable[[pa.Table], None]


@dataclass
class Imported:
    """How many conversations were new, were there before word for word, or said something else there."""

    new: int = 0
    known: int = 0
    changed: int = 0  # without `replace`: left as they were, and given to on_changed
    replaced: int = 0


def import_conversations(
    archive: Archive,
    tables: Iterable[pa.Table],
    *,
    on_changed: OnChanged,
    replace: bool = False,
    at_once: int = AT_ONCE,
) -> Imported:
    """Add checked conversations (tables.CONVERSATIONS); a contact that is there is never added again.

    on_changed: called with rows whose contact is there with other content. replace: they take the place of
    the old ones, whose observations go; nobody else may work on the archive then. at_once: conversations of
    one commit. A run that was killed is repeated as it was: what it committed is known.

    Raises EngineInputError: archive_busy and those of `trouble.coded`.
    """
    lock: AbstractContextManager[None] = archive.alone() if replace else archive.shared()
    with lock:
        run = _Import(archive, on_changed, replace=replace, at_once=at_once)
        for table in tables:
            run.take(table)
        run.commit()
    return run.imported


@dataclass
class _Pending:
    """Rows that wait for their commit."""

    tables: list[pa.Table] = field(default_factory=list)
    rows: int = 0
    bytes: int = 0
    replaced: list[Column] = field(default_factory=list)  # contacts whose old rows go

    def add(self, table: pa.Table) -> None:
        if table.num_rows:
            self.tables.append(table)
            self.rows += table.num_rows
            self.bytes += table.nbytes


class _Import:
    def __init__(self, archive: Archive, on_changed: OnChanged, *, replace: bool, at_once: int) -> None:
        self.imported = Imported()
        self._archive, self._on_changed, self._replace, self._at_once = archive, on_changed, replace, at_once
        self._stored = archive.conversation_files()
        self._known = Known()
        self._known.catch_up(self._stored)
        self._pending = _Pending()

    def take(self, conversations: pa.Table) -> None:
        rows = conversations.append_column("content", content_digests(conversations))
        new = self._sifted(rows, self._known)
        if new.num_rows:
            self._known.add(new["contact"], new["content"])
            self._pending.add(new)
            if self._pending.rows >= self._at_once or self._pending.bytes >= _BYTES_AT_ONCE:
                self.commit()

    def commit(self) -> None:
        """Write what waits. Where another process was first, what it added is left out, and again."""
        while self._pending.tables:
            pending = self._pending
            rows = pa.concat_tables(pending.tables)
            with self._stored.discarding() as written:
                removed = []
                if pending.replaced:
                    contacts = pa.chunked_array(
                        [chunk for each in pending.replaced for chunk in each.chunks], pa.string()
                    ).combine_chunks()
                    _forget_observations(self._archive, contacts)
                    removed = remove_contacts(self._stored, contacts, written)
                    rows = _last_of_each(rows)
                batch = pa.array([_batch_name()] * rows.num_rows, pa.string())
                whole = rows.append_column("batch", batch)
                write_by_month(self._stored, whole, months_of(whole), written)
                try:
                    self._stored.commit(written, removed)
                except OvertakenError:
                    if self._replace:  # alone among ours, so it was another program
                        raise
                    self._stored.discard(written)
                    self._leave_out_others(rows)
                    continue
            for file in written:
                self._known.has_read(file.path)
            replaced = sum(len(each) for each in pending.replaced)
            self.imported.replaced += replaced
            self.imported.new += pending.rows - replaced
            self._pending = _Pending()

    def _sifted(self, rows: pa.Table, known: Known) -> pa.Table:
        """The rows to add; the others are counted, or handed to on_changed."""
        here, same = known.compare(rows["contact"], rows["content"])
        self.imported.known += int(same.sum())
        changed = here & ~same
        if changed.any():
            if self._replace:
                self._pending.replaced.append(rows.filter(pa.array(changed))["contact"])
                return rows.filter(pa.array(~same))
            self.imported.changed += int(changed.sum())
            self._on_changed(rows.filter(pa.array(changed)).select(CONVERSATIONS.names))
        return rows.filter(pa.array(~here))

    def _leave_out_others(self, rows: pa.Table) -> None:
        self._stored.refresh()
        others = self._known.not_read(self._stored)
        left = self._sifted(rows, others)
        self._known.catch_up(self._stored)
        self._known.add(left["contact"], left["content"])
        self._pending = _Pending()
        self._pending.add(left)


def _forget_observations(archive: Archive, contacts: Column) -> None:
    """Before their conversations change: an observation never outlives what it was seen in."""
    observations = archive.observation_files()
    with observations.discarding() as written:
        removed = remove_contacts(observations, contacts, written)
        if removed:
            observations.commit(written, removed)


def _last_of_each(rows: pa.Table) -> pa.Table:
    """Of rows with one contact the last."""
    last = {contact: row for row, contact in enumerate(rows["contact"].to_pylist())}
    return rows.take(pa.array(sorted(last.values()), pa.int64()))


def _batch_name() -> str:
    """When this commit was made, and which it is; in the order of time."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}-{uuid4().hex[:8]}"
