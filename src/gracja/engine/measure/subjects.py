"""What the rated marks say of each employee, place, part, standard and evaluator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from gracja.engine.edition.model import Edition
from gracja.engine.measure.connected import components
from gracja.engine.measure.contacts import classic, classic_of_standards
from gracja.engine.measure.counts import RareShare, rare_share
from gracja.engine.measure.design import Ints
from gracja.engine.measure.estimate import Rated
from gracja.engine.measure.grades import FEWEST_CONTACTS, Evidence, grades
from gracja.engine.measure.measured import FitInfo, Note
from gracja.engine.measure.posterior import Mixture
from gracja.engine.measure.ranks import simultaneous_ranks
from gracja.engine.measure.rows import Rows, where
from gracja.engine.tables import GRADES


@dataclass(frozen=True)
class Findings:
    """Everything that results are made from.

    frame: all marks of the basis; base_frame: those that base rests on; outcomes: contact by contact. base,
    fit, initiative: rated, or None where nothing was measured; initiative_standards: rated mark by mark.
    """

    edition: Edition
    basis: str
    level: float
    frame: pl.DataFrame
    base_frame: pl.DataFrame
    outcomes: pl.DataFrame
    base: Rated | None
    fit: Rated | None
    initiative: Rated | None
    initiative_standards: Rated | None
    fit_info: FitInfo

    @cached_property
    def mix(self) -> dict[str, float]:
        """The reference mix: every standard that base rests on, at the edition's weight."""
        pairs = self.base_frame.select("standard", "weight").unique().sort("standard").rows()
        return {standard: float(weight) for standard, weight in pairs}

    @cached_property
    def employees(self) -> list[str]:
        return self._names("employee")

    @cached_property
    def contacts(self) -> Ints:
        """(employees,) contacts with a mark."""
        counts = dict(self.frame.group_by("employee").agg(pl.col("contact").n_unique()).rows())
        return np.array([counts[employee] for employee in self.employees], dtype=np.int64)

    @cached_property
    def enough(self) -> NDArray[np.bool_]:
        """(employees,) enough contacts, and base marks, to be ranked."""
        return (self.contacts >= FEWEST_CONTACTS) & measured(self.base_frame, "employee", self.employees)

    @cached_property
    def components(self) -> Ints:
        """(employees,) which of the comparable groups each belongs to."""
        one_eye = self.basis == "automatic" or not self._names("evaluator")
        return components(self.base_frame, self.employees, one_eye=one_eye)

    @cached_property
    def all_equal(self) -> bool:
        return self.base_frame["value"].n_unique() <= 1

    @cached_property
    def ranks(self) -> dict[str, tuple[int, int, int]]:
        """Employee -> (rank_low, rank_high, tier) among those whom the design connects."""
        ranks: dict[str, tuple[int, int, int]] = {}
        if self.base is None or self.all_equal or not self.base.has("employee"):
            return ranks
        for component in np.unique(self.components[self.enough]):
            names = [
                name
                for name, own, enough in zip(self.employees, self.components, self.enough, strict=True)
                if enough and own == component
            ]
            if len(names) > 1:
                found = simultaneous_ranks(self.base.posterior, self.base.people(names), self.level)
                rows = zip(found.low.tolist(), found.high.tolist(), found.tier.tolist(), strict=True)
                ranks.update(zip(names, rows, strict=True))
        return ranks

    def notes(self) -> list[Note]:
        """What the reader of a report should know about the whole run."""
        return [note for note in (*self._notes_on_design(), *self._notes_on_measures()) if note is not None]

    def _notes_on_design(self) -> list[Note | None]:
        evaluators, places = self._names("evaluator"), self._names("place")
        unnamed = self.frame["evaluator"].null_count() if self.basis == "human" else 0
        groups = len(np.unique(self.components[self.enough]))
        few = int((self.contacts < FEWEST_CONTACTS).sum())
        tiers = {(tier, own) for tier, own in self._tiers()}
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
            if len(self.ranks) > 1 and len(tiers) == groups == 1
            else None,
            Note("place_not_separable", {"places": len(places)}) if self._one_each(places) else None,
            Note("cannot_be_separated", {"components": groups}) if groups > 1 else None,
        ]

    def _notes_on_measures(self) -> list[Note | None]:
        critical = [s.standard for _, _, s in self.edition.standards() if s.critical]
        no_critical = bool(critical) and self.outcomes["critical_failed"].null_count() == len(self.outcomes)
        together = self.fit_info.dispersion
        return [
            Note("fit_not_measured", {}) if self.fit is None else None,
            Note("initiative_not_measured", {}) if self.initiative is None else None,
            Note("critical_not_measured", {"standards": len(critical)}) if no_critical else None,
            Note("marks_hang_together", {"dispersion": round(together, 3)}) if together > 1 else None,
        ]

    def _tiers(self) -> list[tuple[int, int]]:
        own = dict(zip(self.employees, self.components.tolist(), strict=True))
        return [(tier, own[name]) for name, (_, _, tier) in self.ranks.items()]

    def _one_each(self, places: list[str]) -> bool:
        """Several places, and no place has two employees, nor an employee two places."""
        pairs = self.frame.select("employee", "place").drop_nulls().unique()
        return len(places) > 1 and len(pairs) == len(places) == len(self.employees)

    def _names(self, column: str) -> list[str]:
        names: list[str] = self.frame[column].drop_nulls().unique().sort().to_list()
        return names


def measured(frame: pl.DataFrame, column: str, names: list[str]) -> NDArray[np.bool_]:
    """(names,) which of them occur in the frame."""
    seen = set(frame[column].drop_nulls().unique().to_list())
    return np.array([name in seen for name in names], dtype=np.bool_)


def employee_rows(findings: Findings) -> Rows:
    names = findings.employees
    rows = Rows("employee", names)
    rows.count(findings.frame, "employee")
    rows.classic(classic(findings.frame, "employee"))
    if not names:
        return rows
    base, has_base = _people_share(findings.base, findings, findings.base_frame)
    fit, has_fit = _people_share(findings.fit, findings, _with_outcome(findings, "fit"))
    initiative, has_initiative = _people_share(
        findings.initiative, findings, _with_outcome(findings, "initiative")
    )
    for name, mixture, has in (
        ("base", base, has_base),
        ("fit", fit, has_fit),
        ("initiative", initiative, has_initiative),
    ):
        if mixture is not None:
            rows.share(name, mixture, has, findings.level)
    if findings.base is not None:
        rows.logits(findings.base.contrasts(findings.base.people(names)), has_base)
    if base is not None:
        _add_grades(rows, findings, Evidence(
            findings.contacts, base, has_base, fit, has_fit, initiative, has_initiative,
            _critical(findings), _events(findings, "exceptional", findings.edition.aspire.exceptional),
        ))  # fmt: skip
    _add_ranks(rows, findings)
    return rows


def _with_outcome(findings: Findings, name: str) -> pl.DataFrame:
    return findings.outcomes.filter(pl.col(name).is_not_null())


def _people_share(
    rated: Rated | None, findings: Findings, frame: pl.DataFrame
) -> tuple[Mixture | None, NDArray[np.bool_]]:
    has = measured(frame, "employee", findings.employees)
    if rated is None:
        return None, has
    return rated.shares(
        rated.people(findings.employees), findings.mix if rated is findings.base else None
    ), has


def _critical(findings: Findings) -> RareShare | None:
    if not any(standard.critical for _, _, standard in findings.edition.standards()):
        return None
    return _events(findings, "critical_failed", findings.edition.aspire.critical_at_most)


def _events(findings: Findings, name: str, limit: float) -> RareShare:
    """The rare events of each employee; several evaluators of one contact are one voice."""
    by_contact = findings.outcomes.filter(pl.col(name).is_not_null()).group_by("employee", "contact")
    events = by_contact.agg(pl.col(name).cast(pl.Float64).mean())
    counts = {row[0]: row[1:] for row in events.group_by("employee").agg(pl.col(name).sum(), pl.len()).rows()}
    pairs = np.array([counts.get(employee, (0.0, 0)) for employee in findings.employees], dtype=np.float64)
    return rare_share(pairs[:, 0], pairs[:, 1], limit)


def _add_grades(rows: Rows, findings: Findings, evidence: Evidence) -> None:
    found = grades(evidence, findings.edition.aspire)
    known = found.grade >= 0
    rows.columns["grade"] = [GRADES[grade] if grade >= 0 else None for grade in found.grade]
    rows.columns["grade_probability"] = where(known, found.probability)
    rows.integers("needed", found.needed, ~known)


def _add_ranks(rows: Rows, findings: Findings) -> None:
    for position, column in enumerate(("rank_low", "rank_high", "tier")):
        rows.columns[column] = [
            findings.ranks[name][position] if name in findings.ranks else None for name in findings.employees
        ]


def place_rows(findings: Findings) -> Rows:
    """Shares at each place with the plain mean of its employees."""
    names = findings.frame["place"].drop_nulls().unique().sort().to_list()
    rows = Rows("place", names)
    rows.count(findings.frame, "place")
    rows.classic(classic(findings.frame, "place"))
    if not names:
        return rows
    for name, rated, frame in (
        ("base", findings.base, findings.base_frame),
        ("fit", findings.fit, _with_outcome(findings, "fit")),
        ("initiative", findings.initiative, _with_outcome(findings, "initiative")),
    ):
        if rated is not None:
            has = measured(frame, "place", names)
            mix = findings.mix if name == "base" else None
            rows.share(name, rated.shares(rated.at_places(names), mix), has, findings.level)
            if name == "base":
                rows.logits(rated.contrasts(rated.at_places(names)), has)
    return rows


def part_rows(findings: Findings) -> Rows:
    """Shares of each part's standards, with an average employee."""
    seen = set(findings.frame["part"].unique().to_list())
    names = [part.part for part in findings.edition.sequence if part.part in seen]
    rows = Rows("part", names)
    rows.count(findings.frame, "part")
    rows.classic(classic(findings.frame, "part"))
    if findings.base is None:
        return rows
    part_of = {standard.standard: part.part for part, _, standard in findings.edition.standards()}
    has = measured(findings.base_frame, "part", names)
    parts = []
    for name in names:
        mix = {s: w for s, w in findings.mix.items() if part_of[s] == name}
        nobody = np.zeros((1, findings.base.design.n_columns))
        parts.append(findings.base.shares(nobody, mix or findings.mix))
    joined = Mixture(
        np.concatenate([part.means for part in parts], axis=1),
        np.concatenate([part.deviations for part in parts], axis=1),
        parts[0].weights,
    )
    rows.share("base", joined, has, findings.level)
    rows.logits(joined, has)
    return rows


def standard_rows(findings: Findings) -> Rows:
    """The share of each standard with an average employee and evaluator."""
    seen = set(findings.frame["standard"].unique().to_list())
    names = [s.standard for _, _, s in findings.edition.standards() if s.standard in seen]
    rows = Rows("standard", names)
    rows.count(findings.frame, "standard")
    rows.classic(classic_of_standards(findings.frame))
    rungs = {s.standard: s.rung for _, _, s in findings.edition.standards()}
    for name, rung, rated in (
        ("base", "base", findings.base),
        ("initiative", "initiative", findings.initiative_standards),
    ):
        if rated is not None:
            has = np.array([rungs[s] == rung and s in rated.levels["standard"] for s in names])
            effects = rated.levels_of("standard", names)
            rows.share(name, rated.shares(effects), has, findings.level)
            if name == "base":
                effects[:, -1] = 1.0
                rows.logits(rated.contrasts(effects), has)
    return rows


def evaluator_rows(findings: Findings) -> Rows:
    """How severe each evaluator is: positive marks lower than the others would."""
    names: list[str] = []
    if findings.basis == "human":
        names = findings.frame["evaluator"].drop_nulls().unique().sort().to_list()
    rows = Rows("evaluator", names)
    rows.count(findings.frame, "evaluator")
    rows.classic(classic(findings.frame, "evaluator"))
    if names and findings.base is not None and findings.base.has("evaluator"):
        severity = findings.base.contrasts(findings.base.levels_of("evaluator", names, -1.0))
        rows.logits(severity, measured(findings.base_frame, "evaluator", names))
    return rows
