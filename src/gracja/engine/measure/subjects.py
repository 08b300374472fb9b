"""What the rated marks say of each employee, place, part, standard and evaluator."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from gracja.engine.measure.contacts import classic, classic_of_standards
from gracja.engine.measure.counts import RareShare, rare_share
from gracja.engine.measure.estimate import Rated, attributable
from gracja.engine.measure.findings import Findings, measured
from gracja.engine.measure.grades import Evidence, grades
from gracja.engine.measure.posterior import Mixture
from gracja.engine.measure.rows import Rows, where
from gracja.engine.tables import GRADES


def employee_rows(findings: Findings) -> Rows:
    names = findings.employees
    rows = Rows("employee", names)
    rows.count(findings.counted, "employee")
    rows.classic(classic(findings.frame, "employee"))
    if not names:
        return rows
    base, has_base = _people_share(findings.base, findings, findings.base_counted)
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
    """None where no critical standard was marked for anybody: what nobody looked at decides nothing."""
    if findings.critical_unseen or not any(s.critical for _, _, s in findings.edition.standards()):
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
    # Where base cannot be measured, contacts of the same kind will not tell either.
    rows.integers("needed", found.needed, ~known & evidence.has_base)


def _add_ranks(rows: Rows, findings: Findings) -> None:
    for position, column in enumerate(("rank_low", "rank_high", "tier")):
        rows.columns[column] = [
            findings.ranks[name][position] if name in findings.ranks else None for name in findings.employees
        ]


def place_rows(findings: Findings) -> Rows:
    """Shares at each place with the plain mean of its employees."""
    names = findings.counted["place"].drop_nulls().unique().sort().to_list()
    rows = Rows("place", names)
    rows.count(findings.counted, "place")
    rows.classic(classic(findings.frame, "place"))
    if not names:
        return rows
    for name, rated, frame in (
        ("base", findings.base, findings.base_counted),
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
    seen = set(findings.counted["part"].unique().to_list())
    names = [part.part for part in findings.edition.sequence if part.part in seen]
    rows = Rows("part", names)
    rows.count(findings.counted, "part")
    rows.classic(classic(findings.frame, "part"))
    if findings.base is None:
        return rows
    part_of = {standard.standard: part.part for part, _, standard in findings.edition.standards()}
    has = measured(attributable(findings.base_counted), "part", names)
    parts = []
    for name in names:
        mix = {s: w for s, w in findings.mix.items() if part_of[s] == name}
        parts.append(findings.base.shares(findings.base.nobody(), mix or findings.mix))
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
    seen = set(findings.counted["standard"].unique().to_list())
    names = [s.standard for _, _, s in findings.edition.standards() if s.standard in seen]
    rows = Rows("standard", names)
    rows.count(findings.counted, "standard")
    rows.classic(classic_of_standards(findings.frame))
    rungs = {s.standard: s.rung for _, _, s in findings.edition.standards()}
    for name, rung, rated in (
        ("base", "base", findings.base),
        ("initiative", "initiative", findings.initiative_standards),
    ):
        if rated is not None:
            has = np.array([rungs[s] == rung and s in rated.levels["standard"] for s in names])
            effects = rated.levels_of("standard", names)
            rows.share(name, rated.standards(names), has, findings.level)
            if name == "base":
                rows.logits(rated.contrasts(effects.with_intercept()), has)
    return rows


def evaluator_rows(findings: Findings) -> Rows:
    """How severe each evaluator is: positive marks lower than the others would."""
    names: list[str] = []
    if findings.basis == "human":
        names = findings.frame["evaluator"].drop_nulls().unique().sort().to_list()
    rows = Rows("evaluator", names)
    rows.count(findings.counted, "evaluator")
    rows.classic(classic(findings.frame, "evaluator"))
    if names and findings.base is not None and findings.base.has("evaluator"):
        severity = findings.base.contrasts(findings.base.levels_of("evaluator", names, -1.0))
        rows.logits(severity, measured(findings.base_frame, "evaluator", names))
    return rows
