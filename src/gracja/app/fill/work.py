"""What waits in the queue, worked off here and now, by the worker that always does it."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from gracja.app.common import jobs


def work_off() -> None:
    """Do every task that is due.

    Raises RuntimeError: a job failed; a demo without it would be shown as if it were whole.
    """
    with jobs.at_once():
        Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id="demo",
            excluded_queue_names=[],
        ).run()
    for job in _failed():
        raise RuntimeError(f"{type(job).__name__} {job.uid}: {job.trouble}")


def _failed() -> Iterator[jobs.Job]:
    for kind in apps.get_models():
        kept = kind._meta.default_manager
        if issubclass(kind, jobs.Job) and kept is not None:
            yield from (job for job in kept.filter(state="failed") if isinstance(job, jobs.Job))
