"""Visits into the database: new and second ones with all their marks, changed ones with what stood there in
the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gracja.app.common import audit
from gracja.app.observations.models import Mark, Visit
from gracja.app.observations.services.cells import Value
from gracja.app.observations.services.compare import Compared, value_of
from gracja.app.observations.services.drawing import draw_second_reviews
from gracja.app.observations.services.drawn_in import drawn_came_in
from gracja.app.observations.services.second import came_in, second_visit
from gracja.app.observations.services.visits_read import Read
from gracja.app.observations.services.wanted import keep_wanted
from gracja.app.organisation.models import User
from gracja.app.standards.models import Edition


def keep(some: Compared, standards: Sequence[str], *, edition: Edition, by: User) -> None:
    """Put in what is new, and the new values of what changed, in the caller's transaction."""
    visits = Visit.objects.bulk_create(_visit(read, edition, by) for read in some.new)
    first = {visit.contact: visit for visit in visits}
    second = Visit.objects.bulk_create(
        second_visit(
            there or first[read.contact],
            evaluator=read.evaluator.pk if read.evaluator else None,
            name=read.evaluator_name,
            blind=read.blind,
            by=by,
        )
        for read, there in some.second
    )
    read_as = [*some.new, *(read for read, _ in some.second)]
    Mark.objects.bulk_create(
        (
            mark
            for visit, read in zip([*visits, *second], read_as, strict=True)
            for mark in _marks(visit, zip(standards, read.marks, strict=True))
        ),
        batch_size=2_000,
    )
    keep_wanted(((read.contact, read.wanted) for read in some.new if read.wanted), edition)
    drawn_came_in(visits)
    came_in(second)
    twice = {visit.contact for visit in second}
    draw_second_reviews(visit for visit in visits if visit.contact not in twice)
    for visit, read, differ in some.changed:
        _change(visit, read, differ, by)


def _visit(read: Read, edition: Edition, by: User) -> Visit:
    return Visit(
        contact=read.contact,
        edition=edition,
        place_id=read.place.pk,
        employee_id=read.employee.pk if read.employee else None,
        evaluator_id=read.evaluator.pk if read.evaluator else None,
        evaluator_name=read.evaluator_name,
        occurred_at=read.at,
        channel=read.channel,
        blind=read.blind,
        recorded_by=by.person,
    )


def _marks(visit: Visit, values: Iterable[tuple[str, Value | None]]) -> Iterable[Mark]:
    return (
        Mark(
            visit=visit,
            standard=standard,
            status=value.status,
            value=value.value,
            raw=value.raw,
            unit=value.unit,
        )
        for standard, value in values
        if value is not None
    )


def _change(visit: Visit, read: Read, differ: dict[str, tuple[Mark | None, Value]], by: User) -> None:
    before: dict[str, object] = {
        standard: _said(value_of(mark)) for standard, (mark, _) in differ.items() if mark
    }
    after: dict[str, object] = {standard: _said(value) for standard, (_, value) in differ.items()}
    before |= {
        "occurred_at": visit.occurred_at.isoformat(),
        "channel": visit.channel,
        "employee": visit.employee.key if visit.employee else "",
        "evaluator": visit.evaluator.key if visit.evaluator else "",
        "evaluator_name": visit.evaluator_name,
        "blind": visit.blind,
    }
    after |= {
        "occurred_at": read.at.isoformat(),
        "channel": read.channel,
        "employee": read.employee.key if read.employee else "",
        "evaluator": read.evaluator.key if read.evaluator else "",
        "evaluator_name": read.evaluator_name,
        "blind": visit.blind if read.blind is None else read.blind,
    }
    visit.occurred_at, visit.channel = read.at, read.channel
    visit.employee_id = read.employee.pk if read.employee else None
    visit.evaluator_id = read.evaluator.pk if read.evaluator else None
    visit.evaluator_name = read.evaluator_name
    visit.blind = visit.blind if read.blind is None else read.blind
    visit.save()
    visit.others.update(occurred_at=visit.occurred_at, channel=visit.channel, employee=visit.employee_id)
    Mark.objects.filter(pk__in=[mark.pk for mark, _ in differ.values() if mark]).delete()
    Mark.objects.bulk_create(_marks(visit, [(standard, value) for standard, (_, value) in differ.items()]))
    audit.record(
        "visit.change",
        by=by,
        subject=("visit", visit.uid),
        place=read.place.uid,
        before=before,
        after=after,
        personal=("evaluator_name",),
    )


def _said(value: Value) -> float | str | None:
    """As the log keeps a mark: the count, step or seconds; 1 or 0; else why there is none."""
    if value.status != "marked":
        return value.status
    return value.value if value.raw is None else value.raw
