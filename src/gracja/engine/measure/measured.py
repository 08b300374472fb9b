"""What measuring hands back: results, what could not be measured and why, and notes for the reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa

if TYPE_CHECKING:
    from gracja.engine.measure.model_fit import Fitted

# Why a result is provisional, in the order in which they are written.
PROVISIONAL_CODES: Final = ("automatic_only", "reference_mix_open", "critical_not_measured")

# Why a subject has no result, or rows were left out of the estimate.
NOT_MEASURED_CODES: Final = (
    "no_usable_marks",  # employee: rows, but none marked
    "automatic_marks_only",  # employee: beside others' human marks only automatic ones
    "customer_or_self_only",  # employee: only their own or customers' words, which are no measurement
    "standard_unknown",  # standard: not in the edition; facts: rows
    "standard_never_marked",  # standard: in the edition, never marked
    "wanted_unknown",  # standard of a mode: base needs to know what was wanted
    "mode_never_wanted",  # standard of a mode: what was wanted is known, and was never this
    "part_outside_mix",  # part: marked, but none of its marked standards is in the frozen reference mix
)

# Facts about the whole run, for the reader of a report.
NOTE_CODES: Final = (
    "all_marks_equal",  # facts: share
    "one_evaluator",  # facts: evaluator
    "evaluator_unnamed",  # facts: rows
    "one_employee",
    "employees_indistinguishable",  # facts: employees
    "few_contacts",  # facts: employees, least
    "place_not_separable",  # facts: places
    "cannot_be_separated",  # facts: components
    "automatic_left_out",  # facts: rows
    "automatic_combined",  # facts: rows, pairs (marks that people made too), standards
    "human_left_out",  # facts: rows; source="automatic" was asked for
    "customer_left_out",  # facts: rows
    "self_left_out",  # facts: rows
    "older_revisions_left_out",  # facts: rows
    "employee_unknown",  # facts: rows
    "earlier_version",  # facts: rows; same edition, other version: a standard's id keeps its meaning
    "earlier_version_left_out",  # facts: rows; the same mark was also made under a later version
    "other_edition",  # facts: rows, editions
    "unknown_standards",  # facts: rows, standards
    "contacts_unmatched",  # facts: rows; what was wanted is given for contacts nobody observed
    "mix_not_all_marked",  # facts: standards (of the frozen reference mix)
    "marked_outside_mix",  # facts: standards, names (marked, and not in the frozen reference mix)
    "mix_not_marked",  # no standard of the frozen reference mix was marked: nobody has a base
    "fit_not_measured",
    "initiative_not_measured",
    "critical_not_measured",  # facts: standards
    "marks_hang_together",  # facts: dispersion
    "intervals_by_simulation",  # facts: levels (beside the largest facet)
    "wide_with_few_marks",  # under two marks of each employee on average: intervals are too short
)


class Note(NamedTuple):
    """A coded fact for the reader of the report."""

    code: str
    facts: dict[str, Any]


class DetectorError(NamedTuple):
    """How often a standard's detector agrees with people, with an average employee at an average place.

    pairs: marks that both made. Shares 0-1 with their interval: sensitivity of what people marked met,
    specificity of what they marked not met.
    """

    standard: str
    pairs: int
    sensitivity: float
    sensitivity_low: float
    sensitivity_high: float
    specificity: float
    specificity_low: float
    specificity_high: float


class NotMeasured(NamedTuple):
    """A subject without a result, and why."""

    subject_kind: str
    subject: str
    code: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FitInfo:
    """How the rating model of the base marks was fitted.

    theta: facet -> standard deviation in logits at the optimum of `objective`, where the log-likelihood is
    `log_likelihood`. integrated_theta: posterior means of the same, which the results rest on. dispersion:
    how much more the marks of one contact vary together than if they were independent (1 = not).
    All empty or NaN where there was nothing to fit. log_likelihood_error: where the company is too wide for
    a matrix (note `intervals_by_simulation`) the log-likelihood rests on stochastic Lanczos quadrature, and
    this is its standard error; theta is then found to about 1 %. 0 where both are exact. detector_errors: of
    the standards whose automatic marks count beside people's; theta and log_likelihood are then those of
    people's marks alone.
    """

    objective: str = "nagq0"
    theta: dict[str, float] = field(default_factory=dict)
    integrated_theta: dict[str, float] = field(default_factory=dict)
    intercept: float = float("nan")
    log_likelihood: float = float("nan")
    log_likelihood_error: float = 0.0
    dispersion: float = 1.0
    marks: int = 0
    detector_errors: tuple[DetectorError, ...] = ()


@dataclass(frozen=True)
class Measured:
    """results: schema `tables.RESULTS`; basis: `human` or `automatic`; fitted: what base rests on, for
    `model_fit`.
    """

    results: pa.Table
    not_measured: tuple[NotMeasured, ...]
    basis: str
    notes: tuple[Note, ...]
    fit_info: FitInfo
    fitted: Fitted

    @cached_property
    def model_fit(self) -> pa.Table:
        """Who and what follows the rating model (tables.MODEL_FIT), reckoned when it is asked for."""
        # who only reads results need not wait for SciPy
        from gracja.engine.measure.model_fit import model_fit  # noqa: PLC0415

        return model_fit(self.fitted)
