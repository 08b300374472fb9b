"""The answers of scorecards, checked row by row."""

from __future__ import annotations

from typing import Final

import polars as pl

from gracja.engine.errors import EngineInputError, Where

_NUMBERS: Final = ("selected", "lowest", "highest", "weight", "section_weight")
_FLAGS: Final = ("critical", "bonus")
_TEXTS: Final = ("review", "section", "category")
_NEEDED: Final = ("review", "category", "selected", "lowest", "highest")
_MAY_BE_EMPTY: Final = ("selected",)  # not applicable, or not answered


def checked_answers(answers: pl.DataFrame) -> pl.DataFrame:
    """The answers with every column there is, in its type, and `row` counted from 1.

    Without `weight` a category weighs as many points as its scale has; without `section_weight` a section
    weighs as much as its categories. Raises EngineInputError as `review_scores`.
    """
    missing = [name for name in _NEEDED if name not in answers.columns]
    if missing:
        raise EngineInputError(
            "columns_missing", Where(field="answers"), missing=missing, found=answers.columns[:20]
        )
    if answers.is_empty():
        raise EngineInputError("answers_empty", Where(field="answers"))
    given = [name for name in (*_TEXTS, *_NUMBERS, *_FLAGS) if name in answers.columns]
    rows = pl.DataFrame([_typed(answers[name]) for name in given]).with_row_index("row", offset=1)
    _check_scales(rows)
    rows = rows.with_columns(
        pl.lit(value).alias(name)
        for name, value in (("section", ""), ("critical", False), ("bonus", False))
        if name not in given
    )
    if "weight" not in given:
        rows = rows.with_columns(weight=pl.col("highest") - pl.col("lowest"))
    _check_weights(rows)
    _check_once(rows)
    return rows


def _typed(column: pl.Series) -> pl.Series:
    """Raises EngineInputError: column_type, column_has_gaps."""
    name = column.name
    expected: pl.DataType = (
        pl.String() if name in _TEXTS else pl.Boolean() if name in _FLAGS else pl.Float64()
    )
    fits = column.dtype.is_numeric() if name in _NUMBERS else column.dtype == expected
    if not fits and column.dtype != pl.Null and not (name in _TEXTS and column.dtype.is_integer()):
        raise EngineInputError(
            "column_type",
            Where(field=f"answers.{name}"),
            name=name,
            expected=str(expected),
            given=str(column.dtype),
        )
    if name not in _MAY_BE_EMPTY and (gaps := column.null_count()):
        first = int(column.is_null().arg_true()[0]) + 1
        raise EngineInputError(
            "column_has_gaps", Where(line=first, field=f"answers.{name}"), name=name, rows=gaps
        )
    return column.cast(expected)


def _check_scales(rows: pl.DataFrame) -> None:
    """Raises EngineInputError: scale_not_finite, scale_empty, selected_outside_scale."""
    low, high, selected = pl.col("lowest"), pl.col("highest"), pl.col("selected")
    for name in _NUMBERS:
        if name in rows.columns:
            _refuse_first(rows, ~pl.col(name).is_finite(), "number_not_finite", name, "given")
    _refuse_first(rows, low >= high, "scale_empty", "highest", "lowest", "highest")
    outside = (selected < low) | (selected > high)
    _refuse_first(rows, outside, "selected_outside_scale", "selected", "given", "lowest", "highest")


def _check_weights(rows: pl.DataFrame) -> None:
    """Raises EngineInputError: weight_negative, section_weights_differ."""
    for name in ("weight", "section_weight"):
        if name in rows.columns:
            _refuse_first(rows, pl.col(name) < 0, "weight_negative", name, "given")
    if "section_weight" in rows.columns:
        own = pl.col("section_weight")
        other = own != own.first().over("review", "section")
        _refuse_first(rows, other, "section_weights_differ", "section_weight", "review", "section")


def _check_once(rows: pl.DataFrame) -> None:
    """Raises EngineInputError: answer_twice."""
    again = ~pl.struct("review", "section", "category").is_first_distinct()
    _refuse_first(rows, again, "answer_twice", "category", "review", "category")


def _refuse_first(rows: pl.DataFrame, wrong: pl.Expr, code: str, column: str, *facts: str) -> None:
    """Raise this code for the first wrong row; `given` is what stands in the column."""
    found = rows.filter(wrong).head(1)
    if len(found):
        row = found.row(0, named=True)
        raise EngineInputError(
            code,
            Where(line=row["row"], field=f"answers.{column}"),
            **{fact: row[column if fact == "given" else fact] for fact in facts},
        )
