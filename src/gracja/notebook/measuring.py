"""`gracja.measure` and the classic scores, for tables of any library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal

import polars as pl
import pyarrow as pa

from gracja.engine import classic
from gracja.engine import measure as engine
from gracja.engine.conversations.kinds import CONTACT, OBSERVATION
from gracja.engine.errors import EngineInputError, Where
from gracja.notebook.given import edition_of, edition_of_rows, rows_of, table_of
from gracja.notebook.results import Results
from gracja.wording import LANGUAGES, say, say_error

_NEEDS_A_LEVEL = ("grade", "grade_probability", "needed")


def measure(
    observations: Any,
    edition: Any = None,
    *,
    contacts: Any = None,
    source: Literal["auto", "human", "automatic"] = "auto",
    level: float = 0.95,
    language: Literal["en", "pl"] = "en",
) -> Results:
    """Fair results for employees, places, parts, standards and evaluators.

    observations: any table with the Arrow C stream (Polars, pandas 3, pyarrow, a DuckDB relation). Needed:
    `contact`, `standard`, `edition`, `source`, `status`, and `value` where the status is `marked`; the
    others as the manual's page on observations says.
    edition: a path, YAML text, or an edition. Without one every standard in the rows counts alike, and
    there is no level, so no grade is given.
    contacts: a table that says what was wanted, where it is known. source: `human` marks (visits, reviews),
    `automatic` ones, or `auto`: human where there are any. level: of all intervals, between 0 and 1.
    language: of what the results say of themselves.

    >>> import polars as pl
    >>> marks = pl.DataFrame({
    ...     "contact": [f"c{n}" for n in range(40)],
    ...     "employee": ["anna", "darek"] * 20,
    ...     "standard": ["greet"] * 20 + ["thanks"] * 20,
    ...     "value": [1.0, 0.0, 1.0, 1.0] * 10,
    ... }).with_columns(edition=pl.lit("salon@3"), source=pl.lit("review"), status=pl.lit("marked"))
    >>> results = measure(marks)
    >>> results
    Results by salon@3, from people's marks; intervals of 95%.
    employee  contacts  base  interval  classic  grade
    anna            20   96%   81–100%     100%      –
    darek           20   53%    32–73%      50%      –
    No edition was given: every standard counts alike, and there is no level to grade against.
    To be known of all of it (`notes`): evaluator_unnamed, fit_not_measured, initiative_not_measured.
    >>> results.to_polars("standard")["subject"].to_list()
    ['greet', 'thanks']
    >>> measure(marks.with_columns(value=pl.lit(1.5)))
    Traceback (most recent call last):
    ...
    gracja.engine.errors.EngineInputError: number_out_of_range [1 observations.value] ...
    Row 1, column observations.value: 1.5 is out of range: from 0 to 1.

    Raises EngineInputError, with the column and row (from 1) where there is one, and the sentence for it as a
    note: not_arrow, observations_empty, columns_missing, column_twice, column_type, column_without_zone,
    field_missing, field_choice, value_missing, value_unexpected, number_out_of_range, inclusion_out_of_range,
    observation_twice, and the other rules for observations and contacts; editions_several, edition_type,
    edition_not_found and all of reading an edition; edition_does_not_match, level_out_of_range,
    choice_unknown.
    """
    if language not in LANGUAGES:
        raise EngineInputError(
            "choice_unknown", Where(field="language"), given=language, known=list(LANGUAGES)
        )
    with _in_words(language):
        rows = rows_of(observations, OBSERVATION)
        wanted = None if contacts is None else rows_of(contacts, CONTACT)
        document = edition_of_rows(rows) if edition is None else edition_of(edition)
        measured = engine.measure(rows, document, contacts=wanted, source=source, level=level)
    if edition is None:
        measured = replace(measured, results=_without_grades(measured.results))
    aspire = None if edition is None else document.aspire
    return Results(measured, rows, document, aspire, level=level, language=language)


def review_scores(answers: Any) -> pl.DataFrame:
    """Classic scores of reviews, in percent: what checklists and quality tools compute, and no fair measure.

    answers: any table with the Arrow C stream, a row for each category of a review: `review`, `category`,
    `selected` (null: not applicable), `lowest`, `highest`, and optional `weight`, `section`,
    `section_weight`, `critical`, `bonus`. Returns `review`, `answered`, `failed`, `score` (null: not
    measured).

    >>> import polars as pl
    >>> review_scores(pl.DataFrame({
    ...     "review": ["a", "a"], "category": ["polite", "solved"],
    ...     "selected": [5, 2], "lowest": [1, 1], "highest": [5, 5],
    ... }))["score"].to_list()
    [62.5]

    Raises EngineInputError as `gracja.engine.classic.review_scores`.
    """
    return _scores(classic.review_scores, answers)


def category_scores(answers: Any) -> pl.DataFrame:
    """Each answer with its `score`: where it stands on its scale, in percent. As `review_scores`.

    >>> import polars as pl
    >>> category_scores(pl.DataFrame({
    ...     "review": ["a"], "category": ["polite"], "selected": [4], "lowest": [1], "highest": [5],
    ... }))["score"].to_list()
    [75.0]
    """
    return _scores(classic.category_scores, answers)


def _scores(score: Callable[[pl.DataFrame], pl.DataFrame], answers: Any) -> pl.DataFrame:
    with _in_words("en"):
        return score(pl.DataFrame(pl.from_arrow(table_of(answers, "answers"))))


@contextmanager
def _in_words(language: str) -> Iterator[None]:
    """An error leaves with its sentence as a note, which a traceback shows below it."""
    try:
        yield
    except EngineInputError as error:
        error.add_note(_said(error, language))
        raise


def _said(error: EngineInputError, language: str) -> str:
    """The sentence, behind row and column where it is about a row of a table."""
    if error.where.line is None or error.where.file is not None:
        return say_error(error, language)
    sentence = say_error(EngineInputError(error.code, **error.facts), language)
    place = say("in_row", language, area="notebook", row=error.where.line, column=error.where.field)
    return f"{place}: {sentence}"


def _without_grades(results: pa.Table) -> pa.Table:
    for name in _NEEDS_A_LEVEL:
        place = results.schema.get_field_index(name)
        field = results.schema.field(place)
        results = results.set_column(place, field, pa.nulls(results.num_rows, field.type))
    return results
