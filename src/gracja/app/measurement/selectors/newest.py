"""Which measurement a page opens on: of the edition in force, and of several the one published last. Which of
a night's measurements ends last is chance.
"""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, When

from gracja.app.common.clock import today
from gracja.app.measurement.models import Result, Run
from gracja.app.standards.models import Edition


def latest_run(*, uid: str = "") -> Run | None:
    """The run of this uid, else the newest that is done, of the edition in force."""
    return _in_force_first(_done().filter(uid=uid) if uid else _done()).first()


def latest_runs() -> list[Run]:
    """The newest done run of each edition, that of the edition in force first."""
    theirs = Run.objects.filter(state="done", edition=OuterRef("pk")).order_by("-finished_at").values("pk")
    measured = Edition.objects.annotate(newest=Subquery(theirs[:1])).filter(newest__isnull=False)
    found: dict[str, int] = {}
    for name, pk in measured.order_by(_in_force(""), "-published_at").values_list("edition_id", "newest"):
        found.setdefault(name, pk)
    runs = Run.objects.select_related("edition").defer("edition__document").in_bulk(found.values())
    return [runs[pk] for pk in found.values()]


def latest_run_of(person_uid: str) -> Run | None:
    """Of the runs in which this person has a result that of the edition in force, else `latest_run`."""
    theirs = Result.objects.filter(run=OuterRef("pk"), subject_kind="employee", person__uid=person_uid)
    return _in_force_first(_done().filter(Exists(theirs))).first() or latest_run()


def latest_evaluated() -> Run | None:
    """The same of those that hold evaluators; None where none does."""
    theirs = Result.objects.filter(run=OuterRef("pk"), subject_kind="evaluator")
    return _in_force_first(_done().filter(Exists(theirs))).first()


def _done() -> QuerySet[Run]:
    return Run.objects.select_related("edition").filter(state="done")


def _in_force_first(runs: QuerySet[Run]) -> QuerySet[Run]:
    return runs.order_by(_in_force("edition__"), "-edition__published_at", "-finished_at")


def _in_force(of: str) -> Case:
    """0 for an edition that is in effect today, 1 for one that is still to come."""
    return Case(When(**{f"{of}effective_from__lte": today()}, then=0), default=1)
