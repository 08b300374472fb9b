"""Run the engine and keep what it found."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.tasks import task

import gracja
from gracja.app.common import audit, jobs
from gracja.app.common.clock import today
from gracja.app.common.refused import Refused
from gracja.app.measurement.models import PartFit, ReferenceMix, Result, ResultSeen, Run
from gracja.app.measurement.services.beside import fits_by_subject, keep_courses, kept_agreement
from gracja.app.measurement.services.thinning import thin_out
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Person, Place, User
from gracja.app.organisation.selectors.notices import measured_from
from gracja.app.standards.models import Edition
from gracja.app.standards.selectors.reading import document_of
from gracja.engine.errors import EngineInputError

if TYPE_CHECKING:
    import polars as pl

    from gracja.app.measurement.services.gather import Gathered
    from gracja.app.measurement.services.seen import Seen
    from gracja.engine.measure import Measured

SOURCES = ("visit", "automatic")
NOTHING_NEW = "nothing_new"


@transaction.atomic
def ask_for_run(
    *, by: User, edition_uid: str, period_start: date | None = None, period_end: date | None = None
) -> Run:
    """Queue a measurement of one edition; without dates, from the day it took effect until today.

    Raises Refused: not_permitted; no_such_edition; period_backwards; staff_not_told (nothing may be measured
    before staff were given a notice); run_waiting (the same is queued or running).
    """
    require(by, "measurement.run")
    # locked: two people may ask at once
    edition = Edition.objects.select_for_update().filter(uid=edition_uid).first()
    if edition is None:
        raise Refused("no_such_edition")
    first, last = period_start or edition.effective_from, period_end or today()
    if first > last:
        raise Refused("period_backwards", first=first.isoformat(), last=last.isoformat())
    if not sources_told():
        raise Refused("staff_not_told")
    # one that a killed worker left behind is gone on with, or given up, within minutes
    waiting = Run.objects.filter(
        edition=edition, period_start=first, period_end=last, state__in=("queued", "running")
    )
    if waiting.exists():
        raise Refused("run_waiting")
    run = Run.objects.create(edition=edition, period_start=first, period_end=last, asked_by=by.person)
    audit.record(
        "measurement.ask",
        by=by,
        subject=("run", run.uid),
        after={"edition": edition.name, "from": first.isoformat(), "to": last.isoformat()},
    )
    transaction.on_commit(lambda: carry_out_run.enqueue(run.uid))
    return run


def sources_told() -> dict[str, date]:
    """The sources that staff were told of, each with the day from which it is measured."""
    told = {source: measured_from(source) for source in SOURCES}
    return {source: day for source, day in told.items() if day is not None}


def carry_out(run: Run) -> Run:
    """Measure, and keep the results; a run that is done is not done again.

    What goes wrong is kept on the run as a code with facts: an input that cannot be measured ends it,
    anything else is tried again later.
    """
    if not jobs.carry_out(run, lambda: _measure(run), carry_out_run) or run.under_way:
        return run
    if run.nightly and run.trouble.get("code") == NOTHING_NEW:
        run.delete()
    else:
        audit.record("measurement.done", by=None, subject=("run", run.uid), after={"state": run.state})
    if run.nightly:
        thin_out(run.edition)
    return run


def _measure(run: Run) -> None:
    # The worker measures; a page that only asks for it need not wait for SciPy and Polars.
    from gracja.app.measurement.services.comparing import digest_of, measured_before  # noqa: PLC0415
    from gracja.app.measurement.services.fairly import in_training, measured_fairly  # noqa: PLC0415
    from gracja.app.measurement.services.gather import Period, gather  # noqa: PLC0415
    from gracja.app.measurement.services.mixes import mix_for  # noqa: PLC0415
    from gracja.app.measurement.services.openings import note_openings  # noqa: PLC0415
    from gracja.app.measurement.services.seen import seen_of_each  # noqa: PLC0415
    from gracja.app.measurement.services.standing import Had, keep_standing, runnings_of, visits_of  # noqa: PLC0415
    from gracja.engine.measure.closeness import closeness  # noqa: PLC0415
    from gracja.engine.measure.over_time.courses import courses  # noqa: PLC0415

    run.engine_version = gracja.__version__
    document = document_of(run.edition)
    period, told = Period(run.period_start, run.period_end), sources_told()
    if "automatic" in told:
        note_openings(run.edition, period.months(), lambda: jobs.beat(run))
    gathered = gather(run.edition, period, told)
    run.unmapped = {column: dict(names.most_common(200)) for column, names in gathered.unmapped.items()}
    jobs.beat(run)
    if not gathered.observations.num_rows:  # the archive may well hold marks, of other days
        raise Refused(NOTHING_NEW) if run.nightly else EngineInputError("nothing_in_period")
    had = visits_of(gathered.observations, run.asked_at)
    mix = mix_for(run.edition, document, told)
    jobs.beat(run)
    weights, trainees = None if mix is None else mix.weights, in_training(run.period_end)
    run.went_in = digest_of(gathered, document, trainees, weights)
    if run.nightly and measured_before(run):
        raise Refused(NOTHING_NEW)
    fairly = measured_fairly(gathered, document, trainees, weights)
    measured = fairly.measured
    run.basis = _basis(gathered, measured, mix)
    run.notes = [[note.code, note.facts] for note in measured.notes]
    run.not_measured = [list(one) for one in measured.not_measured]
    run.agreement = kept_agreement(gathered.observations, document)
    jobs.beat(run)
    went = courses(measured.fitted.frame, lambda: jobs.beat(run))
    # all is reckoned before: on SQLite a transaction keeps every other writer out
    seen = seen_of_each(gathered.observations, document, measured.basis)
    close = closeness(gathered.observations, gathered.contacts, document, basis=measured.basis)
    fits = runnings_of(fairly, document, weights)
    with transaction.atomic():
        keep_courses(run, went)
        _keep(run, measured, seen)
        _keep_fit(run, close)
        keep_standing(run, fits, fairly.trainees, Had(*had, gathered.batches))


def _basis(gathered: Gathered, measured: Measured, mix: ReferenceMix | None) -> dict[str, object]:
    counted: Any = gathered.observations["source"].value_counts()
    basis: dict[str, object] = {
        "on": measured.basis,
        "rows": {one["values"]: one["counts"] for one in counted.to_pylist()},
    }
    if mix is not None:
        basis["mix"] = [mix.first_day.isoformat(), mix.last_day.isoformat()]
    return basis


def _keep(run: Run, measured: Measured, seen: dict[str, list[Seen]]) -> None:
    """One row a subject; a subject that is a person or place of ours is tied to it."""
    people = dict(Person.objects.values_list("key", "pk"))
    places = dict(Place.objects.values_list("uid", "pk"))
    fits = fits_by_subject(measured.model_fit)
    rows = []
    for row in measured.results.to_pylist():
        kind, subject = row["subject_kind"], row["subject"]
        run.engine_run = row["run"]
        kept = {
            name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()
        }
        rows.append(
            Result(
                run=run,
                subject_kind=kind,
                subject=subject,
                person_id=people.get(subject) if kind in ("employee", "evaluator") else None,
                place_id=places.get(subject) if kind == "place" else None,
                contacts=row["contacts"],
                base=row["base"],
                grade=row["grade"] or "",
                row=kept,
                model_fit=fits.get((kind, subject)),
            )
        )
    run.results.all().delete()  # a run that was killed midway is done again from its beginning
    made = Result.objects.bulk_create(rows, batch_size=500)
    ResultSeen.objects.bulk_create(
        (
            ResultSeen(result=one, standards=seen[one.subject])
            for one in made
            if one.subject_kind == "employee" and one.subject in seen
        ),
        batch_size=500,
    )


def _keep_fit(run: Run, counted: pl.DataFrame) -> None:
    """One row a place and part. Of visits no example is kept: their names hold those of people."""
    places = dict(Place.objects.values_list("uid", "pk"))
    shown = run.basis.get("on") == "automatic"
    run.part_fits.all().delete()
    PartFit.objects.bulk_create(
        (
            PartFit(
                run=run,
                place_id=places.get(row["place"]),
                part=row["part"],
                judged=row["judged"],
                distant=row["distant"],
                close=row["close"],
                wanted_close=row["wanted_close"],
                wanted_distance=row["wanted_distance"],
                unknown=row["unknown"],
                distant_in=(row["distant_in"] or "") if shown else "",
                close_in=(row["close_in"] or "") if shown else "",
            )
            for row in counted.iter_rows(named=True)
        ),
        batch_size=500,
    )


@task
def carry_out_run(uid: str) -> None:
    """In the background: carry out the run of this uid."""
    run = Run.objects.select_related("edition").filter(uid=uid).first()
    if run is not None:  # a night's that had nothing to measure is gone
        carry_out(run)
