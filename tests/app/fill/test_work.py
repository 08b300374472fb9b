"""What the demo's filling does with work that breaks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gracja.app.fill.autumn import at
from gracja.app.fill.work import work_off
from gracja.app.measurement.models import Run
from gracja.app.measurement.services import runs


@pytest.mark.django_db(transaction=True)
def test_a_measurement_that_breaks_ends_the_filling_though_its_clock_stands_still(
    cast, told, visits, edition, monkeypatch, settings
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    tried = []

    def breaks(run):
        tried.append(run.uid)
        raise ArithmeticError

    monkeypatch.setattr(runs, "_measure", breaks)

    with at(datetime(2026, 9, 1, 7, tzinfo=UTC)):
        run = runs.ask_for_run(by=cast.grazyna, edition_uid=edition.uid)
        with pytest.raises(RuntimeError, match=run.uid):
            work_off()

    assert tried == [run.uid] * 3
    assert Run.objects.get(pk=run.pk).state == "failed"
