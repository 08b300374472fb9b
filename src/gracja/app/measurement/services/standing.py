"""What new contacts are reckoned against until the next measurement: kept with the newest of each edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Max

from gracja.app.measurement.models import Footing, Result, Run, Standing
from gracja.app.measurement.services.fairly import Fairly
from gracja.app.observations.models import Visit
from gracja.engine.edition.model import Edition
from gracja.engine.measure import Measured
from gracja.engine.measure.ordered.held import HeldScales
from gracja.engine.measure.running import Measure, Running

# Visits put in by others while a measurement begins carry numbers from before it; none is as long under way.
_UNDER_WAY: Final = timedelta(days=1)
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Had:
    """What a measurement had, as Standing keeps it."""

    after_visit: int
    visits: list[int]
    batches: set[str]


def visits_of(observations: pa.Table, asked_at: datetime) -> tuple[int, list[int]]:
    """(the last visit of long before the run was asked for, the numbers of those after it whose marks are
    here).
    """
    long_ago = Visit.objects.filter(recorded_at__lt=asked_at - _UNDER_WAY)
    before = long_ago.aggregate(last=Max("pk"))["last"] or 0
    of_visits: Any = pc.equal(observations["source"], pa.scalar("visit"))
    here = set(observations.filter(of_visits)["contact"].unique().to_pylist())
    later = Visit.objects.filter(pk__gt=before).values_list("pk", "contact")
    return before, sorted(pk for pk, contact in later.iterator() if contact in here)


def runnings_of(fairly: Fairly, edition: Edition, mix: Mapping[str, float] | None) -> list[Running]:
    """What Standing keeps as its fits: of all, and of those in training if apart; empty where there is no
    base. It reckons of everybody: before the transaction that keeps it.
    """
    first = _running(fairly.measured, edition, mix)
    if first is None:
        return []
    apart = _running(fairly.apart, edition, mix) if fairly.apart is not None else None
    return [first] if apart is None else [first, apart]


def keep_standing(run: Run, fits: list[Running], trainees: frozenset[str], had: Had) -> None:
    """In the transaction in which the results are kept. A measurement of days that had gone by when it was
    asked for has none: what comes in now is not of its days. Nor has one that a later one overtook.

    fits: runnings_of.
    """
    theirs = Standing.objects.filter(run__edition=run.edition)
    if run.period_end < run.asked_at.date() or theirs.filter(run__asked_at__gt=run.asked_at).exists():
        return
    theirs.delete()
    Footing.objects.filter(result__run__edition=run.edition).delete()
    if not fits:
        return
    Standing.objects.create(
        run=run,
        fits=[_plain(one) for one in fits],
        after_visit=had.after_visit,
        visits=had.visits,
        batches=sorted(had.batches),
    )
    measured = run.results.filter(subject_kind="employee", base__isnull=False).only("subject", "run_id")
    Footing.objects.bulk_create(
        (
            one
            for result in measured
            if (one := _footing(result, fits, apart=result.subject in trainees)) is not None
        ),
        batch_size=_AT_ONCE,
    )


def _running(measured: Measured, edition: Edition, frozen: Mapping[str, float] | None) -> Running | None:
    """With the mix that base is told over; None where there is no base."""
    rated = measured.fitted.rated
    if rated is None:
        return None
    weights = (
        {one.standard: float(one.weight) for _, _, one in edition.standards()} if frozen is None else frozen
    )
    mix = {name: weights[name] for name in rated.levels["standard"] if name in weights}
    return Running.of(rated, measured.fit_info.dispersion, mix) if mix else None


def _footing(result: Result, fits: list[Running], *, apart: bool) -> Footing | None:
    number = 1 if apart and len(fits) > 1 else 0
    running = fits[number]
    if result.subject not in running.known:
        return None
    mean, error, own_error = running.known[result.subject]
    return Footing(
        result=result,
        fit=number,
        mean=mean,
        error=error,
        own_error=own_error,
        usual=running.usual.get(result.subject, 0.0),
        common=running.common.get(result.subject, 0.0),
    )


def _plain(running: Running) -> dict[str, Any]:
    """All but its people, as JSON keeps it."""
    scales = running.scales
    return {
        "unknown": list(running.unknown),
        "intercept": running.intercept,
        "standards": running.standards,
        "evaluators": running.evaluators,
        "places": running.places,
        "dispersion": running.dispersion,
        "mix": running.mix,
        "scales": {
            "of": scales.of,
            "slopes": scales.slopes.tolist(),
            "tops": scales.tops.tolist(),
            "sums": scales.sums.tolist(),
        },
    }


def running_of(plain: Mapping[str, Any], footings: Mapping[str, Footing]) -> Running:
    """As it was when it was kept, with these people. footings: employee -> theirs."""
    scales = plain["scales"]
    return Running(
        Measure(*plain["unknown"]),
        plain["intercept"],
        plain["standards"],
        plain["evaluators"],
        plain["places"],
        plain["dispersion"],
        {name: Measure(one.mean, one.error, one.own_error) for name, one in footings.items()},
        {name: one.usual for name, one in footings.items()},
        {name: one.common for name, one in footings.items()},
        HeldScales(
            scales["of"],
            np.array(scales["slopes"], dtype=np.float64),
            np.array(scales["tops"], dtype=np.int64),
            np.array(scales["sums"], dtype=np.float64),
        ),
        plain["mix"],
    )
