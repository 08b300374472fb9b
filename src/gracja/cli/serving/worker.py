"""The process that does what takes long: imports, scoring, measurements. `gracja serve` starts it.

django-tasks-db gives up after one failure; here a task that was cut off, or met a database that could not
be had, is tried again. So whatever is a task must do no harm when it is begun twice.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import django

django.setup()

# ruff: noqa: E402  (Django's models are there only after its set-up)
from django.conf import settings
from django.db import DatabaseError, connections
from django.tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from gracja.app.common.clock import now
from gracja.app.contacts.services.value import refit_value_daily
from gracja.app.gestures.calls.services.proposing import propose_contacts
from gracja.app.gestures.club.services.levels import update_levels
from gracja.app.gestures.services.expiring import expire_due
from gracja.app.home import heartbeat
from gracja.app.measurement.services.nights import measure_by_night
from gracja.app.measurement.services.refreshing import refresh_estimates
from gracja.app.operations.cleaning import clear_what_is_over

log = logging.getLogger("gracja.worker")
ATTEMPTS: Final = 3
BEAT_SECONDS: Final = 5
CLEARED_EVERY: Final = timedelta(days=1)
LOOKED_EVERY: Final = timedelta(seconds=15)
# A database that is locked, restarted or out of reach: another moment may be better.
PASSING: Final = frozenset(("django.db.utils.OperationalError", "django.db.utils.InterfaceError"))


class Patient(Worker):
    """Tries again, later each time, what failed for a reason that passes."""

    def run_task(self, db_task_result: DBTaskResult[..., Any]) -> None:
        super().run_task(db_task_result)
        if db_task_result.exception_class_path in PASSING and len(db_task_result.worker_ids) < ATTEMPTS:
            again(db_task_result, after=timedelta(seconds=15 * 4 ** len(db_task_result.worker_ids)))


def again(task: DBTaskResult[..., Any], *, after: timedelta = timedelta(0)) -> None:
    """Put a task back in the queue."""
    DBTaskResult.objects.filter(pk=task.pk).update(
        status="READY", run_after=now() + after, finished_at=None, exception_class_path="", traceback=""
    )
    log.info("task put back", extra={"facts": {"task": task.task_path, "attempt": len(task.worker_ids)}})


def put_back_what_was_cut_off(worker_id: str) -> None:
    """Tasks that ran here when the machine stopped. After three attempts they are left as failed."""
    for task in DBTaskResult.objects.filter(status="RUNNING"):
        if task.worker_ids[-1:] != [worker_id]:
            continue  # another machine's, on a shared PostgreSQL
        if len(task.worker_ids) < ATTEMPTS:
            again(task)
        else:
            task.set_failed(RuntimeError("cut off three times"))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One worker a data folder: a second one waits until the first is gone."""
    with (folder / "worker.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def end_with_parent() -> None:
    """Our standard input is a pipe from `gracja serve`; its end is the end of us both."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def beat(file: Path, ended: threading.Event) -> None:
    """Touch a file that /health/ looks at."""
    while not ended.is_set():
        file.touch()
        ended.wait(BEAT_SECONDS)
    file.unlink(missing_ok=True)


def keep_clear(ended: threading.Event) -> None:
    """Clear what is over now, and every day: a server may run for months. Gestures that nobody used in time
    give their money back, the club's levels follow what was bought, and so does what customers are worth, and
    contacts are proposed.
    """
    while not ended.is_set():
        for chore in (clear_what_is_over, expire_due, refit_value_daily, update_levels, propose_contacts):
            _try(chore)
        ended.wait(CLEARED_EVERY.total_seconds())


def keep_measured(ended: threading.Event) -> None:
    """Look whether the night's hour has come, and whether there are new contacts that move somebody."""
    while not ended.is_set():
        for chore in (measure_by_night, refresh_estimates):
            _try(chore)
        ended.wait(LOOKED_EVERY.total_seconds())


def _try(chore: Callable[[], object]) -> None:
    """One that fails keeps neither the others nor its own next time from coming."""
    try:
        chore()
    except DatabaseError as error:  # locked or out of reach: the next time will do
        log.warning(
            "chore not done", extra={"facts": {"chore": chore.__name__, "error": type(error).__name__}}
        )
    except Exception:  # a fault of ours or of the disk: said with where it arose
        log.exception("chore not done", extra={"facts": {"chore": chore.__name__}})
    finally:
        connections.close_all()


def main() -> None:
    threading.Thread(target=end_with_parent, daemon=True).start()
    folder = Path(settings.HOME)
    worker_id = f"{socket.gethostname()[:40]}:{folder.stat().st_ino}"
    with alone(folder):
        put_back_what_was_cut_off(worker_id)
        connections.close_all()
        ended = threading.Event()
        beating = threading.Thread(target=beat, args=(heartbeat(folder), ended), daemon=True)
        beating.start()
        for keep in (keep_clear, keep_measured):
            threading.Thread(target=keep, args=(ended,), daemon=True).start()
        worker = Patient(
            queue_names=["*"],
            interval=1,
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        worker.configure_signals()
        try:
            worker.run()
        finally:
            ended.set()
            beating.join(BEAT_SECONDS)


if __name__ == "__main__":
    main()
