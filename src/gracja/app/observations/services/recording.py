"""One visit, as a program or a form gives it: in our words, without a spreadsheet to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.observations.models import Mark, PlannedVisit, Visit
from gracja.app.observations.services.cells import Marks, Value, WrongCellError
from gracja.app.observations.services.drawing import draw_second_reviews
from gracja.app.observations.services.drawn_in import drawn_came_in
from gracja.app.observations.services.planned import Made, against_plan, plans_named
from gracja.app.observations.services.wanted import keep_wanted, wanted_known
from gracja.app.organisation.access import people_where, require
from gracja.app.organisation.models import Person, Place, User
from gracja.app.standards.models import Edition
from gracja.engine.edition.read import edition_from_json

OLDEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
# What is wrong with a cell of a spreadsheet -> the same, of a mark that stands in a field of its own.
OF_CELL: Final = {
    "visit_mark_unreadable": "mark_unreadable",
    "visit_na_not_allowed": "mark_na_not_allowed",
}


@dataclass(frozen=True)
class Seen:
    """Who was seen where and when. contact: the visit's name elsewhere; nobody else's may be the same.
    wanted: the closeness that the customer of its scenario wanted, or empty. blind: marked without having
    seen the automatic mark of the same contact; None: not known.
    """

    contact: str
    place: Place
    occurred_at: datetime
    employee: Person | None = None
    evaluator: Person | None = None
    evaluator_name: str = ""
    channel: str = "in_person"
    wanted: str = ""
    blind: bool | None = None


@transaction.atomic
def record_visit(*, by: User, edition_uid: str, seen: Seen, marks: Mapping[str, str]) -> Visit:
    """A visit with its marks: standard -> what a cell of a spreadsheet would hold. The same again is
    harmless.

    Raises Refused: not_permitted; no_such_edition; moment_in_future; moment_too_old (year); with the standard
    whose mark it is (standard): mark_standard_unknown, mark_other_channel (channel), mark_unreadable
    (expected), mark_na_not_allowed; visit_named_so (contact): another visit has this name; visit_wanted_own:
    who served does not say what was wanted; visit_wanted_late: it is known of this contact already. Of a
    planned visit (its contact is the plan's number): planned_visit_called_off, visit_not_as_planned,
    visit_before_plan.
    """
    require(by, "visit.import", place=seen.place)
    edition = Edition.objects.filter(uid=edition_uid).first()
    if edition is None:
        raise Refused("no_such_edition")
    _check_moment(seen.occurred_at)
    values = read_marks(edition, seen.channel, marks)
    plan = plans_named([seen.contact], lock=True).get(seen.contact)
    if plan is not None:
        seen = _as_planned(plan, seen, edition, by)
    known = wanted_known([seen.contact]).get(seen.contact, "")
    visit, new = Visit.objects.get_or_create(
        contact=seen.contact,
        second_to=None,
        defaults={
            "edition": edition,
            "place": seen.place,
            "employee": seen.employee,
            "evaluator": seen.evaluator,
            "evaluator_name": seen.evaluator_name,
            "occurred_at": seen.occurred_at,
            "channel": seen.channel,
            "blind": seen.blind,
            "recorded_by": by.person,
        },
    )
    if not new:
        if _said(visit, known) != (edition.pk, seen, values):
            raise Refused("visit_named_so", contact=seen.contact)
        return visit
    if seen.wanted:
        _keep_wanted(seen, known, edition, by)
    Mark.objects.bulk_create(
        Mark(visit=visit, standard=standard, **value._asdict()) for standard, value in values.items()
    )
    audit.record(
        "visit.record",
        by=by,
        subject=("visit", visit.uid),
        place=seen.place.uid,
        after={"edition": edition.name, "marks": len(values)},
    )
    drawn_came_in([visit])
    draw_second_reviews([visit])
    return visit


def read_marks(edition: Edition, channel: str, marks: Mapping[str, str]) -> dict[str, Value]:
    """Standards with the mark that the cell of each holds. Raises Refused as `record_visit` does of marks."""
    standards = {one.standard: one for _, _, one in edition_from_json(edition.document).standards()}
    values = {}
    for name, cell in marks.items():
        if name not in standards:
            raise Refused("mark_standard_unknown", standard=name)
        try:
            value = Marks(standards[name]).read(cell)
        except WrongCellError as wrong:
            raise Refused(OF_CELL[wrong.code], standard=name, **wrong.facts) from None
        if channel not in standards[name].channels and value.status == "marked":
            raise Refused("mark_other_channel", standard=name, channel=channel)
        values[name] = value
    return values


def values_of(visit: Visit) -> dict[str, Value]:
    """The marks of a visit that is there, as `read_marks` would read them."""
    return {one.standard: Value(one.status, one.value, one.raw, one.unit) for one in visit.marks.all()}


def employee_visited(*, by: User, uid: str, place: Place, at: datetime) -> Person:
    """Who was served by, in a visit that `by` puts in: who had a role where `by` puts in visits on that day,
    as the clock at the place tells it. Raises Refused: moment_in_future, moment_too_old, no_such_person.
    """
    _check_moment(at)
    day = at.astimezone(ZoneInfo(place.zone)).date()
    people = Person.objects.filter(people_where(by, "visit.import", first=day), pseudonymised_at=None)
    if (found := people.filter(uid=uid).first()) is None:
        raise Refused("no_such_person")
    return found


def _check_moment(at: datetime) -> None:
    if at > now():
        raise Refused("moment_in_future")
    if at < OLDEST:
        raise Refused("moment_too_old", year=str(OLDEST.year))


def _as_planned(plan: PlannedVisit, seen: Seen, edition: Edition, by: User) -> Seen:
    """The same, wanting what the plan says."""
    made = Made(
        place=seen.place.pk,
        edition=edition.pk,
        at=seen.occurred_at,
        wanted=seen.wanted,
        served=seen.employee.pk if seen.employee else None,
        people=(seen.evaluator.pk if seen.evaluator else None, by.person_id),
    )
    if wrong := against_plan(plan, made):
        raise Refused(wrong)
    return replace(seen, wanted=plan.wanted)


def _keep_wanted(seen: Seen, known: str, edition: Edition, by: User) -> None:
    if seen.employee is not None and seen.employee in (seen.evaluator, by.person):
        raise Refused("visit_wanted_own")
    if known not in ("", seen.wanted):
        raise Refused("visit_wanted_late")
    keep_wanted([(seen.contact, seen.wanted)], edition)


def _said(visit: Visit, wanted: str) -> tuple[int, Seen, dict[str, Value]]:
    """What was said of a visit that is there, in the form in which it was given."""
    seen = Seen(
        visit.contact,
        visit.place,
        visit.occurred_at,
        visit.employee,
        visit.evaluator,
        visit.evaluator_name,
        visit.channel,
        wanted,
        visit.blind,
    )
    marks = {mark.standard: Value(mark.status, mark.value, mark.raw, mark.unit) for mark in visit.marks.all()}
    return visit.edition_id, seen, marks
