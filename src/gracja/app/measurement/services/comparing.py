"""Whether there is anything new to measure."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from gracja.app.measurement.models import Run
from gracja.app.measurement.services.gather import Gathered
from gracja.engine.edition.model import Edition
from gracja.engine.measure.digest import run_digest
from gracja.engine.measure.marks import observation_rows


def digest_of(
    gathered: Gathered, edition: Edition, trainees: frozenset[str], mix: Mapping[str, float] | None
) -> str:
    """One name for all that results follow from: marks, what was wanted, who is in training, the mix, the
    edition and the version that measures.
    """
    rows = observation_rows(gathered.observations, blind=True)
    wanted = pl.DataFrame(pl.from_arrow(gathered.contacts))
    return run_digest(edition, [rows, wanted], sorted(trainees), sorted((mix or {}).items()))


def measured_before(run: Run) -> bool:
    """Whether the last measurement of this edition, from the same day on, had the very same."""
    done = Run.objects.filter(edition=run.edition, period_start=run.period_start, state="done")
    last = done.order_by("-finished_at").values_list("went_in", flat=True).first()
    return last == run.went_in
