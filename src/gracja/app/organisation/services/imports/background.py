"""Large files, looked at and taken over in the background, portion by portion.

Whoever works meanwhile waits for one portion at most. Of a worker that was killed the next one finds the rows
that are there already, and goes on.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from django.db import transaction
from django.tasks import task

from gracja.app.common import audit, jobs
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Row
from gracja.app.organisation.models import ImportFile, User
from gracja.app.organisation.services.guard import lock_company
from gracja.app.organisation.services.imports.plan import Found, Overtaken, Plan
from gracja.app.organisation.services.imports.reading import dry_run
from gracja.app.organisation.services.imports.taking_back import finish_undo, take_back

LOOKS: Final = 5  # so often it looks again where others change the same people meanwhile
_READING: Final = 0.3  # of taking over: looking; the rest is writing


def queue(file: ImportFile, doing: str) -> None:
    """Look at it, or take it over, in the background; in the caller's transaction."""
    jobs.put_in_queue(file)
    file.doing = doing
    file.save()
    transaction.on_commit(partial(work_at_file.enqueue, file.uid))


@task
def work_at_file(uid: str) -> None:
    """What was asked of this file; nothing, if it is gone because it might name somebody who was erased."""
    file = ImportFile.objects.filter(uid=uid).first()
    if file is not None:
        work = {ImportFile.APPLY: _take_over, ImportFile.UNDO: _take_back}.get(file.doing, _look)
        jobs.carry_out(file, partial(work, file), work_at_file)


def finish(file: ImportFile, counts: dict[str, int], *, by: User) -> None:
    """It is taken over: nothing of its content stays. In the caller's transaction."""
    file.applied_at, file.counts, file.content = now(), counts, b""
    file.found, file.head = {}, {}
    file.save()
    audit.record(f"import.{file.kind}", by=by, subject=("import", file.uid), after=counts)


def _look(file: ImportFile) -> None:
    plan = dry_run(by=_giver(file), file=file, told=partial(_told, file, 1.0))
    file.found = Found.of(plan).as_json()


def _take_over(file: ImportFile) -> None:
    if file.applied_at:
        return
    by = _giver(file)
    for _ in range(LOOKS):
        plan = dry_run(by=by, file=file, told=partial(_told, file, _READING))
        file.counts = file.counts or plan.counts  # of an attempt before: what it wrote is there by now
        if plan.counts["wrong"] and not file.leave_wrong:
            raise Refused("rows_wrong", n=plan.counts["wrong"])
        try:
            _write(file, plan)
        except Overtaken:
            continue
        with transaction.atomic():
            finish(file, file.counts, by=by)
        return
    raise Overtaken


def _take_back(file: ImportFile) -> None:
    """Whether it may be was looked at when it was asked for; whoever left half-way goes on with the rest."""
    if file.undone_at:
        return
    by = _giver(file)
    taken, n_shifts = 0, max(file.shifts.count(), 1)
    portions = take_back(file, by)
    while done := _next(portions):
        taken += done
        file.share_done = taken / n_shifts
        jobs.beat(file)
    with transaction.atomic():
        finish_undo(file, by=by)


def _write(file: ImportFile, plan: Plan) -> None:
    """Raises Overtaken."""
    portions = plan.write()
    written, n_rows = 0, max(len(plan.rows), 1)
    while done := _next(portions):
        written += done
        file.share_done = _READING + (1 - _READING) * written / n_rows
        jobs.beat(file)


def _next(portions: Iterator[int]) -> int:
    with transaction.atomic():
        lock_company()
        return next(portions, 0)


def _told(file: ImportFile, most: float, rows: tuple[Row, ...]) -> Iterable[Row]:
    """The rows; once a second it is written down how far it is. most: the share that reading is of all."""
    said = time.monotonic()
    for number, row in enumerate(rows):
        if time.monotonic() - said > jobs.BEAT_SECONDS:
            file.share_done = most * number / len(rows)
            jobs.beat(file)
            said = time.monotonic()
        yield row


def _giver(file: ImportFile) -> User:
    """Whoever gave it; what they may do is looked at again. Raises Refused: not_permitted."""
    by = User.objects.filter(person=file.given_by_id, is_active=True).first()
    if by is None:
        raise Refused("not_permitted", permission="person.manage")
    return by
