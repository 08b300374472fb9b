"""The database as lines of JSON, table by table, that either kind of database can take in.

A line is `{"table": ..., "fields": [...]}` before the rows of a table, and a list of values for each row.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

from django.apps import apps as current_apps
from django.apps.registry import Apps
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

# What is made anew (content types), lasts for a while (sessions, lock-outs) or is only waiting (tasks).
LEFT_OUT: Final = frozenset(
    ("contenttypes", "auth", "sessions", "usersessions", "axes", "django_tasks_database")
)
AT_ONCE: Final = 2000


def tables(apps: Apps = current_apps) -> list[type[models.Model]]:
    """The models whose rows are kept, many-to-many tables included, by table name."""
    kept = (
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in LEFT_OUT and model._meta.managed and not model._meta.proxy
    )
    return sorted(kept, key=lambda model: model._meta.db_table)


def dump_rows(out: IO[bytes]) -> dict[str, int]:
    """Write every row as gzipped lines, all as of one moment, while others go on writing. Returns table ->
    rows.
    """
    counts: dict[str, int] = {}
    with _one_moment(), gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as lines:
        for model in tables():
            fields = [field.attname for field in model._meta.concrete_fields]
            _write(lines, {"table": model._meta.db_table, "fields": fields})
            counts[model._meta.db_table] = 0
            rows = model._base_manager.order_by("pk").values_list(*fields)
            for row in rows.iterator(chunk_size=AT_ONCE):
                _write(lines, list(row))
                counts[model._meta.db_table] += 1
    return counts


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that only reads, and sees the database as it is now, whatever others write meanwhile."""
    if connection.in_atomic_block:
        yield  # the caller's transaction
        return
    if connection.vendor == "sqlite":
        connection.ensure_connection()  # which reads the mode from the settings
        usual = connection.transaction_mode  # type: ignore[attr-defined]
        # our usual IMMEDIATE would keep every writer out until the last row is written
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = usual  # type: ignore[attr-defined]


def load_rows(file: IO[bytes], apps: Apps) -> dict[str, int]:
    """Put the rows into a database that has the tables of `apps` and nothing in them, all or nothing."""
    known = {model._meta.db_table: model for model in tables(apps)}
    counts: dict[str, int] = {}
    with transaction.atomic():
        for table, fields, rows in _read(file):
            counts[table] = counts.get(table, 0) + len(rows)
            model = known[table]
            by_attname = {field.attname: field for field in model._meta.concrete_fields}
            columns = [by_attname[name] for name in fields]
            made = [
                model(
                    **{field.attname: _value(field, value) for field, value in zip(columns, row, strict=True)}
                )
                for row in rows
            ]
            model._base_manager.bulk_create(made, batch_size=500)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(known.values())):
                cursor.execute(statement)
    return counts


def _read(file: IO[bytes]) -> Iterator[tuple[str, list[str], list[list[Any]]]]:
    """(table, fields, some rows), in pieces; a table without rows comes once, empty."""
    table, fields = "", list[str]()
    rows: list[list[Any]] = []
    with gzip.GzipFile(fileobj=file, mode="rb") as lines:
        for line in lines:
            given = json.loads(line)
            if isinstance(given, dict):
                if table:
                    yield table, fields, rows
                table, fields, rows = given["table"], given["fields"], []
                continue
            rows.append(given)
            if len(rows) == AT_ONCE:
                yield table, fields, rows
                rows = []
    if table:
        yield table, fields, rows


def _write(out: gzip.GzipFile, value: Any) -> None:
    out.write(json.dumps(value, cls=_Encoder, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _value(field: Any, given: Any) -> Any:
    if given is None or isinstance(field, models.JSONField):
        return given
    if isinstance(field, models.BinaryField):
        return base64.b64decode(given)
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(given)
    return field.to_python(given)


class _Encoder(DjangoJSONEncoder):
    """As Django's, to the microsecond, and bytes too."""

    def default(self, o: Any) -> Any:
        if isinstance(o, bytes | memoryview):
            return base64.b64encode(bytes(o)).decode()
        if hasattr(o, "isoformat"):
            return o.isoformat()
        return super().default(o)
