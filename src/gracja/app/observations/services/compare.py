"""Visits that were read beside those that are there: new, the same, changed, or not to be touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, Final

from gracja.app.common.kept_sheets import Fault
from gracja.app.observations.models import Mark, PlannedVisit, Visit
from gracja.app.observations.services.cells import Value
from gracja.app.observations.services.planned import Made, against_plan, plans_named
from gracja.app.observations.services.visits_read import Read, Reading
from gracja.app.observations.services.wanted import wanted_known
from gracja.app.organisation.access import may
from gracja.app.organisation.models import User

AT_ONCE: Final = 500


@dataclass
class Compared:
    """Some of the visits of a file. changed: the visit that is there, what it was read as, and its marks
    that differ: standard -> (the mark that is there, or None; the value in the file).
    """

    new: list[Read] = field(default_factory=list)
    same: int = 0
    changed: list[tuple[Visit, Read, dict[str, tuple[Mark | None, Value]]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def compared(reading: Reading, edition_pk: int, by: User) -> Iterator[Compared]:
    """All visits of a reading, AT_ONCE at a time. What `by` may not change stays, and is a fault."""
    for some in batched(reading.visits.values(), AT_ONCE):
        yield _compared(some, reading.standards, edition_pk, by)


def may_change(by: User, visit: Visit) -> bool:
    """Whether `by` may put other marks into a visit that is there: whose marks they are, who put it in, and
    whoever both reads and adds visits of the whole company. Nobody else: a lead judges nobody's work by
    writing over it.
    """
    theirs = by.person_id in (visit.evaluator_id, visit.recorded_by_id)
    return theirs or (may(by, "visit.read") and may(by, "visit.import"))


def _compared(some: Sequence[Read], standards: Sequence[str], edition_pk: int, by: User) -> Compared:
    there = {
        visit.contact: visit
        for visit in Visit.objects.filter(contact__in=[read.contact for read in some]).select_related(
            "place", "employee", "evaluator"
        )
    }
    marks = _marks_of(there.values())
    asked = [read.contact for read in some if read.wanted]
    wanted = wanted_known(asked) if asked else {}
    plans = plans_named(read.contact for read in some)
    found = Compared()
    for read in some:
        visit = there.get(read.contact)
        if wrong := _unlike_plan(read, plans.get(read.contact), edition_pk, by):
            found.faults.append(Fault(read.line, "", read.contact, wrong, {}))
        elif wrong := _wrong_wanted(read, wanted, by, there=visit is not None):
            found.faults.append(Fault(read.line, "", read.wanted, wrong, {}))
        elif visit is None:
            found.new.append(read)
        elif visit.edition_id != edition_pk:
            found.faults.append(Fault(read.line, "", "", "visit_of_other_edition", {}))
        elif visit.place_id != read.place.pk:
            found.faults.append(Fault(read.line, "", "", "visit_of_other_place", {}))
        else:
            differ = _differing(read, standards, marks.get(visit.pk, {}))
            # a file that does not say so takes nothing back
            blind_too = read.blind is None or read.blind == visit.blind
            if not differ and blind_too and _head(visit) == _head_read(read):
                found.same += 1
            elif may_change(by, visit):
                found.changed.append((visit, read, differ))
            else:
                found.faults.append(Fault(read.line, "", "", "visit_of_somebody_else", {}))
    return found


def _unlike_plan(read: Read, plan: PlannedVisit | None, edition_pk: int, by: User) -> str:
    if plan is None:
        return ""
    made = Made(
        place=read.place.pk,
        edition=edition_pk,
        at=read.earliest,
        wanted=read.wanted,
        served=read.employee.pk if read.employee else None,
        people=(read.evaluator.pk if read.evaluator else None, by.person_id),
    )
    return against_plan(plan, made)


def _wrong_wanted(read: Read, known: dict[str, str], by: User, *, there: bool) -> str:
    """Why the closeness of a scenario cannot be kept: it is said before the visit is marked, and by somebody
    else than who served.
    """
    if not read.wanted or known.get(read.contact) == read.wanted:
        return ""
    if there or read.contact in known:
        return "visit_wanted_late"
    served = read.employee.pk if read.employee else None
    judge = read.evaluator.pk if read.evaluator else None
    return "visit_wanted_own" if served is not None and served in (judge, by.person_id) else ""


def _marks_of(visits: Iterable[Visit]) -> dict[int, dict[str, Mark]]:
    found: dict[int, dict[str, Mark]] = {}
    pks = [visit.pk for visit in visits]
    for mark in Mark.objects.filter(visit__in=pks) if pks else ():
        found.setdefault(mark.visit_id, {})[mark.standard] = mark
    return found


def _differing(
    read: Read, standards: Sequence[str], marks: dict[str, Mark]
) -> dict[str, tuple[Mark | None, Value]]:
    differ = {}
    for standard, value in zip(standards, read.marks, strict=True):
        mark = marks.get(standard)
        if value is not None and (mark is None or value_of(mark) != value):
            differ[standard] = (mark, value)
    return differ


def value_of(mark: Mark) -> Value:
    return Value(mark.status, mark.value, mark.raw, mark.unit)


def _head(visit: Visit) -> tuple[Any, ...]:
    return (
        visit.employee_id,
        visit.evaluator_id,
        visit.evaluator_name,
        visit.occurred_at,
        visit.channel,
    )


def _head_read(read: Read) -> tuple[Any, ...]:
    return (
        read.employee.pk if read.employee else None,
        read.evaluator.pk if read.evaluator else None,
        read.evaluator_name,
        read.at,
        read.channel,
    )
