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
    of = f" OF {', '.join(columns)}" if columns else ""

    def forwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _made(
            editor.connection.vendor, table, of, f"OLD.{once} IS NOT NULL" if once else ""
        ):
            editor.execute(statement, params=None)  # its % is a sign of plpgsql, no placeholder

    def backwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for when in ("update", "delete"):
            editor.execute(f"DROP TRIGGER {table}_no_{when}{on}")

    return RunPython(forwards, backwards)


def append_only_also(table: str, *, before: Sequence[str], columns: Sequence[str]) -> RunPython:
    """A migration step for a table that is append-only in the columns `before`: from now on in `columns`."""
    was, will_be = append_only(table, columns=before), append_only(table, columns=columns)

    def forwards(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        was.reverse_code(apps, editor)
        will_be.code(apps, editor)

    def backwards(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        will_be.reverse_code(apps, editor)
        was.code(apps, editor)

    return RunPython(forwards, backwards)


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
