"""Results in Python: they print, plot, and turn into tables of other libraries."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from gracja.engine.edition.model import Aspire, Edition
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.measure.measured import Measured, Note, NotMeasured
from gracja.engine.tables import SUBJECT_KINDS
from gracja.wording import say_error

if TYPE_CHECKING:  # what draws or compiles is loaded when somebody asks for it
    from gracja.engine.measure.running import Running
    from gracja.notebook.picture import Picture

MEASURES: Final = ("base", "fit", "initiative")


class Results:
    """What was measured: one row for each employee, place, part, standard and evaluator.

    It is a table to every library that reads the Arrow C stream: `polars.DataFrame(results)`,
    `duckdb.sql("from results")`. The columns are those of `results.parquet` in the manual; empty means
    "not measured", never 0.
    """

    def __init__(
        self,
        measured: Measured,
        observations: pa.Table,
        document: Edition,
        aspire: Aspire | None,
        *,
        level: float,
        language: str,
    ) -> None:
        self.measured = measured
        self._observations = observations
        self._document = document
        self.edition = document.name
        self.aspire = aspire  # None where no edition was given
        self.level = level
        self.language = language

    @property
    def basis(self) -> str:
        """`human` or `automatic`: whose marks these results rest on."""
        return self.measured.basis

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a reader should know of the whole, as codes with facts."""
        return self.measured.notes

    @property
    def not_measured(self) -> tuple[NotMeasured, ...]:
        """Who and what has no result, and why."""
        return self.measured.not_measured

    @property
    def model_fit(self) -> pl.DataFrame:
        """Who and what follows the rating model (schema MODEL_FIT): infit and outfit of employees, standards
        and evaluators with the range that chance leaves, and each standard's slope; empty: not known.
        """
        return pl.DataFrame(pl.from_arrow(self.measured.model_fit))

    def agreement(self) -> pl.DataFrame:
        """How far people agree with each other and with the detector, by standard and in all (schema
        AGREEMENT), with intervals at the level of these results; empty: not measured.
        """
        from gracja.engine.measure.agreement.of_marks import agreements  # noqa: PLC0415  (see above)

        found = agreements(self._observations, self._document, level=self.level)
        return pl.DataFrame(pl.from_arrow(found.table))

    def to_arrow(self, kind: str | None = None) -> pa.Table:
        """The rows, or those of one kind of subject, in the schema RESULTS.

        kind: employee, place, part, standard, evaluator. Raises EngineInputError: choice_unknown.
        """
        results = self.measured.results
        if kind is None:
            return results
        refuse_unknown("kind", kind, SUBJECT_KINDS, self.language)
        return results.filter(pc.equal(results["subject_kind"], pa.scalar(kind)))

    def to_polars(self, kind: str | None = None) -> pl.DataFrame:
        """The rows as a Polars frame. Raises EngineInputError as `to_arrow`."""
        return pl.DataFrame(pl.from_arrow(self.to_arrow(kind)))

    def to_pandas(self, kind: str | None = None) -> Any:
        """The rows as a pandas frame. Raises EngineInputError as `to_arrow`; pandas_missing."""
        table = self.to_arrow(kind)
        try:
            import_module("pandas")
        except ImportError:
            error = EngineInputError("pandas_missing")
            error.add_note(say_error(error, self.language))
            raise error from None
        return table.to_pandas()

    def running(self) -> Running:
        """Employees' base measures that move with each new contact, until all is measured again.

        Where a detector's marks count beside people's, the contacts to add are people's marks.

        Raises EngineInputError: running_of_nothing.
        """
        from gracja.engine.measure.running import Running  # noqa: PLC0415  (compiles when first asked for)

        rated = self.measured.fitted.rated
        if rated is None:
            error = EngineInputError("running_of_nothing")
            error.add_note(say_error(error, self.language))
            raise error
        return Running.of(rated, self.measured.fit_info.dispersion)

    def plot(self, kind: str = "employee", measure: str = "base") -> Picture:
        """A picture of every subject's share with its interval, and the level where an edition names one.

        kind: as `to_arrow`; measure: base, fit, initiative. Subjects stand in the order of the results: an
        order by share would rank those whom nobody can tell apart. Raises EngineInputError: choice_unknown.
        """
        from gracja.notebook.picture import picture_of  # noqa: PLC0415  (see above)

        refuse_unknown("measure", measure, MEASURES, self.language)
        return picture_of(self, kind, measure)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.measured.results.__arrow_c_stream__(requested_schema)  # type: ignore[no-untyped-call]

    def __len__(self) -> int:
        return int(self.measured.results.num_rows)

    def __repr__(self) -> str:
        from gracja.notebook.printed import as_text  # noqa: PLC0415  (see above)

        return as_text(self)

    def _repr_html_(self) -> str:
        from gracja.notebook.printed import as_html  # noqa: PLC0415  (see above)

        return as_html(self)


def refuse_unknown(what: str, given: str, known: tuple[str, ...], language: str) -> None:
    """Raises EngineInputError: choice_unknown."""
    if given not in known:
        error = EngineInputError("choice_unknown", Where(field=what), given=given, known=list(known))
        error.add_note(say_error(error, language))
        raise error
