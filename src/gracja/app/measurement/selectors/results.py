"""Results as somebody may see them: their own always, others' where they may read results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Q, QuerySet, TextField, When
from django.db.models.functions import Cast
from pydantic_core import from_json

from gracja.app.measurement.models import Result, Run
from gracja.app.measurement.selectors.fresh import Fresh, fresh_of
from gracja.app.measurement.selectors.model_fit import Follows, follows
from gracja.app.organisation.access import in_force, may_somewhere, people_where, places_where
from gracja.app.organisation.models import Membership, Person, Place, User
from gracja.app.standards.selectors.reading import document_of
from gracja.engine.edition.model import Aspire
from gracja.report.model import MEASURES, Axis, Estimate
from gracja.report.whole import company_of, estimates_of


@dataclass(frozen=True)
class Shown:
    """One result as a page shows it. `estimates`: base, fit, initiative; a null in it is "not measured"."""

    result: Result
    title: Any  # a person, place, name, or text of the edition in both languages; "": not known
    estimates: dict[str, Estimate]
    trainee: bool = False
    fresh: Fresh | None = None  # base with the contacts since; None: there were none

    @property
    def contacts(self) -> int:
        return self.result.contacts

    @property
    def base(self) -> Estimate:
        return self.estimates["base"]

    @property
    def classic(self) -> float | None:
        """What checklists compute, as a share; a bonus may pass 1."""
        return _as_share(self.fact.get("classic"))

    @property
    def follows(self) -> Follows:
        """How well the marks follow the model."""
        return follows(self.result)

    @property
    def fact(self) -> dict[str, Any]:
        """The engine's row, names as in the results table."""
        row: dict[str, Any] = self.result.row
        return row


def readable_runs(*, by: User) -> QuerySet[Run]:
    """Runs, newest first. Who may read nobody's results sees none (their own results have a page)."""
    runs = Run.objects.select_related("edition")
    return runs if may_somewhere(by, "result.read") else runs.none()


def people_readable(by: User, run: Run | None) -> Q:
    """A filter on Person: whose results of this run `by` may read, and oneself.

    Whoever reads the results of single places reads those of people who had a role there on some day of the
    run's period, also if they left since; not of those who left before it, nor of those who came after it.
    Without a run: of those who have a role there today.
    """
    days = {"first": run.period_start, "last": run.period_end} if run else {}
    there = people_where(by, "result.read", **days)
    return Q(pk=by.person_id) | there if there else there


def people_results(*, by: User, run: Run, named: str = "", place_uid: str = "") -> QuerySet[Result]:
    """Employees' results by name, those in training last: an order by result would be a ranking.

    There may be thousands: take a page of them for `shown_people`, and `facts_of` them all. They come without
    what the engine gave, so that the database need not carry it through the sorting.
    """
    rows = run.results.filter(subject_kind="employee", person__isnull=False)
    if readable := people_readable(by, run):
        rows = rows.filter(person__in=Person.objects.filter(readable))
    if named:
        rows = rows.filter(person__name__icontains=named)
    if place_uid:
        there = Membership.objects.filter(
            in_force(run.period_start, run.period_end), place__path__contains=f"/{place_uid}/"
        )
        rows = rows.filter(person__in=there.values("person"))
    trainee = Case(When(person__trainee_until__gte=run.period_end, then=1), default=0)
    return rows.only("subject").order_by(trainee, "person__name", "pk")


def shown_people(rows: Iterable[Result], run: Run) -> list[Shown]:
    """Some of `people_results`, as a page shows them."""
    aspire = document_of(run.edition).aspire
    asked = [row.pk for row in rows]
    whole = run.results.select_related("person").in_bulk(asked)
    fresh = fresh_of(asked, run, aspire)
    return [
        Shown(
            row,
            row.person,
            estimates_of(row.row, aspire),
            _in_training(row.person, run.period_end),
            fresh.get(row.pk),
        )
        for row in (whole[pk] for pk in asked)
    ]


def facts_of(rows: QuerySet[Result]) -> list[dict[str, Any]]:
    """The engine's rows alone, in no order: for what is said of all of them together."""
    # Read by pydantic: of thousands, Python's own JSON takes as long as everything else together.
    texts = rows.order_by().annotate(text=Cast("row", TextField())).values_list("text", flat=True)
    return [from_json(text) for text in texts]


def place_results(*, by: User, run: Run) -> list[Shown]:
    """Places where `by` may read results, by name."""
    rows = run.results.filter(
        subject_kind="place", place__in=Place.objects.filter(places_where(by, "result.read"))
    ).select_related("place")
    aspire = document_of(run.edition).aspire
    return sorted(
        (Shown(row, row.place, estimates_of(row.row, aspire)) for row in rows), key=lambda one: one.title.name
    )


@dataclass(frozen=True)
class PartShown:
    """A part with its own result and those of its standards; None where it was not measured."""

    part: Any
    shown: Shown | None
    standards: list[StandardShown]


@dataclass(frozen=True)
class StandardShown:
    """A standard with the measure that it counts in: base, fit or initiative. classic: the plain share, as
    checklists compute it; None: not measured.
    """

    standard: Any
    measure: str
    contacts: int
    estimate: Estimate
    classic: float | None
    follows: Follows


def standard_results(*, by: User, run: Run) -> list[PartShown]:
    """Parts and standards of the whole company, in the order of the sequence."""
    if not may_somewhere(by, "result.read"):
        return []
    document = document_of(run.edition)
    rows = {
        (row.subject_kind, row.subject): row
        for row in run.results.filter(subject_kind__in=("part", "standard"))
    }

    def part_shown(part: Any) -> PartShown:
        row = rows.get(("part", part.part))
        return PartShown(
            part,
            Shown(row, part.title, estimates_of(row.row, document.aspire)) if row else None,
            [
                _standard(standard, rows.get(("standard", standard.standard)), document.aspire)
                for enhancer in part.enhancers
                for standard in enhancer.standards
            ],
        )

    return [part_shown(part) for part in document.sequence]


def _standard(standard: Any, row: Result | None, aspire: Aspire) -> StandardShown:
    """A standard's share stands in the measure that it belongs to, or else in the first that is given."""
    own = "initiative" if standard.rung == "initiative" else "base"
    level = getattr(aspire, own)
    if row is None:
        return StandardShown(standard, own, 0, Estimate(None, None, None, level), None, follows(None))
    given = next((name for name in (own, *MEASURES) if row.row[name] is not None), own)
    ends = (row.row[f"{given}_low"], row.row[f"{given}_high"])
    share = Estimate(row.row[given], *ends, level)
    return StandardShown(standard, given, row.contacts, share, _as_share(row.row["classic"]), follows(row))


def result_of(*, by: User, run: Run, person_uid: str) -> Shown | None:
    """One employee's result; None where there is none that `by` may read (and for a stranger's: 404)."""
    rows = run.results.filter(
        subject_kind="employee",
        person__in=Person.objects.filter(people_readable(by, run), uid=person_uid),
    ).only("subject")
    found = shown_people(rows, run)
    return found[0] if found else None


def person_readable(*, by: User, person_uid: str, run: Run | None) -> Person | None:
    """The person, if `by` may read their results of this run."""
    return Person.objects.filter(people_readable(by, run), uid=person_uid).first()


def company_estimates(run: Run) -> dict[str, Estimate]:
    """The whole company: its only place, or the mean of places (else of employees) by contacts."""
    rows = facts_of(run.results.filter(subject_kind="place")) or facts_of(
        run.results.filter(subject_kind="employee")
    )
    return company_of(rows, document_of(run.edition).aspire)[1]


def axes_of(facts: Iterable[dict[str, Any]], run: Run) -> dict[str, Axis]:
    """Of each measure, one scale for a whole column."""
    aspire = document_of(run.edition).aspire
    rows = list(facts)
    axes = {}
    for name in MEASURES:
        known = [(row[f"{name}_low"], row[f"{name}_high"]) for row in rows if row[f"{name}_low"] is not None]
        low, high = (min(low for low, _ in known), max(high for _, high in known)) if known else (None, None)
        level = getattr(aspire, name)
        axes[name] = Axis.around([Estimate(low, low, high, level)], level)
    return axes


def _as_share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


def _in_training(person: Person | None, on: date) -> bool:
    return bool(person and person.trainee_until and person.trainee_until >= on)
