"""Roles count while they are in force: for access today, for results in the period that was measured."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.http import Http404

from gracja.app.common.clock import today
from gracja.app.measurement.models import Result, Run
from gracja.app.measurement.selectors.results import people_results, person_readable, result_of
from gracja.app.organisation.access import people_where, require_hold_over
from gracja.app.organisation.models import Membership, Person, Shift
from gracja.app.organisation.selectors.people import Sought, people, people_of, person_page
from gracja.app.organisation.selectors.places import tree
from gracja.app.organisation.selectors.roster import week_of
from gracja.app.organisation.services.imports.files import take_file
from gracja.app.organisation.services.imports.reading import dry_run
from gracja.app.organisation.services.roles import add_membership, remove_membership
from gracja.app.organisation.services.roster import add_shift

DAY = timedelta(days=1)


def move(user, since=None, until=None):
    Membership.objects.filter(person=user.person).update(since=since, until=until)


def planned(by, rows):
    text = "Pracownik;Placówka;Data;Od;Do\n" + rows
    return dry_run(by=by, file=take_file(by=by, kind="roster", file_name="g.csv", content=text.encode()))


@pytest.mark.parametrize("days", [{"until": today() - DAY}, {"since": today() + DAY}])
def test_a_lead_reads_nobody_whose_role_at_her_place_is_over_or_has_not_begun(cast, rynek, days):
    move(cast.darek, **days)

    assert cast.darek.person not in Person.objects.filter(people_where(cast.anna, "person.read"))
    assert cast.darek.person not in people_of(by=cast.anna, place_path=rynek.path)
    with pytest.raises(Http404):
        person_page(by=cast.anna, uid=cast.darek.person.uid)


def test_a_role_counts_on_its_first_and_its_last_day(cast):
    move(cast.darek, since=today(), until=today())

    assert person_page(by=cast.anna, uid=cast.darek.person.uid) == cast.darek.person


def test_a_role_that_is_over_holds_nobody_off_and_one_to_come_does(cast, roles, refused):
    over = Membership.objects.create(
        person=cast.darek.person, role=roles["administrator"], until=today() - DAY
    )
    require_hold_over(cast.anna, cast.darek.person)
    Membership.objects.filter(pk=over.pk).update(since=today() + DAY, until=None)

    with refused("not_permitted"):
        require_hold_over(cast.anna, cast.darek.person)


def test_a_lead_plans_nobody_of_another_place(cast, rynek, refused):
    with refused("shift_person_unknown"):
        add_shift(
            by=cast.anna, person=cast.edyta.person, place=rynek, day=today(), begins=time(8), ends=time(16)
        )
    assert not Shift.objects.exists()


def test_a_lead_plans_only_days_on_which_the_person_is_at_her_place(cast, rynek, refused):
    move(cast.darek, until=today())
    given = {"by": cast.anna, "person": cast.darek.person, "place": rynek}

    add_shift(**given, day=today(), begins=time(8), ends=time(16))
    with refused("shift_person_unknown"):
        add_shift(**given, day=today() + DAY, begins=time(8), ends=time(16))
    assert Shift.objects.count() == 1


def test_who_plans_the_whole_company_plans_everybody_everywhere(cast, rynek):
    add_shift(
        by=cast.filip, person=cast.edyta.person, place=rynek, day=today(), begins=time(8), ends=time(16)
    )

    assert Shift.objects.get().place == rynek


def test_a_shift_at_another_place_is_told_to_a_lead_without_place_and_times(
    cast, roles, rynek, galeria, refused
):
    Membership.objects.create(person=cast.edyta.person, role=roles["employee"], place=rynek)
    given = {"person": cast.edyta.person, "day": today()}
    add_shift(by=cast.celina, place=galeria, begins=time(8), ends=time(16), **given)

    with refused("shift_overlaps_elsewhere"):
        add_shift(by=cast.anna, place=rynek, begins=time(12), ends=time(18), **given)
    plan = planned(cast.anna, f"edyta;Rynek;{today()};12:00;18:00\n")
    assert [(one.code, one.facts) for one in plan.faults] == [("row_overlaps_elsewhere", {})]


@pytest.mark.parametrize("said", ["edyta", "Edyta Kos", "edyta@salony.example"])
def test_a_dry_run_of_a_roster_tells_a_lead_nothing_of_people_elsewhere(cast, rynek, galeria, said):
    add_shift(
        by=cast.celina, person=cast.edyta.person, place=galeria, day=today(), begins=time(8), ends=time(16)
    )

    plan = planned(cast.anna, f"{said};Rynek;{today()};12:00;18:00\n")

    assert [(one.column, one.value, one.code, one.facts) for one in plan.faults] == [
        ("person", said, "row_person_unknown", {})
    ]
    assert not plan.rows


def test_a_dry_run_knows_a_person_on_the_days_of_their_role_only(cast):
    move(cast.darek, since=date(2026, 11, 10), until=date(2026, 11, 20))

    plan = planned(
        cast.anna,
        "darek;Rynek;2026-11-09;8:00;16:00\ndarek;Rynek;2026-11-20;8:00;16:00\n"
        "darek;Rynek;2026-11-21;8:00;16:00\n",
    )

    assert [one.line for one in plan.rows] == [3]
    assert [(one.line, one.code) for one in plan.faults] == [
        (2, "row_person_unknown"),
        (4, "row_person_unknown"),
    ]


def test_a_week_names_whoever_has_a_role_there_in_that_week(cast, rynek):
    move(cast.darek, until=date(2026, 11, 18))

    def named(day):
        return [person.name for person, _ in week_of(by=cast.anna, place=rynek, day=day).rows]

    assert "Darek Lis" in named(date(2026, 11, 20))
    assert "Darek Lis" not in named(date(2026, 11, 25))


@pytest.mark.parametrize(
    ("since", "until", "read"),
    [
        (None, None, True),
        (None, date(2026, 9, 30), False),
        (None, date(2026, 10, 1), True),
        (date(2026, 10, 31), None, True),
        (date(2026, 11, 1), None, False),
    ],
)
def test_a_lead_reads_results_of_those_who_were_at_her_place_in_the_period(
    cast, edition, rynek, since, until, read
):
    run = Run.objects.create(
        edition=edition, period_start=date(2026, 10, 1), period_end=date(2026, 10, 31), state="done"
    )
    row = {f"{name}{end}": None for name in ("base", "fit", "initiative") for end in ("", "_low", "_high")}
    Result.objects.create(
        run=run, subject_kind="employee", subject=cast.darek.person.key, person=cast.darek.person, row=row
    )
    move(cast.darek, since=since, until=until)
    asked = {"by": cast.anna, "run": run, "person_uid": cast.darek.person.uid}

    assert bool(people_results(by=cast.anna, run=run)) is read
    assert bool(people_results(by=cast.hubert, run=run, place_uid=rynek.uid)) is read
    assert (result_of(**asked) is not None) is read
    assert (person_readable(**asked) is not None) is read
    assert result_of(**asked | {"by": cast.darek}) is not None


def test_who_comes_to_a_place_brings_no_earlier_results_to_its_lead(cast, roles, edition, galeria):
    def read(first, last):
        run = Run(edition=edition, period_start=first, period_end=last)
        return person_readable(by=cast.celina, run=run, person_uid=cast.darek.person.uid) is not None

    add_membership(by=cast.filip, person=cast.darek.person, role=roles["employee"], place=galeria)

    assert not read(today() - 60 * DAY, today() - DAY)
    assert read(today() - 60 * DAY, today())
    assert person_page(by=cast.celina, uid=cast.darek.person.uid) == cast.darek.person


def test_who_leaves_a_place_leaves_the_results_of_their_days_to_its_lead(cast, edition):
    def read(first, last):
        run = Run(edition=edition, period_start=first, period_end=last)
        return person_readable(by=cast.anna, run=run, person_uid=cast.darek.person.uid) is not None

    remove_membership(by=cast.anna, membership=cast.darek.person.memberships.get())

    assert read(today() - 60 * DAY, today())
    assert not read(today(), today())
    assert not Person.objects.filter(people_where(cast.anna, "person.read"), pk=cast.darek.person.pk).exists()


def test_lists_and_trees_count_no_role_that_is_over(cast, rynek):
    before = {one.place: one.people for one in walk(tree(by=cast.grazyna))}
    move(cast.darek, until=today() - DAY)

    after = {one.place: one.people for one in walk(tree(by=cast.grazyna))}
    found = people(by=cast.grazyna, sought=Sought(place=rynek.uid))
    assert after[rynek] == before[rynek] - 1
    assert cast.darek.person not in found
    assert cast.darek.person not in people(by=cast.grazyna, sought=Sought(role="employee"))
    assert cast.darek.person in people(by=cast.grazyna, sought=Sought())


def walk(branches):
    return [one for branch in branches for one in (branch, *walk(branch.children))]
