"""How strictly evaluators mark, for those who may read results in the whole company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import exp, log
from typing import Any, Final

from django.db.models import Exists, OuterRef

from gracja.app.measurement.models import Result, Run
from gracja.app.measurement.selectors.model_fit import Follows, follows
from gracja.app.measurement.selectors.results import company_estimates
from gracja.app.observations.models import Mark, Visit
from gracja.app.observations.selectors.outside import outside_names
from gracja.app.organisation.access import places_where
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.notices import measured_from
from gracja.report.model import Axis, Estimate

_DEVIATIONS: Final = 1.96  # to either side of a 95 % interval
_INSIDE: Final = 0.005  # a share of exactly 0 or 1 has no logit


@dataclass(frozen=True)
class EvaluatorShown:
    """One evaluator. share: what they would mark of a service that an average evaluator marks with the
    share's level; without numbers where nothing tells them from the service or the other evaluators.
    follows: whether their marks are as what the others' lead to expect.
    """

    title: Any  # a person or a name; "": not known
    contacts: int
    share: Estimate
    follows: Follows


@dataclass(frozen=True)
class Strictness:
    """Evaluators by name. average: the share that an average evaluator marks; None: not measured."""

    evaluators: list[EvaluatorShown]
    average: float | None
    axis: Axis

    @property
    def told_apart(self) -> int:
        """How many are almost certainly stricter or more lenient than average."""
        return sum(one.share.settled for one in self.evaluators)

    @property
    def evenness_known(self) -> bool:
        return any(one.follows.word != "unknown" for one in self.evaluators)

    @property
    def erratic(self) -> int:
        """How many mark less evenly than chance would have it."""
        return sum(one.follows.word == "erratic" for one in self.evaluators)


@dataclass(frozen=True, slots=True)
class Uncounted:
    """The visits of a run's period that it does not rest on. on_trial: made before `told`, the first day of
    which staff know that visits are measured (None: they were never told); later: those that would count now.
    """

    on_trial: int
    told: date | None
    later: int


def uncounted(run: Run) -> Uncounted:
    """Why a run without evaluators has none."""
    marked = Mark.objects.filter(visit=OuterRef("pk"), status="marked")
    visits = Visit.objects.filter(
        Exists(marked),
        edition__edition_id=run.edition.edition_id,
        edition__version__lte=run.edition.version,
        occurred_at__gte=_midnight(run.period_start),
        occurred_at__lt=_midnight(run.period_end + timedelta(days=1)),
    )
    told = measured_from("visit")
    counting = visits.none() if told is None else visits.filter(occurred_at__gte=_midnight(told))
    later = counting.count()
    return Uncounted(visits.count() - later, told, later)


def strictness(*, by: User, run: Run) -> Strictness:
    """Every evaluator of this run; nobody where `by` may not read results in the whole company."""
    rows = [] if places_where(by, "result.read") else _rows(run)
    average = company_estimates(run)["base"].value
    outside = outside_names() if rows else {}
    shown = [
        EvaluatorShown(
            row.person or outside.get(row.subject, ""), row.contacts, _share(row.row, average), follows(row)
        )
        for row in rows
    ]
    shown.sort(key=lambda one: str(one.title))
    level = 0.5 if average is None else average
    return Strictness(shown, average, Axis.around([one.share for one in shown], level))


def _rows(run: Run) -> list[Result]:
    return list(run.results.filter(subject_kind="evaluator").select_related("person"))


def _share(row: dict[str, Any], average: float | None) -> Estimate:
    """The average share, moved by the evaluator's severity in logits."""
    severity, error = row["measure"], row["se"]
    if average is None or severity is None or error is None:
        return Estimate(None, None, None, 0.5 if average is None else average)
    inside = min(max(average, _INSIDE), 1 - _INSIDE)
    middle = log(inside / (1 - inside)) - severity
    value, low, high = (1 / (1 + exp(-(middle + side * _DEVIATIONS * error))) for side in (0, -1, 1))
    return Estimate(value, low, high, average)


def _midnight(day: date) -> datetime:
    """As services.gather.Period counts days."""
    return datetime.combine(day, time(), UTC)
