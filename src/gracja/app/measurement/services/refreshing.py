"""Between two full measurements, each new contact moves the base of its employee, and nothing else.

The worker looks every few seconds whether there are any, and reckons all that came since the measurement
anew: a visit that was taken back is gone again. What is changed in a visit that was measured waits for the
next measurement.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Max

from gracja.app.common.clock import now, today
from gracja.app.common.jobs import PASSING, wait_after
from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.models import Scoring
from gracja.app.measurement.models import Footing, Run, Standing
from gracja.app.measurement.services.runs import sources_told
from gracja.app.observations.models import Mark, Visit
from gracja.app.standards.selectors.reading import document_of
from gracja.engine.errors import EngineInputError

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from gracja.engine.measure.running import Running

log = logging.getLogger(__name__)
_MOVED: Final = ("contacts", "base", "low", "high")
_AT_ONCE: Final = 500
_SELDOM: Final = timedelta(hours=1)  # what failed as often as a job may is looked at no oftener


def refresh_estimates() -> int:
    """Look for new contacts of every edition's newest measurement; of how many there was anything to do.
    Again is harmless.
    """
    newest = Mark.objects.aggregate(newest=Max("pk"))["newest"]
    scored = Scoring.objects.filter(state="done").aggregate(newest=Max("finished_at"))["newest"]
    done = 0
    for standing in Standing.objects.defer("fits", "visits", "batches").select_related("run"):
        there = f"{newest} {Visit.objects.filter(pk__gt=standing.after_visit).count()} {scored}"
        waits = standing.not_before is not None and standing.not_before > now()
        if standing.seen == there or waits:
            continue
        done += 1
        facts: dict[str, object] = {"run": standing.run.uid, "attempt": standing.attempts + 1}
        try:
            _refresh(standing.pk, there)
        except EngineInputError as error:
            log.warning("not refreshed", extra={"facts": {**facts, "code": error.code}})
            if error.code in PASSING:
                _later(standing)
            else:  # the night's measurement will say it, too: not again until then
                _counted(standing.pk, there)
        except Exception:  # what breaks one edition keeps no other from being looked at
            log.exception("not refreshed", extra={"facts": facts})
            _later(standing)
    return done


def _counted(pk: int, there: str) -> None:
    Standing.objects.filter(pk=pk).update(seen=there, attempts=0, not_before=None)


def _later(standing: Standing) -> None:
    """Again with a job's growing waits. A job that failed is shown, and asked for once more; this is neither,
    so it goes on after the last of them, though seldom.
    """
    attempts = standing.attempts + 1
    wait = wait_after(attempts)
    again = now() + (_SELDOM if wait is None else wait)
    # of two workers that failed at once, one counts
    same = Standing.objects.filter(pk=standing.pk, attempts=standing.attempts, not_before=standing.not_before)
    same.update(attempts=attempts, not_before=again)


def _refresh(pk: int, there: str) -> None:
    """Reckon outside of any transaction: on SQLite one keeps every other writer out, and this may wait for
    the archive for a minute.
    """
    standing = Standing.objects.select_related("run__edition").filter(pk=pk).first()
    if standing is None:
        return
    run = standing.run
    found = _contacts_by_employee(run, standing)
    held = Footing.objects.filter(result__run=run)
    footings = {
        one.result.subject: one
        for some in batched(found, _AT_ONCE)
        for one in held.filter(result__subject__in=some).select_related("result")
    }
    _keep(standing, list(_moved(standing.fits, footings, found)), there)


@transaction.atomic
def _keep(standing: Standing, moved: list[Footing], there: str) -> None:
    # locked: another server's worker may have looked meanwhile, or a measurement have taken its place
    same = Standing.objects.select_for_update().filter(pk=standing.pk, seen=standing.seen)
    if not same.values_list("pk", flat=True).first():
        return
    # whose new contacts were taken back is where they were
    Footing.objects.filter(result__run=standing.run_id, contacts__gt=0).update(
        contacts=0, base=None, low=None, high=None
    )
    kept = Footing.objects.bulk_update(moved, _MOVED, batch_size=_AT_ONCE)
    if kept == len(moved):  # else the run was measured anew from its beginning: the next look finds that
        _counted(standing.pk, there)


@dataclass(frozen=True, slots=True)
class _Contact:
    """One evaluator's marks of one contact."""

    contact: str
    evaluator: str | None
    place: str | None
    marks: dict[str, float]


def _contacts_by_employee(run: Run, standing: Standing) -> dict[str, list[_Contact]]:
    # the worker reckons; a page that only reads need not wait for Polars
    from gracja.app.measurement.services.gather import Beyond, Period, gather  # noqa: PLC0415
    from gracja.engine.measure.contacts import base_marks, with_wanted  # noqa: PLC0415
    from gracja.engine.measure.marks import usable_marks  # noqa: PLC0415

    on, document = run.basis["on"], document_of(run.edition)
    source = "visit" if on == "human" else "automatic"
    told = {name: day for name, day in sources_told().items() if name == source}
    had = Beyond(standing.after_visit, frozenset(standing.visits), frozenset(standing.batches))
    gathered = gather(run.edition, Period(run.period_start, today()), told, had)
    observations = gathered.observations
    if any(code == "automatic_combined" for code, _ in run.notes):
        observations = _not_in_archive(observations)
    if not observations.num_rows:
        return {}
    frame = usable_marks(observations, document, on).frame
    return _grouped(base_marks(with_wanted(frame, gathered.contacts if gathered.contacts.num_rows else None)))


def _not_in_archive(observations: pa.Table) -> pa.Table:
    """Without visits to conversations that a detector marked, too: of these, half was known already."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    from gracja.archive.find import find_conversations  # noqa: PLC0415

    archive = archive_if_there()
    if archive is None or not observations.num_rows:
        return observations
    visited: list[Any] = observations["contact"].unique().to_pylist()
    marked = find_conversations(archive, visited)
    theirs: Any = pc.is_in(observations["contact"], value_set=pa.array(list(marked), pa.string()))
    return observations.filter(pc.invert(theirs))


def _grouped(frame: pl.DataFrame) -> dict[str, list[_Contact]]:
    found: dict[str, list[_Contact]] = {}
    form = ["employee", "contact", "segment", "evaluator", "place"]
    mine = frame.drop_nulls("employee").sort("contact", "segment", "evaluator")
    for (employee, contact, _, evaluator, place), marks in mine.group_by(form, maintain_order=True):
        one = _Contact(str(contact), evaluator, place, dict(marks.select("standard", "value").rows()))
        found.setdefault(str(employee), []).append(one)
    return found


def _moved(
    fits: list[Mapping[str, Any]], footings: dict[str, Footing], found: Mapping[str, list[_Contact]]
) -> Iterator[Footing]:
    from gracja.app.measurement.services.standing import running_of  # noqa: PLC0415
    from gracja.engine.measure.running import moved_along  # noqa: PLC0415

    for number, plain in enumerate(fits):
        theirs = {name: one for name, one in footings.items() if one.fit == number and name in found}
        running = running_of(plain, theirs)
        for name, footing in theirs.items():
            row = footing.result.row
            before = running.level(name)
            _add(running, name, found[name])
            footing.contacts = len({one.contact for one in found[name]})
            measured = (row["base"], row["base_low"], row["base_high"])
            footing.base, footing.low, footing.high = moved_along(measured, before, running.level(name))
            yield footing


def _add(running: Running, name: str, contacts: Iterable[_Contact]) -> None:
    from gracja.engine.measure.estimate import UNNAMED  # noqa: PLC0415

    for one in contacts:
        running.add(name, one.marks, evaluator=one.evaluator or UNNAMED, place=one.place or UNNAMED)
