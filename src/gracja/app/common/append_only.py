"""Rows that stay as they were written, held by triggers in the database itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython


def append_only(table: str, *, columns: Sequence[str] = (), once: str = "") -> RunPython:
    """A migration step: no row of `table` is deleted, and none changed (or only outside `columns`).

    once: a nullable column; a row is held only from the moment when it has a value there.
    """
    held = f"OLD.{once} IS NOT NULL" if once else ""

    def forwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        _make(editor, table, columns, held)

    def backwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        _drop(editor, table)

    return RunPython(forwards, backwards)


def append_only_also(table: str, *, before: Sequence[str], columns: Sequence[str]) -> RunPython:
    """A migration step for a table that is append-only in the columns `before`: from now on in `columns`."""

    def forwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        _drop(editor, table)
        _make(editor, table, columns)

    def backwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        _drop(editor, table)
        _make(editor, table, before)

    return RunPython(forwards, backwards)


def _make(editor: BaseDatabaseSchemaEditor, table: str, columns: Sequence[str], held: str = "") -> None:
    of = f" OF {', '.join(columns)}" if columns else ""
    for statement in _made(editor.connection.vendor, table, of, held):
        editor.execute(statement, params=None)  # its % is a sign of plpgsql, no placeholder


def _drop(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
    for when in ("update", "delete"):
        editor.execute(f"DROP TRIGGER {table}_no_{when}{on}")


def _made(vendor: str, table: str, of: str, held: str) -> list[str]:
    if vendor == "postgresql":
        return [
            (
                "CREATE OR REPLACE FUNCTION gracja_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                "'BEGIN RAISE EXCEPTION ''append_only: %'', TG_TABLE_NAME; END'"
            ),
            *(
                f"CREATE TRIGGER {table}_no_{when} BEFORE {when.upper()}{columns} ON {table} "
                f"FOR EACH ROW {f'WHEN ({held}) ' if held else ''}EXECUTE FUNCTION gracja_append_only()"
                for when, columns in (("update", of), ("delete", ""))
            ),
        ]
    return [
        f"CREATE TRIGGER {table}_no_{when} BEFORE {when.upper()}{columns} ON {table} "
        f"{f'WHEN {held} ' if held else ''}BEGIN SELECT RAISE(ABORT, 'append_only: {table}'); END"
        for when, columns in (("update", of), ("delete", ""))
    ]
