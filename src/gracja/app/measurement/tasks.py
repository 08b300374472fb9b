"""Measuring in the background."""

from __future__ import annotations

from django.tasks import task

from gracja.app.measurement.models import Run
from gracja.app.measurement.services.runs import carry_out


@task
def carry_out_run(uid: str) -> None:
    """Carry out the run of this uid."""
    carry_out(Run.objects.select_related("edition").get(uid=uid))
