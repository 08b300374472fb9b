"""What somebody hands over in Python: a table of any library, an edition in any form."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa

from gracja.engine.conversations.kinds import OBSERVATION, Kind
from gracja.engine.conversations.sheet import Sheet, check_sheet, table_as
from gracja.engine.edition.model import Edition, Enhancer, Part, Service, Standard
from gracja.engine.edition.read import EditionDocument, read_edition
from gracja.engine.errors import EngineInputError, Where
from gracja.files.document_text import text_of

_OF_PANDAS: Final = "__index_level_"  # an index without a name, which nobody wrote
_NAMES: Final = ("observations", "contacts")
_VERSION: Final = pl.col("edition").str.split("@").list.get(1, null_on_oob=True).cast(pl.Int64, strict=False)


def table_of(data: Any, name: str) -> pa.Table:
    """Anything with the Arrow C stream as a table. Raises EngineInputError: not_arrow, column_twice."""
    if not (hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__")):
        raise EngineInputError("not_arrow", Where(field=name), given=type(data).__name__)
    table = data if isinstance(data, pa.Table) else pa.table(data)
    twice = [column for column in table.column_names if table.column_names.count(column) > 1]
    if twice:
        raise EngineInputError("column_twice", Where(field=name), name=twice[0])
    return table


def rows_of(data: Any, kind: Kind) -> pa.Table:
    """The rows in the kind's schema, every one of them good; the first that is not is refused.

    Columns that the kind does not know are left out, with a warning. Rows count from 1. Raises
    EngineInputError: not_arrow, column_twice, columns_missing, column_type, column_without_zone,
    observations_empty, contacts_empty, observation_twice, wanted_twice, and the codes of the kind's rules.
    """
    name = _NAMES[kind is not OBSERVATION]
    table = table_of(data, name)
    if not table.num_rows:
        raise EngineInputError(f"{name}_empty", Where(field=name))
    try:
        typed, _ = table_as(kind, table)
    except EngineInputError as error:
        column = error.facts.get("name")
        where = Where(field=f"{name}.{column}" if column else name)
        raise EngineInputError(error.code, where, **error.facts) from None
    _warn_of_ignored(kind, table, name)
    _refuse_wrong(kind, typed, name)
    _refuse_twice(kind, typed, name)
    return typed


def edition_of(given: Any) -> Edition:
    """The edition in a path, in YAML text (of more than one line), or as it is.

    Raises EngineInputError: edition_not_found, edition_not_utf8, edition_type; ManyInputErrors as
    `read_edition`.
    """
    if isinstance(given, Edition):
        return given
    if isinstance(given, EditionDocument):
        return given.edition
    if isinstance(given, str) and "\n" in given:
        return read_edition(given).edition
    if isinstance(given, str | os.PathLike):
        path = Path(given)
        return read_edition(text_of(path, missing="edition_not_found"), file=str(path)).edition
    raise EngineInputError("edition_type", Where(field="edition"), given=type(given).__name__)


def edition_of_rows(observations: pa.Table) -> Edition:
    """An edition for rows whose own nobody gave: their standards, all for everyone and of weight 1.

    Raises EngineInputError: editions_several.
    """
    rows = pl.DataFrame(pl.from_arrow(observations.select(["edition", "standard"])))
    families = rows["edition"].str.split("@").list.first().unique().sort().to_list()
    if len(families) > 1:
        raise EngineInputError("editions_several", Where(field="observations.edition"), found=families[:20])
    version = max(rows.select(_VERSION.max()).item() or 1, 1)
    names = rows["standard"].unique().sort().to_list()
    # made past the rules for ids: what others call their standards and editions stays as they call it
    standards = [
        Standard.model_construct(standard=name, behaviour=name, channels=["in_person"]) for name in names
    ]
    enhancer = Enhancer.model_construct(enhancer="all", title="all", standards=standards)
    part = Part.model_construct(part="all", title="all", enhancers=[enhancer])
    return Edition.model_construct(
        gracja=1,
        id=families[0],
        version=version,
        title=families[0],
        service=Service(kind="encounter"),
        sequence=[part],
    )


def _warn_of_ignored(kind: Kind, table: pa.Table, name: str) -> None:
    ignored = [
        column
        for column in table.column_names
        if column not in kind.schema.names and not column.startswith(_OF_PANDAS)
    ]
    if ignored:
        warnings.warn(f"columns of {name} that nothing is read from: {', '.join(ignored)}", stacklevel=4)


def _refuse_wrong(kind: Kind, table: pa.Table, name: str) -> None:
    _, rejections = check_sheet(kind, Sheet(table, range(1, table.num_rows + 1), None))
    if rejections:
        first = rejections[0]
        where = Where(line=first.where.line, field=f"{name}.{first.where.field}")
        raise EngineInputError(first.code, where, **first.facts)


def _refuse_twice(kind: Kind, table: pa.Table, name: str) -> None:
    rows = pl.DataFrame(pl.from_arrow(table.select(list(kind.key))))
    again = ~rows.select(pl.struct(pl.all()).is_first_distinct()).to_series()
    if again.any():
        number = int(again.arg_true()[0])
        row = rows.row(number, named=True)
        code = "observation_twice" if kind is OBSERVATION else "wanted_twice"
        facts = {fact: row[fact] for fact in ("contact", "standard") if fact in row}
        raise EngineInputError(code, Where(line=number + 1, field=name), **facts)
