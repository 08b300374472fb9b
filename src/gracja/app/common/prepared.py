"""Queries that are asked with every request, their SQL worked out once: that took Django several times as
long as the database took to answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """In a prepared query, the place of a value that is known when it is asked."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self._name = name
        self._field = field

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:  # noqa: ARG002
        return "%s", (self,)

    def among(self, values: dict[str, Any], connection: Any) -> Any:
        """Its value, as the database takes it."""
        return self._field.get_db_prep_value(values[self._name], connection)


class Prepared:
    """A query of columns (`values_list`), which each thread works out once for its connection."""

    def __init__(self, query: Callable[[], QuerySet[Any, Any]]) -> None:
        self._query = query
        self._here = threading.local()

    def rows(self, **given: Any) -> list[list[Any]]:
        """What the database has for these values, named as the query's `Given` are."""
        connection = connections["default"]
        compiler: SQLCompiler | None = getattr(self._here, "compiler", None)
        if compiler is None or compiler.connection is not connection:
            compiler = self._query().query.get_compiler("default")
            self._here.sql, self._here.given = compiler.as_sql()
            columns = [column for column, *_ in compiler.select[: compiler.col_count]]
            self._here.converters = compiler.get_converters(columns)
            self._here.compiler = compiler
        values = [one.among(given, connection) if isinstance(one, Given) else one for one in self._here.given]
        with connection.cursor() as cursor:
            cursor.execute(self._here.sql, values)
            found = cursor.fetchall()
        return list(compiler.apply_converters(found, self._here.converters))


class PreparedRow[M: Model]:
    """A query of whole rows, of which the first is wanted, as its model has it."""

    def __init__(self, query: Callable[[], QuerySet[M, M]]) -> None:
        self._query = query
        self._rows = Prepared(lambda: query().values_list(*self._names))

    @cached_property
    def _model(self) -> type[M]:
        return self._query().model

    @cached_property
    def _names(self) -> list[str]:
        return [field.attname for field in self._model._meta.concrete_fields]

    def first(self, **given: Any) -> M | None:
        """The row that the database has first for these values."""
        rows = self._rows.rows(**given)
        return self._model.from_db("default", self._names, rows[0]) if rows else None
