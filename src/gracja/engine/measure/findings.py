"""Everything that results are made from, and what a reader should know about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from gracja.engine.edition.model import Edition
from gracja.engine.measure.cells import Ints
from gracja.engine.measure.connected import components
from gracja.engine.measure.estimate import Rated, attributable
from gracja.engine.measure.grades import FEWEST_CONTACTS
from gracja.engine.measure.measured import PROVISIONAL_CODES, FitInfo, Note
from gracja.engine.measure.ranks import simultaneous_ranks
from gracja.engine.measure.wide import WIDEST, hardly_marked


@dataclass(frozen=True)
class Findings:
    """Everything that results are made from.

    frame: all marks of the basis; base_frame: those that base rests on; automatic: marks of a detector that
    base rests on beside people's; outcomes: contact by contact. base,
    fit, initiative: rated, or None where nothing was measured; initiative_standards: rated mark by mark.
    frozen: the reference mix that was given, standard -> weight.
    """

    edition: Edition
    basis: str
    level: float
    frame: pl.DataFrame
    base_frame: pl.DataFrame
    automatic: pl.DataFrame
    outcomes: pl.DataFrame
    base: Rated | None
    fit: Rated | None
    initiative: Rated | None
    initiative_standards: Rated | None
    fit_info: FitInfo
    frozen: Mapping[str, float] | None = None

    @cached_property
    def counted(self) -> pl.DataFrame:
        """All marks that some result rests on."""
        return pl.concat([self.frame, self.automatic])

    @cached_property
    def base_counted(self) -> pl.DataFrame:
        """All marks that base rests on."""
        return pl.concat([self.base_frame, self.automatic])

    @cached_property
    def mix(self) -> dict[str, float]:
        """The reference mix, of the standards that base rests on: as it was frozen, else at the edition's
        weight. One that only marks of nobody show has no effect of its own to predict with.
        """
        if self.frozen is None:
            return self._weights
        return {name: self.frozen[name] for name in self._weights if name in self.frozen}

    @cached_property
    def _weights(self) -> dict[str, float]:
        """The edition's weight of each standard with a base mark of somebody."""
        pairs = attributable(self.base_counted).select("standard", "weight").unique().sort("standard").rows()
        return {standard: float(weight) for standard, weight in pairs}

    @property
    def base_of_mix(self) -> Rated | None:
        """What tells base over the mix: None where nothing of the frozen mix was marked."""
        return self.base if self.mix else None

    @cached_property
    def parts_outside_mix(self) -> list[str]:
        """Parts with base marks of somebody, none of a standard that the frozen mix has."""
        part_of = {standard.standard: part.part for part, _, standard in self.edition.standards()}
        inside, marked = {part_of[name] for name in self.mix}, {part_of[name] for name in self._weights}
        return [part.part for part in self.edition.sequence if part.part in marked - inside]

    @property
    def _outside_mix(self) -> list[str]:
        """Standards with a base mark of somebody that the frozen mix does not have."""
        return [name for name in self._weights if name not in self.mix]

    @property
    def _unmarked(self) -> list[str]:
        """Standards of the frozen mix that nobody marked."""
        marked = set(self.counted["standard"].unique().to_list())
        return [name for name in self.frozen or {} if name not in marked]

    @cached_property
    def employees(self) -> list[str]:
        return self._names("employee")

    @cached_property
    def contacts(self) -> Ints:
        """(employees,) contacts with a mark."""
        counts = dict(self.counted.group_by("employee").agg(pl.col("contact").n_unique()).rows())
        return np.array([counts[employee] for employee in self.employees], dtype=np.int64)

    @cached_property
    def enough(self) -> NDArray[np.bool_]:
        """(employees,) enough contacts, and base marks, to be ranked."""
        return (self.contacts >= FEWEST_CONTACTS) & measured(self.base_counted, "employee", self.employees)

    @cached_property
    def components(self) -> Ints:
        """(employees,) which of the comparable groups each belongs to."""
        one_eye = self.basis == "automatic" or not self._names("evaluator")
        # the detector is one eye for those whom it watched, and says nothing of anybody else
        watched = self.automatic.with_columns(evaluator=pl.lit("\0detector", pl.String))
        return components(pl.concat([self.base_frame, watched]), self.employees, one_eye=one_eye)

    @cached_property
    def all_equal(self) -> bool:
        return self.base_counted["value"].n_unique() <= 1

    @cached_property
    def ranks(self) -> dict[str, tuple[int, int, int]]:
        """Employee -> (rank_low, rank_high, tier) among those whom the design connects."""
        ranks: dict[str, tuple[int, int, int]] = {}
        base = self.base_of_mix
        if base is None or self.all_equal or not base.has("employee"):
            return ranks
        members: dict[int, list[str]] = {}
        for name, own, enough in zip(self.employees, self.components.tolist(), self.enough, strict=True):
            if enough:
                members.setdefault(own, []).append(name)
        for _, names in sorted(members.items()):
            if len(names) > 1:
                found = simultaneous_ranks(base.posterior, base.people(names), self.level)
                rows = zip(found.low.tolist(), found.high.tolist(), found.tier.tolist(), strict=True)
                ranks.update(zip(names, rows, strict=True))
        return ranks

    @cached_property
    def critical_unseen(self) -> int:
        """Critical standards of the edition where nobody has a mark of any, where it was due; else 0."""
        marked = self.outcomes.drop_nulls(["employee", "critical_failed"])
        return sum(s.critical for _, _, s in self.edition.standards()) if marked.is_empty() else 0

    @property
    def provisional(self) -> list[str]:
        """Why these results are provisional, in the order of PROVISIONAL_CODES."""
        reasons = (self.basis == "automatic", self.frozen is None, self.critical_unseen > 0)
        return [code for code, holds in zip(PROVISIONAL_CODES, reasons, strict=True) if holds]

    def notes(self) -> list[Note]:
        """What the reader of a report should know about the whole run."""
        return [note for note in (*self._notes_on_design(), *self._notes_on_measures()) if note is not None]

    def _notes_on_design(self) -> list[Note | None]:
        evaluators, places = self._names("evaluator"), self._names("place")
        unnamed = self.frame["evaluator"].null_count() if self.basis == "human" else 0
        groups = len(np.unique(self.components[self.enough]))
        few = int((self.contacts < FEWEST_CONTACTS).sum())
        return [
            Note("all_marks_equal", {"share": float(self.base_frame["value"][0])})
            if self.all_equal and len(self.base_frame)
            else None,
            Note("one_evaluator", {"evaluator": evaluators[0]})
            if self.basis == "human" and len(evaluators) == 1 and not unnamed
            else None,
            Note("evaluator_unnamed", {"rows": unnamed}) if unnamed else None,
            Note("one_employee", {}) if len(self.employees) == 1 else None,
            Note("few_contacts", {"employees": few, "least": FEWEST_CONTACTS}) if few else None,
            Note("employees_indistinguishable", {"employees": len(self.ranks)})
            if self.ranks and groups == 1 and self._nobody_apart
            else None,
            Note("place_not_separable", {"places": len(places)}) if self._one_each(places) else None,
            Note("cannot_be_separated", {"components": groups}) if groups > 1 else None,
        ]

    def _notes_on_measures(self) -> list[Note | None]:
        unseen, together = self.critical_unseen, self.fit_info.dispersion
        levels = 0 if self.base is None else self.base.design.n_rest - 1
        outside = self._outside_mix
        return [
            Note("mix_not_all_marked", {"standards": len(self._unmarked)}) if self._unmarked else None,
            Note("marked_outside_mix", {"standards": len(outside), "names": outside}) if outside else None,
            Note("mix_not_marked", {}) if self.base is not None and not self.mix else None,
            Note("fit_not_measured", {}) if self.fit is None else None,
            Note("initiative_not_measured", {}) if self.initiative is None else None,
            Note("critical_not_measured", {"standards": unseen}) if unseen else None,
            Note("marks_hang_together", {"dispersion": round(together, 3)}) if together > 1 else None,
            Note("intervals_by_simulation", {"levels": levels}) if levels >= WIDEST else None,
            Note("wide_with_few_marks", {}) if self._hardly_known else None,
        ]

    @property
    def _hardly_known(self) -> bool:
        """Whether anything rests on a design both too wide for a matrix and with hardly a mark of each."""
        designs = [rated.design for rated in (self.base, self.fit, self.initiative) if rated is not None]
        return any(design.n_rest > WIDEST and hardly_marked(design) for design in designs)

    @property
    def _nobody_apart(self) -> bool:
        return all(low == 1 and high == len(self.ranks) for low, high, _ in self.ranks.values())

    def _one_each(self, places: list[str]) -> bool:
        """Several places, and no place has two employees, nor an employee two places."""
        pairs = self.counted.select("employee", "place").drop_nulls().unique()
        return len(places) > 1 and len(pairs) == len(places) == len(self.employees)

    def _names(self, column: str) -> list[str]:
        names: list[str] = self.counted[column].drop_nulls().unique().sort().to_list()
        return names


def measured(frame: pl.DataFrame, column: str, names: list[str]) -> NDArray[np.bool_]:
    """(names,) which of them occur in the frame."""
    seen = set(frame[column].drop_nulls().unique().to_list())
    return np.array([name in seen for name in names], dtype=np.bool_)
