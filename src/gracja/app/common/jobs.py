"""Work in the background: claimed by one worker, tried again with growing waits, gone on with after a death.

The queue has no retries, and a worker that was killed leaves its task running for ever. So the job itself
says who is alive (`beat_at`), and each claim leaves a second call of the task for later: it finds the job
done, alive, or dead, and in the last case goes on with it. Whatever is called here must be harmless when done
twice.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any, Final

from django.db import DatabaseError, connection, models
from django.db.models import F, Q
from django.tasks import Task

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.common.uid import new_uid
from gracja.engine.errors import EngineInputError

log = logging.getLogger(__name__)
MOST_ATTEMPTS: Final = 3
WAITS: Final = (timedelta(seconds=30), timedelta(minutes=3))  # after the first attempt, after the second
DEAD_AFTER: Final = timedelta(seconds=90)
LOOKED_AFTER: Final = timedelta(minutes=2)
BEAT_SECONDS: Final = 1.0  # where the work tells how far it is
PULSE_SECONDS: Final = 20.0  # where it does not
PASSING: Final = frozenset(("archive_busy", "archive_overtaken", "archive_full"))  # of engine errors
_AT_ONCE: Final = ContextVar("at_once", default=False)
_BROKE: Final[dict[str, Any]] = {"code": "job_broke", "facts": {}}


class Job(models.Model):
    """Work in the background: where it stands, and whether whoever does it is still alive."""

    STATES: tuple[str, ...] = ("queued", "running", "done", "failed")

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    state = models.CharField(max_length=10, default="queued", choices=[(s, s) for s in STATES])
    share_done = models.FloatField(default=0)
    counts = models.JSONField(default=dict)
    trouble = models.JSONField(default=dict)  # code and facts, where it failed
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)  # waits for the next attempt
    beat_at = models.DateTimeField(null=True, blank=True)  # when the one at work last said so
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def under_way(self) -> bool:
        return self.state in ("queued", "running")

    @property
    def dead(self) -> bool:
        """Whether it runs, but nobody has worked at it for a while."""
        return self.state == "running" and (self.beat_at is None or self.beat_at < now() - DEAD_AFTER)


def put_in_queue(job: Job) -> None:
    """From the beginning, with all its attempts; the caller saves it, and enqueues its task on commit."""
    job.state, job.attempts, job.not_before, job.trouble = "queued", 0, None, {}
    job.share_done, job.beat_at, job.finished_at = 0.0, None, None


def take_up(task: Task[Any, Any], jobs: models.QuerySet[Any]) -> int:
    """After a restore, where no queue came along: what waited or was at work is put in it. How many."""
    left = jobs.filter(state__in=("queued", "running"))
    for job in left:
        put_in_queue(job)
        job.save()
        task.enqueue(job.uid)
    return len(left)


def carry_out(job: Job, work: Callable[[], None], again: Task[Any, Any]) -> bool:
    """Do the work if the job waits or was left by a dead worker; whether this call did it.

    work: changes the job's fields and leaves saving to us. again: the task that called, to be called with
    the job's uid.
    """
    if not _claim(job):
        if job.under_way:
            again.using(run_after=now() + LOOKED_AFTER).enqueue(job.uid)
        return False
    again.using(run_after=now() + LOOKED_AFTER).enqueue(job.uid)
    try:
        with _pulse(job):
            work()
    except Refused as refused:
        _stopped(job, again, {"code": refused.code, "facts": _plain(refused.facts)}, passing=False)
        return True
    except EngineInputError as error:
        trouble = {"code": error.code, "facts": _plain(error.facts), **_where(error)}
        _stopped(job, again, trouble, passing=error.code in PASSING)
        return True
    except Exception:
        log.exception("job broke", extra={"facts": {"job": job.uid, "attempt": job.attempts}})
        _stopped(job, again, _BROKE, passing=True)
        return True
    job.state, job.share_done, job.finished_at, job.trouble = "done", 1.0, now(), {}
    job.save()
    log.info("job done", extra={"facts": {"job": job.uid, "attempt": job.attempts}})
    return True


@contextmanager
def at_once() -> Iterator[None]:
    """What broke is tried again without waiting: where the clock is stopped, no wait would ever end."""
    token = _AT_ONCE.set(True)
    try:
        yield
    finally:
        _AT_ONCE.reset(token)


def beat(job: Job) -> None:
    """Say that the work goes on, and how far it is."""
    job.beat_at = now()
    job.save(update_fields=("beat_at", "share_done", "counts"))


@contextmanager
def _pulse(job: Job) -> Iterator[None]:
    """While it works, a thread says so: a long calculation has no place to say it itself."""
    if connection.in_atomic_block:
        yield  # nobody would see a beat before the transaction ends
        return
    ended = threading.Event()
    saying = threading.Thread(target=say_alive, args=(job, ended), daemon=True)
    saying.start()
    try:
        yield
    finally:
        ended.set()
        saying.join()


def say_alive(job: Job, ended: threading.Event) -> None:
    """Beat until it ended, in a thread of its own."""
    try:
        while not ended.wait(PULSE_SECONDS):
            try:
                _rows(job).filter(pk=job.pk, state="running").update(beat_at=now())
            except DatabaseError:  # busy, perhaps: the next one is soon
                log.warning("no beat", extra={"facts": {"job": job.uid}})
    finally:
        connection.close()  # this thread's own


def _claim(job: Job) -> bool:
    """One of any number of workers gets it; the others see why not."""
    free = Q(state="queued") & (Q(not_before=None) | Q(not_before__lte=now()))
    left = Q(state="running") & (Q(beat_at=None) | Q(beat_at__lt=now() - DEAD_AFTER))
    rows = _rows(job).filter(pk=job.pk)
    # what killed its worker each time would do so for ever
    given_up = rows.filter(left, attempts__gte=MOST_ATTEMPTS)
    given_up.update(state="failed", trouble=_BROKE, finished_at=now())
    won = rows.filter(free | left).update(
        state="running", beat_at=now(), attempts=F("attempts") + 1, not_before=None, finished_at=None
    )
    job.refresh_from_db()
    return bool(won)


def _rows(job: Job) -> models.QuerySet[Any]:
    return type(job)._default_manager.all()  # noqa: SLF001  (Django's own name for it)


def wait_after(attempts: int) -> timedelta | None:
    """How long what failed this many times waits for the next attempt; None: there is none."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return timedelta(0) if _AT_ONCE.get() else WAITS[attempts - 1]


def _stopped(job: Job, again: Task[Any, Any], trouble: dict[str, Any], *, passing: bool) -> None:
    job.trouble = trouble
    wait = wait_after(job.attempts) if passing else None
    if wait is not None:
        job.state, job.not_before = "queued", now() + wait
        again.using(run_after=job.not_before).enqueue(job.uid)
    else:
        job.state, job.finished_at = "failed", now()
    job.save()


def _where(error: EngineInputError) -> dict[str, Any]:
    return {"line": error.where.line, "field": error.where.field}


def _plain(facts: Any) -> dict[str, Any]:
    """Facts as JSON keeps them."""
    return {
        name: value if isinstance(value, str | int | float | list | bool | None) else str(value)
        for name, value in dict(facts).items()
    }
