"""What the rated marks say of each employee, place, part, standard and evaluator."""

from __future__ import annotations

import numpy as np
import polars as pl

from gracja.engine.measure.cells import Ints
from gracja.engine.measure.contacts import classic, classic_of_standards
from gracja.engine.measure.counts import rare_share
from gracja.engine.measure.estimate import Rated, attributable
from gracja.engine.measure.findings import Findings, measured
from gracja.engine.measure.grades import Evidence, Rare, Share, grades, rare
from gracja.engine.measure.learning import Learning, learning
from gracja.engine.measure.posterior import Mixture
from gracja.engine.measure.rows import Rows, where
from gracja.engine.measure.teams import place_shares
from gracja.engine.tables import GRADES


def employee_rows(findings: Findings) -> Rows:
    names = findings.employees
    rows = Rows("employee", names)
    rows.count(findings.counted, "employee")
    rows.classic(classic(findings.frame, "employee"))
    if not names:
        return rows
    rated = findings.base_of_mix
    base = _measure(findings, rated, findings.base_counted, findings.fit_info.dispersion)
    fit = _measure(findings, findings.fit, _with_outcome(findings, "fit"))
    initiative = _measure(findings, findings.initiative, _with_outcome(findings, "initiative"))
    for name, share in (("base", base), ("fit", fit), ("initiative", initiative)):
        if share is not None:
            rows.share(name, share.mixture, share.has, findings.level)
    if rated is not None and base is not None:
        rows.logits(rated.contrasts(rated.people(names)), base.has)
        exceptional = _events(findings, "exceptional", findings.edition.aspire.exceptional)
        evidence = Evidence(findings.contacts, base, fit, initiative, _critical(findings), exceptional)
        _add_grades(rows, findings, evidence)
    _add_ranks(rows, findings)
    return rows


def _with_outcome(findings: Findings, name: str) -> pl.DataFrame:
    known = findings.outcomes.filter(pl.col(name).is_not_null())
    return known.with_columns(value=pl.col(name).cast(pl.Float64))


def _measure(
    findings: Findings, rated: Rated | None, frame: pl.DataFrame, dispersion: float = 1.0
) -> Share | None:
    if rated is None:
        return None
    names, of_base = findings.employees, rated is findings.base

    def ahead(positions: Ints) -> Learning:
        some = [names[position] for position in positions]
        return learning(rated, _worth(frame, findings), some, findings.contacts[positions], dispersion)

    mix = findings.mix if of_base else None
    return Share(rated.shares(rated.people(names), mix), measured(frame, "employee", names), ahead)


def _worth(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """A detector's mark tells as much less as its errors leave of the difference between met and not met."""
    errors = findings.fit_info.detector_errors
    if not errors or "source" not in frame.columns:
        return frame
    left = {one.standard: (one.sensitivity + one.specificity - 1) ** 2 for one in errors}
    worth = pl.col("standard").replace_strict(left, default=0.0, return_dtype=pl.Float64)
    own = pl.col("share") * pl.when(pl.col("source") == "automatic").then(worth).otherwise(1.0)
    return frame.with_columns(share=own)


def _critical(findings: Findings) -> Rare | None:
    """None where no critical standard was marked for anybody: what nobody looked at decides nothing."""
    if findings.critical_unseen or not any(s.critical for _, _, s in findings.edition.standards()):
        return None
    return _events(findings, "critical_failed", findings.edition.aspire.critical_at_most)


def _events(findings: Findings, name: str, limit: float) -> Rare:
    """The rare events of each employee; several evaluators of one contact are one voice."""
    by_contact = findings.outcomes.filter(pl.col(name).is_not_null()).group_by("employee", "contact")
    events = by_contact.agg(pl.col(name).cast(pl.Float64).mean())
    counts = {row[0]: row[1:] for row in events.group_by("employee").agg(pl.col(name).sum(), pl.len()).rows()}
    pairs = np.array([counts.get(employee, (0.0, 0)) for employee in findings.employees], dtype=np.float64)
    return rare(rare_share(pairs[:, 0], pairs[:, 1], limit), findings.contacts)


def _add_grades(rows: Rows, findings: Findings, evidence: Evidence) -> None:
    found = grades(evidence, findings.edition.aspire)
    known = found.grade >= 0
    rows.columns["grade"] = [GRADES[grade] if grade >= 0 else None for grade in found.grade]
    rows.columns["grade_probability"] = where(known, found.probability)
    # Where base cannot be measured, contacts of the same kind will not tell either.
    rows.integers("needed", found.needed, ~known & evidence.base.has)


def _add_ranks(rows: Rows, findings: Findings) -> None:
    for position, column in enumerate(("rank_low", "rank_high", "tier")):
        rows.columns[column] = [
            findings.ranks[name][position] if name in findings.ranks else None for name in findings.employees
        ]


def place_rows(findings: Findings) -> Rows:
    """Shares at each place, of its employees."""
    names = findings.counted["place"].drop_nulls().unique().sort().to_list()
    rows = Rows("place", names)
    rows.count(findings.counted, "place")
    rows.classic(classic(findings.frame, "place"))
    if not names:
        return rows
    for name, rated, frame in (
        ("base", findings.base_of_mix, findings.base_counted),
        ("fit", findings.fit, _with_outcome(findings, "fit")),
        ("initiative", findings.initiative, _with_outcome(findings, "initiative")),
    ):
        if rated is not None:
            has = measured(frame, "place", names)
            mix = findings.mix if name == "base" else None
            rows.share(name, place_shares(rated, names, mix), has, findings.level)
            if name == "base":
                rows.logits(rated.contrasts(rated.at_places(names)), has)
    return rows


def part_rows(findings: Findings) -> Rows:
    """Shares of each part's standards, with an average employee; none of a part outside the frozen mix."""
    seen = set(findings.counted["part"].unique().to_list())
    names = [part.part for part in findings.edition.sequence if part.part in seen]
    rows = Rows("part", names)
    rows.count(findings.counted, "part")
    rows.classic(classic(findings.frame, "part"))
    base = findings.base_of_mix
    if base is None:
        return rows
    part_of = {standard.standard: part.part for part, _, standard in findings.edition.standards()}
    has = measured(attributable(findings.base_counted), "part", names)
    parts = []
    for position, name in enumerate(names):
        mix = {s: w for s, w in findings.mix.items() if part_of[s] == name}
        has[position] &= bool(mix)
        parts.append(base.shares(base.nobody(), mix))
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
