"""Files that take the place of others: with rows left out or changed, or many small ones as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from gracja.archive.layout import Column
from gracja.archive.stored import DataFile, Stored, Writing


def write_by_month(stored: Stored, rows: pa.Table, months: Column, written: list[DataFile]) -> None:
    """A file for each month of these rows; months: shape (rows,). `written` takes each whole file."""
    for month in sorted(months.unique().to_pylist()):
        with Writing(stored, month) as file:
            file.write(rows.filter(pc.equal(months, pa.scalar(month))))
            written.append(file.done())


def count_rows(
    stored: Stored, columns: list[str], wanted: Callable[[pa.Table], Column]
) -> dict[DataFile, int]:
    """How many rows of each file are wanted; files without any are left out."""
    found: dict[DataFile, int] = {}
    for file in stored.files():
        rows = sum(pc.sum(wanted(table)).as_py() or 0 for table in stored.read(file, columns))
        if rows:
            found[file] = rows
    return found


def rewrite(
    stored: Stored,
    files: Iterable[DataFile],
    change: Callable[[pa.Table], pa.Table],
    written: list[DataFile],
) -> None:
    """Each file anew, with its row groups changed; one that is left without rows gets no successor."""
    for file in files:
        with Writing(stored, file.month) as new:
            for table in stored.read(file):
                new.write(change(table))
            whole = new.done()
        if whole.rows:
            written.append(whole)
        else:
            stored.discard([whole])


def without(table: pa.Table, gone: Column) -> pa.Table:
    """The other rows. gone: true or false, shape (rows,)."""
    kept: Column = pc.invert(gone)
    return table.filter(kept)


def remove_contacts(stored: Stored, contacts: Column, written: list[DataFile]) -> list[DataFile]:
    """The files that hold these contacts, written anew without them. Commit what is returned as removed."""

    def held(table: pa.Table) -> Column:
        return pc.is_in(table["contact"], value_set=contacts)

    touched = list(count_rows(stored, ["contact"], held))
    rewrite(stored, touched, lambda table: without(table, held(table)), written)
    return touched
