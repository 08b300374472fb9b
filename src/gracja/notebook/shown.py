"""Rows of results as people read them: shares in percent, "not measured" in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gracja.engine.tables import SUBJECT_KINDS
from gracja.report.model import Axis, Estimate
from gracja.report.words import percent, sentence, span
from gracja.wording import say

if TYPE_CHECKING:
    from gracja.notebook.results import Results

NONE: Final = "–"
_HALF: Final = 0.5


@dataclass(frozen=True)
class Seen:
    """One subject as it is shown. estimate: of one measure; its level is NaN-free and means nothing where
    `graded` is False.
    """

    name: str
    contacts: int
    estimate: Estimate
    classic: float | None
    grade: str | None
    graded: bool

    def value(self, lang: str) -> str:
        return percent(self.estimate.numbers[0], lang) if self.estimate.numbers else NONE

    def interval(self, lang: str) -> str:
        if not self.estimate.numbers:
            return NONE
        _, low, high = self.estimate.numbers
        return span(low, high) + percent(0, lang).removeprefix("0")

    def classic_percent(self, lang: str) -> str:
        return NONE if self.classic is None else percent(self.classic / 100, lang)

    def grade_said(self, lang: str) -> str:
        if not self.graded:
            return NONE
        return sentence(f"grade_{self.grade}" if self.grade else "grade_unknown", lang)

    @property
    def settled(self) -> bool:
        """Whether the side of the level is known; a full dot where there is no level."""
        return self.estimate.settled or not self.graded


def seen(results: Results, kind: str, measure: str) -> list[Seen]:
    """The subjects of one kind, in the order of the results."""
    level = _HALF if results.aspire is None else getattr(results.aspire, measure)
    return [
        Seen(
            name=row["subject"],
            contacts=row["contacts"],
            estimate=Estimate(row[measure], row[f"{measure}_low"], row[f"{measure}_high"], level),
            classic=row["classic"],
            grade=row["grade"],
            graded=results.aspire is not None,
        )
        for row in results.to_arrow(kind).to_pylist()
    ]


def axis_of(rows: Sequence[Seen]) -> Axis:
    """One scale for all rows, and the level where there is one."""
    known = [row.estimate for row in rows if row.estimate.numbers]
    if rows and rows[0].graded:
        return Axis.around(known, rows[0].estimate.level)
    middle = known[0].numbers[0] if known and known[0].numbers else _HALF
    return Axis.around(known, middle)


def first_kind(results: Results) -> str:
    """The kind that a print shows: employees, or else what there is."""
    kinds: list[Any] = results.measured.results["subject_kind"].unique().to_pylist()
    return next((kind for kind in SUBJECT_KINDS if kind in kinds), SUBJECT_KINDS[0])


def title(results: Results) -> str:
    """Whose marks, by which edition, with which intervals."""
    return say(
        f"results_{results.basis}",
        results.language,
        area="notebook",
        edition=results.edition,
        level=percent(results.level, results.language),
    )


def remarks(results: Results) -> list[str]:
    """What stands below the rows."""
    lang = results.language
    said = []
    if results.aspire is None:
        said.append(say("no_edition", lang, area="notebook"))
    if results.not_measured:
        said.append(say("not_measured", lang, area="notebook", count=len(results.not_measured)))
    if results.notes:
        said.append(say("notes", lang, area="notebook", codes=[note.code for note in results.notes]))
    return said
