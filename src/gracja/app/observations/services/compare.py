"""Visits that were read beside those that are there: new, second, the same, changed, or not to be touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, Final

from django.db.models import F

from gracja.app.common.kept_sheets import Fault
from gracja.app.observations.models import Mark, PlannedVisit, SecondReview, Visit
from gracja.app.observations.services.cells import Value
from gracja.app.observations.services.planned import Made, against_plan, plans_named
from gracja.app.observations.services.visits_read import Read, Reading, Who, who_marked
from gracja.app.observations.services.wanted import wanted_known
from gracja.app.organisation.access import may
from gracja.app.organisation.models import User

AT_ONCE: Final = 500


@dataclass
class Compared:
    """Some of the visits of a file. second: marks of a contact that somebody else marked first, with that
    visit; None: it is among the new ones. changed: the visit that is there, what it was read as, and its
    marks that differ: standard -> (the mark that is there, or None; the value in the file).
    """

    new: list[Read] = field(default_factory=list)
    second: list[tuple[Read, Visit | None]] = field(default_factory=list)
    same: int = 0
    changed: list[tuple[Visit, Read, dict[str, tuple[Mark | None, Value]]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def some_at_a_time(reading: Reading) -> Iterator[Sequence[Sequence[Read]]]:
    """The visits of a reading by their contacts, in the same order in every file: of two that are put in at
    once, one waits for the other, and never both.
    """
    return batched((reads for _, reads in sorted(reading.visits.items())), AT_ONCE)


def may_change(by: User, visit: Visit) -> bool:
    """Whether `by` may put other marks into a visit that is there: whose marks they are, who put it in, and
    whoever both reads and adds visits of the whole company. Nobody else: a lead judges nobody's work by
    writing over it. Of a drawn conversation only the last: once marked, its automatic marks are seen.
    """
    theirs = visit.inclusion is None and by.person_id in (visit.evaluator_id, visit.recorded_by_id)
    return theirs or answers_for_all(by)


def answers_for_all(by: User) -> bool:
    return may(by, "visit.read") and may(by, "visit.import")


def compared(
    some: Sequence[Sequence[Read]],
    standards: Sequence[str],
    edition_pk: int,
    by: User,
    *,
    lock: bool = False,
) -> Compared:
    """Some contacts, each with its rows. What `by` may not change stays, and is a fault. lock: nobody else
    marks those that are there until the caller's transaction ends.
    """
    there: dict[str, list[Visit]] = {}
    contacts = [reads[0].contact for reads in some]
    if lock:
        first = Visit.objects.filter(contact__in=contacts, second_to=None)
        list(first.select_for_update().order_by("pk").values_list("pk"))
    for visit in (
        Visit.objects.filter(contact__in=contacts)
        .select_related("place", "employee", "evaluator")
        .order_by(F("second_to").asc(nulls_first=True), "pk")
    ):
        there.setdefault(visit.contact, []).append(visit)
    known = _Known(
        standards,
        edition_pk,
        by,
        there,
        _marks_of(visit for visits in there.values() for visit in visits),
        wanted_known(read.contact for reads in some for read in reads if read.wanted),
        plans_named(contacts),
        _asked_of((visits[0] for visits in there.values()), lock=lock),
    )
    found = Compared()
    for reads in some:
        known.compare(reads, found)
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """there: contact -> its visits, the first one first. marks: of each visit. asked: first visit -> who is
    to make its second review.
    """

    standards: Sequence[str]
    edition_pk: int
    by: User
    there: dict[str, list[Visit]]
    marks: dict[int, dict[str, Mark]]
    wanted: dict[str, str]
    plans: dict[str, PlannedVisit]
    asked: dict[int, int]

    def compare(self, reads: Sequence[Read], found: Compared) -> None:
        """All that the file has of one contact."""
        visits = self.there.get(reads[0].contact, [])
        if visits:
            self._with_there(reads, visits, found)
            return
        wrong = ""
        for read in reads:
            # who marks second stands with the first, or not at all
            wrong = wrong or self._wrong(read, visits)
            if wrong:
                found.faults.append(_fault(read, wrong))
            elif read is reads[0]:
                found.new.append(read)
            else:
                found.second.append((read, None))

    def _with_there(self, reads: Sequence[Read], visits: Sequence[Visit], found: Compared) -> None:
        """All that the file has of a contact that is there. The first evaluator's row goes before others':
        only where it is taken may theirs stand on it.
        """
        first = visits[0]
        beside = _Beside(visits, len(reads), _of_contact(first))
        for read in sorted(reads, key=lambda one: one.who != _who(first)):
            wrong = self._wrong(read, visits) or self._beside(read, beside, found)
            if wrong:
                found.faults.append(_fault(read, wrong))
            elif read.who == _who(first):
                beside.said, beside.taken = _of_contact_read(read), True

    def _wrong(self, read: Read, visits: Sequence[Visit]) -> str:
        """Why it can be no visit of this contact; empty where it can."""
        if wrong := _unlike_plan(read, self.plans.get(read.contact), self.edition_pk, self.by):
            return wrong
        if wrong := _wrong_wanted(read, self.wanted, self.by, there=bool(visits)):
            return wrong
        if visits and visits[0].edition_id != self.edition_pk:
            return "visit_of_other_edition"
        return "visit_of_other_place" if visits and visits[0].place_id != read.place.pk else ""

    def _beside(self, read: Read, beside: _Beside, found: Compared) -> str:
        """Of a contact that is there: the visit of the same evaluator, or marks of a second one; or why not
        either.
        """
        visits, first = beside.visits, beside.visits[0]
        visit = next((one for one in visits if _who(one) == read.who), None)
        asked = read.evaluator is not None and self.asked.get(first.pk) == read.evaluator.pk
        if visit is None and beside.rows == len(visits) == 1 and not asked:
            visit = first  # under another name; with other marks, too, it is not the same
        if visit is None and not (asked or self._may_add(beside)):
            return "visit_of_somebody_else"
        if visit is not first and _of_contact_read(read) != beside.said:
            return "second_review_differs"
        if visit is not None:
            return self._changed(read, visit, twice=len(visits) > 1, found=found)
        wrong = _wrong_second(read)
        if not wrong:
            found.second.append((read, first))
        return wrong

    def _may_add(self, beside: _Beside) -> bool:
        """Whether marks that nobody asked for may come beside the first: whose those are, or who put them in,
        repeats them in the same file. Else any two rows would open somebody's marks to whoever writes them.
        """
        mine = beside.taken and may_change(self.by, beside.visits[0])
        return beside.rows > 1 and (mine or answers_for_all(self.by))

    def _changed(self, read: Read, visit: Visit, *, twice: bool, found: Compared) -> str:
        """The same or changed; or why it has to stay."""
        differ = _differing(read, self.standards, self.marks.get(visit.pk, {}))
        # a file that does not say so takes nothing back
        blind_too = read.blind is None or read.blind == visit.blind
        if not differ and blind_too and _head(visit) == _head_read(read):
            found.same += 1
            return ""
        if not may_change(self.by, visit):
            return "visit_of_somebody_else"
        if differ and any(read.who) and any(_who(visit)) and read.who != _who(visit):
            return "visit_of_another_evaluator"
        if differ and twice and not answers_for_all(self.by):
            return "visit_marked_twice"
        found.changed.append((visit, read, differ))
        return ""


@dataclass(slots=True)
class _Beside:
    """A contact that is there, as its rows are compared. rows: how many the file has of it. said: who served,
    when and how, as the first visit says or will say. taken: the first evaluator's row is.
    """

    visits: Sequence[Visit]
    rows: int
    said: tuple[Any, ...]
    taken: bool = False


_OF_PLAN: Final = frozenset(("planned_visit_called_off", "visit_not_as_planned", "visit_before_plan"))
_OF_WANTED: Final = frozenset(("visit_wanted_late", "visit_wanted_own"))


def _fault(read: Read, wrong: str) -> Fault:
    value = read.wanted if wrong in _OF_WANTED else read.contact if wrong in _OF_PLAN else ""
    return Fault(read.line, "", value, wrong, {})


def _wrong_second(read: Read) -> str:
    own = read.employee is not None and read.evaluator is not None and read.employee.pk == read.evaluator.pk
    return "second_review_own" if own else ""


def _who(visit: Visit) -> Who:
    return who_marked(visit.evaluator_id, visit.evaluator_name)


def _asked_of(first: Iterable[Visit], *, lock: bool) -> dict[int, int]:
    pks = [visit.pk for visit in first]
    open_ = SecondReview.objects.filter(visit__in=pks, made=None, called_off_at=None, evaluator__isnull=False)
    if lock:
        open_ = open_.select_for_update().order_by("pk")
    return dict(open_.values_list("visit", "evaluator")) if pks else {}


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


def _of_contact(visit: Visit) -> tuple[Any, ...]:
    return visit.employee_id, visit.occurred_at, visit.channel


def _of_contact_read(read: Read) -> tuple[Any, ...]:
    return read.employee.pk if read.employee else None, read.at, read.channel


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
