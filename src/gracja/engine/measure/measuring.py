"""Observations to fair results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, get_args

import polars as pl
import pyarrow as pa

from gracja.engine import tables
from gracja.engine.edition.model import Edition
from gracja.engine.errors import EngineInputError
from gracja.engine.measure.combine import Combined, combine
from gracja.engine.measure.contacts import (
    base_marks,
    contact_outcomes,
    initiative_marks,
    unfit_modes,
    unmatched_contacts,
    with_wanted,
)
from gracja.engine.measure.digest import run_digest
from gracja.engine.measure.estimate import (
    FACETS,
    Rated,
    attributable,
    design_of,
    dispersion_of,
    rate,
    steps_of,
)
from gracja.engine.measure.findings import Findings
from gracja.engine.measure.marks import Marks, Source, checked, observation_rows, usable_marks
from gracja.engine.measure.measured import FitInfo, Measured, Note, NotMeasured
from gracja.engine.measure.mix import check_mix
from gracja.engine.measure.model_fit import Fitted
from gracja.engine.measure.one_thread import one_thread
from gracja.engine.measure.ordered import OrderedFit, Scales, fit_at_slopes, scales_of
from gracja.engine.measure.rating import RatingFit, fit_design
from gracja.engine.measure.rows import results_table
from gracja.engine.measure.subjects import (
    employee_rows,
    evaluator_rows,
    part_rows,
    place_rows,
    standard_rows,
)

MOST_LEVELS: Final = 200_000
"""Of a facet: so many employees of a few marks each take minutes and some GB, and time grows with them."""
Progress = Callable[[str, float], None]


@one_thread
def measure(
    observations: pa.Table,
    edition: Edition,
    *,
    contacts: pa.Table | None = None,
    source: Source = "auto",
    level: float = 0.95,
    mix: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> Measured:
    """Fair results for employees, places, parts, standards and evaluators.

    observations: `tables.OBSERVATIONS`; contacts: `tables.CONTACTS`, where it is known what was wanted.
    source: `human` (visits and reviews), `automatic`, or `auto`: people's marks where there are any, and
    beside them, for base, those of detectors whose error people's marks of the same contacts tell.
    level: of all intervals, in (0, 1). mix: how much each base standard counts, frozen once for all
    measurements that shall compare (`mix.weights_of`); without, each by the edition's weight. What it
    does not have counts in no base but the standard's own. progress: told (stage, share done). Pure: the same
    rows, in any order, give the same results.

    Shares (`base`, `fit`, `initiative`) are 0-1, `classic` is percent, `measure` and `se` are logits; what
    each means is written in docs/adr/0003. Null is "not measured".

    Raises EngineInputError: observations_empty, columns_missing, column_type, column_has_gaps,
    value_missing, value_out_of_range, choice_unknown, observation_twice, edition_does_not_match,
    wanted_out_of_range, wanted_twice, level_out_of_range, mix_standard_unknown, mix_weight_range, mix_empty,
    rating_too_wide (more than 10,000 levels beside the largest facet, and marks on scales),
    rating_too_many_levels (more than 200,000 employees, evaluators or places).
    """
    if not 0 < level < 1:
        raise EngineInputError("level_out_of_range", given=level)
    if source not in get_args(Source):
        raise EngineInputError("choice_unknown", given=source, known=list(get_args(Source)))
    if mix is not None:
        check_mix(mix, edition)
    tell = progress or _silence
    tell("marks", 0.0)
    marks = usable_marks(observations, edition, source)
    frame = with_wanted(marks.frame, contacts)
    automatic = with_wanted(marks.automatic.clear() if source == "human" else marks.automatic, contacts)
    notes = (*marks.notes, *unmatched_contacts(contacts, marks.observed))
    run = _run(observations, contacts, edition, source, level, mix)
    if frame.is_empty():
        return Measured(
            results_table([], {}), marks.not_measured, marks.basis, notes, FitInfo(), Fitted(frame, None)
        )
    _check_levels(frame)
    used = replace(marks, frame=frame, automatic=automatic)
    findings = replace(_findings(used, edition, level, tell), frozen=mix)
    tell("results", 0.8)
    employees = employee_rows(findings)
    kinds = [
        employees,
        place_rows(findings),
        part_rows(findings),
        standard_rows(findings),
        evaluator_rows(findings),
    ]
    common = {
        "period_start": frame["occurred_at"].min(),
        "period_end": frame["occurred_at"].max(),
        "edition": edition.name,
        "run": run,
        "provisional": ",".join(findings.provisional),
    }
    results = results_table(kinds, common)
    tell("results", 1.0)
    unfit = [NotMeasured("standard", name, why, {}) for name, why in unfit_modes(frame).items()]
    unfit += [NotMeasured("part", name, "part_outside_mix", {}) for name in findings.parts_outside_mix]
    notes = (*_notes_on_automatic(notes, findings), *findings.notes())
    missing = _still_missing(marks.not_measured, findings)
    return Measured(
        results,
        (*missing, *unfit),
        marks.basis,
        notes,
        findings.fit_info,
        Fitted(attributable(findings.base_frame), findings.base),
    )


def _check_levels(frame: pl.DataFrame) -> None:
    """Raises EngineInputError: rating_too_many_levels."""
    for facet in FACETS:
        if (levels := frame[facet].n_unique()) > MOST_LEVELS:
            raise EngineInputError("rating_too_many_levels", facet=facet, levels=levels, most=MOST_LEVELS)


def _silence(stage: str, share: float) -> None:
    """Nobody asked to be told."""


def _findings(marks: Marks, edition: Edition, level: float, tell: Progress) -> Findings:
    frame = marks.frame
    facets = FACETS if marks.basis == "human" else tuple(f for f in FACETS if f != "evaluator")
    base, scales = base_marks(frame), scales_of(edition)
    tell("base", 0.1)
    base_rated, info = _rate_base(base, facets, scales)
    combined = _combined(base, base_marks(marks.automatic), level)
    if combined is not None:
        base_rated, info = (
            combined.rated,
            replace(
                info,
                integrated_theta=combined.rated.posterior.theta,
                dispersion=combined.dispersions[0],
                marks=info.marks + len(combined.automatic),
                detector_errors=combined.errors,
            ),
        )
    tell("outcomes", 0.5)
    outcomes = contact_outcomes(frame, marks.customers, edition.aspire)
    by_contact = tuple(f for f in facets if f != "standard")
    return Findings(
        edition=edition,
        basis=marks.basis,
        level=level,
        frame=frame,
        base_frame=base,
        automatic=marks.automatic.clear() if combined is None else combined.automatic,
        outcomes=outcomes,
        base=base_rated,
        fit=_rate_outcome(outcomes, "fit", by_contact),
        initiative=_rate_outcome(outcomes, "initiative", by_contact),
        initiative_standards=_rate(initiative_marks(frame), facets, scales),
        fit_info=info,
    )


def _rate(frame: pl.DataFrame, facets: tuple[str, ...], scales: Scales | None = None) -> Rated | None:
    return None if frame.is_empty() else rate(attributable(frame), facets, scales=scales)


def _rate_outcome(outcomes: pl.DataFrame, name: str, facets: tuple[str, ...]) -> Rated | None:
    known = outcomes.filter(pl.col(name).is_not_null()).with_columns(value=pl.col(name).cast(pl.Float64))
    return _rate(known, facets)


def _rate_base(base: pl.DataFrame, facets: tuple[str, ...], scales: Scales) -> tuple[Rated | None, FitInfo]:
    if base.is_empty():
        return None, FitInfo()
    base = attributable(base)
    rated = rate(base, facets, scales=scales)
    dispersion = dispersion_of(base, rated)
    if dispersion > 1:
        rated = rate(base, facets, dispersion, scales)
    info = FitInfo(integrated_theta=rated.posterior.theta, dispersion=dispersion, marks=len(base))
    values = base["value"]
    if values.min() == values.max():
        return rated, info  # maximum likelihood has no optimum when all marks are one and the same
    optimum = _optimum(base, facets, rated)
    return rated, replace(
        info,
        theta=optimum.theta,
        intercept=optimum.intercept,
        log_likelihood=optimum.log_likelihood(),
        log_likelihood_error=optimum.log_likelihood_error if isinstance(optimum, RatingFit) else 0.0,
    )


def _optimum(base: pl.DataFrame, facets: tuple[str, ...], rated: Rated) -> RatingFit | OrderedFit:
    """By maximum likelihood; slopes of scales, which it may leave without bound, as the results have them."""
    if rated.scales is None:
        return fit_design(design_of(base, facets)[0], "nagq0")
    return fit_at_slopes(steps_of(base, facets, rated.scales)[0], rated.posterior)


def _combined(human: pl.DataFrame, automatic: pl.DataFrame, level: float) -> Combined | None:
    if automatic.is_empty() or human["employee"].null_count() == len(human):
        return None
    return combine(attributable(human), automatic.filter(pl.col("employee").is_not_null()), level=level)


def _notes_on_automatic(notes: tuple[Note, ...], findings: Findings) -> tuple[Note, ...]:
    """What did not count is what neither people's marks nor the combination of both used."""
    used, errors = len(findings.automatic), findings.fit_info.detector_errors
    if not used:
        return notes
    told = [Note("automatic_combined", {
        "rows": used, "pairs": sum(error.pairs for error in errors), "standards": len(errors)
    })]  # fmt: skip
    for note in notes:
        left = note.facts["rows"] - used if note.code == "automatic_left_out" else None
        if left is None:
            told.append(note)
        elif left:
            told.append(Note(note.code, {"rows": left}))
    return tuple(told)


def _still_missing(missing: tuple[NotMeasured, ...], findings: Findings) -> tuple[NotMeasured, ...]:
    """Without those whom a detector's marks measure after all."""
    found = {
        kind: set(findings.automatic[kind].drop_nulls().unique().to_list())
        for kind in ("employee", "standard")
    }
    return tuple(
        one
        for one in missing
        if one.code not in {"automatic_marks_only", "standard_never_marked"}
        or one.subject not in found[one.subject_kind]
    )


def _run(
    observations: pa.Table,
    contacts: pa.Table | None,
    edition: Edition,
    source: str,
    level: float,
    mix: Mapping[str, float] | None,
) -> str:
    rows = observation_rows(observations)
    wanted: Any = None
    if contacts is not None:
        wanted = checked(
            contacts,
            tables.CONTACTS,
            ("contact", "segment", "wanted_low", "wanted_high", "wanted_source"),
            "contacts",
        )
    frozen = () if mix is None else (sorted(mix.items()),)
    return run_digest(edition, [rows, wanted], source, level, *frozen)
