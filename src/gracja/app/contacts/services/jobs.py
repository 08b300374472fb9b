"""Work in the background: claimed by one worker, tried again with growing waits, gone on with after a death.

The queue has no retries, and a worker that was killed leaves its task running for ever. So the job itself
says who is alive (`beat_at`), and each claim leaves a second call of the task for later: it finds the job
done, alive, or dead, and in the last case goes on with it. Whatever is called here must be harmless when done
twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.db.models import F, Q
from django.tasks import Task

from gracja.app.common.clock import now
from gracja.app.contacts.models import Job
from gracja.engine.errors import EngineInputError

log = logging.getLogger(__name__)
MOST_ATTEMPTS: Final = 3
WAITS: Final = (timedelta(seconds=30), timedelta(minutes=3))  # after the first attempt, after the second
DEAD_AFTER: Final = timedelta(seconds=90)
LOOKED_AFTER: Final = timedelta(minutes=2)
BEAT_SECONDS: Final = 1.0
_PASSING: Final = frozenset(("archive_busy", "archive_overtaken", "archive_full"))


def carry_out(job: Job, work: Callable[[], None], again: Task[Any, Any]) -> bool:
    """Do the work if the job waits or was left by a dead worker; whether this call did it.

    work: changes the job's fields and leaves saving to us. again: the task that called, to be called with
    the job's uid.
    """
    uid = job.uid  # type: ignore[attr-defined]  # every job has one
    if not _claim(job):
        if job.state in ("queued", "running"):
            again.using(run_after=now() + LOOKED_AFTER).enqueue(uid)
        return False
    again.using(run_after=now() + LOOKED_AFTER).enqueue(uid)
    try:
        work()
    except EngineInputError as error:
        trouble = {"code": error.code, "facts": _plain(error.facts), **_where(error)}
        _stopped(job, again, trouble, passing=error.code in _PASSING)
        return True
    except Exception:
        log.exception("job broke", extra={"facts": {"job": uid, "attempt": job.attempts}})
        _stopped(job, again, {"code": "job_broke", "facts": {}}, passing=True)
        return True
    job.state, job.share_done, job.finished_at, job.trouble = "done", 1.0, now(), {}
    job.save()
    log.info("job done", extra={"facts": {"job": uid, "attempt": job.attempts}})
    return True


def beat(job: Job) -> None:
    """Say that the work goes on, and how far it is."""
    job.beat_at = now()
    job.save(update_fields=("beat_at", "share_done", "counts"))


def is_dead(job: Job) -> bool:
    """Whether it runs, but nobody has worked at it for a while."""
    return job.state == "running" and (job.beat_at is None or job.beat_at < now() - DEAD_AFTER)


def _claim(job: Job) -> bool:
    """One of any number of workers gets it; the others see why not."""
    free = Q(state="queued") & (Q(not_before=None) | Q(not_before__lte=now()))
    left = Q(state="running") & (Q(beat_at=None) | Q(beat_at__lt=now() - DEAD_AFTER))
    rows = type(job)._default_manager.filter(pk=job.pk)  # noqa: SLF001  (Django's own name for it)
    # what killed its worker each time would do so for ever
    broke = {"code": "job_broke", "facts": {}}
    rows.filter(left, attempts__gte=MOST_ATTEMPTS).update(state="failed", trouble=broke, finished_at=now())
    won = rows.filter(free | left).update(
        state="running", beat_at=now(), attempts=F("attempts") + 1, not_before=None, finished_at=None
    )
    job.refresh_from_db()
    return bool(won)


def _stopped(job: Job, again: Task[Any, Any], trouble: dict[str, Any], *, passing: bool) -> None:
    job.trouble = trouble
    if passing and job.attempts < MOST_ATTEMPTS:
        job.state, job.not_before = "queued", now() + WAITS[job.attempts - 1]
        again.using(run_after=job.not_before).enqueue(job.uid)  # type: ignore[attr-defined]
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
