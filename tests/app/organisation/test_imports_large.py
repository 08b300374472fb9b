"""Large files are looked at and taken over in the background, portion by portion."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.organisation.models import ImportFile, Person, Shift
from gracja.app.organisation.services.imports import files, people, roster
from gracja.app.organisation.services.imports.background import work_at_file
from gracja.app.organisation.services.imports.files import apply_file, found_in, map_file, take_file
from gracja.app.organisation.services.imports.reading import dry_run
from gracja.app.organisation.services.people import change_person, deactivate_person

PEOPLE = "Imię i nazwisko;Kod;Placówka\n" + "".join(f"Jan Mak {n};M{n};Rynek\n" for n in range(7))
WRONG = PEOPLE + "Ala Kot;A1;Nigdzie\n"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Large begins at three rows, a portion is two."""
    monkeypatch.setattr(files, "AT_ONCE", 2)
    for module in (people, roster):
        monkeypatch.setattr(module, "PORTION", 2)


def taken(by, text=PEOPLE, kind="people"):
    return take_file(by=by, kind=kind, file_name="plik.csv", content=text.encode())


def worked(file):
    work_at_file.call(file.uid)
    file.refresh_from_db()
    return file


def looked_at(by, text=PEOPLE, kind="people"):
    return worked(taken(by, text, kind))


def test_a_large_file_waits_for_its_turn_and_says_then_what_it_would_do(cast):
    file = taken(cast.filip, WRONG)
    assert (file.state, file.doing, found_in(by=cast.filip, file=file)) == ("queued", "look", None)

    found = found_in(by=cast.filip, file=worked(file))

    assert found.counts == {"add": 7, "change": 0, "same": 0, "wrong": 1}
    assert [(one.line, one.code) for one in found.faults] == [(9, "row_place_unknown")]
    assert [one.what for one in found.planned][:2] == ["Jan Mak 0", "Jan Mak 1"]
    assert not Person.objects.filter(code="M0").exists()


def test_a_large_file_is_taken_over_in_the_background_and_emptied(cast):
    file = looked_at(cast.filip)

    assert apply_file(by=cast.filip, file=file, leave_wrong=False) == {}
    file = worked(file)

    assert (file.state, file.counts["add"], bytes(file.content), file.found) == ("done", 7, b"", {})
    assert Person.objects.filter(code__startswith="M", memberships__place__name="Rynek").count() == 7
    assert AuditEntry.objects.filter(action="person.add").count() == 7
    assert AuditEntry.objects.get(action="import.people").after["add"] == 7


def test_taking_it_over_twice_takes_it_over_once(cast):
    file = looked_at(cast.filip)
    apply_file(by=cast.filip, file=file, leave_wrong=False)
    assert apply_file(by=cast.filip, file=file, leave_wrong=False) == {}
    worked(file)
    worked(file)

    assert apply_file(by=cast.filip, file=file, leave_wrong=False)["add"] == 7
    assert Person.objects.filter(code__startswith="M").count() == 7


def test_wrong_rows_are_left_out_only_if_one_says_so(cast, refused):
    file = looked_at(cast.filip, WRONG)

    with refused("rows_wrong", n=1):
        apply_file(by=cast.filip, file=file, leave_wrong=False)
    apply_file(by=cast.filip, file=file, leave_wrong=True)

    assert worked(file).counts == {"add": 7, "change": 0, "same": 0, "wrong": 1}


def test_a_file_at_work_is_neither_mapped_nor_taken_over(cast, refused):
    file = taken(cast.filip)

    with refused("file_at_work"):
        map_file(by=cast.filip, file=file, mapping={"name": 0})
    with refused("file_at_work"):
        apply_file(by=cast.filip, file=file, leave_wrong=False)


def test_another_mapping_is_looked_at_anew(cast):
    file = looked_at(cast.filip)
    map_file(by=cast.filip, file=file, mapping={"name": 1})
    file.refresh_from_db()

    assert file.state == "queued"
    assert found_in(by=cast.filip, file=worked(file)).planned[0].what == "M0"


def test_a_column_that_is_missing_is_said_by_the_job(cast):
    file = looked_at(cast.filip, PEOPLE.replace("Imię i nazwisko", "X").replace("Kod", "Y"))

    assert (file.state, file.trouble["code"]) == ("failed", "column_missing")


def test_what_a_dead_worker_began_is_gone_on_with(cast):
    file = looked_at(cast.filip)
    apply_file(by=cast.filip, file=file, leave_wrong=False)
    next(dry_run(by=cast.filip, file=file).write())  # one portion, then it was killed
    ImportFile.objects.update(
        state="running",
        beat_at=now() - timedelta(hours=1),
        counts={"add": 7, "change": 0, "same": 0, "wrong": 0},
    )
    assert Person.objects.filter(code__startswith="M").count() == 2

    file = worked(file)

    assert (file.state, file.counts["add"]) == ("done", 7)
    assert Person.objects.filter(code__startswith="M").count() == 7


def test_who_may_not_do_it_any_more_takes_nothing_over(cast):
    file = looked_at(cast.anna)
    apply_file(by=cast.anna, file=file, leave_wrong=False)
    deactivate_person(by=cast.grazyna, person=cast.anna.person)

    file = worked(file)

    assert (file.state, file.trouble["code"]) == ("failed", "not_permitted")
    assert not Person.objects.filter(code="M0").exists()


def test_a_person_changed_meanwhile_is_not_written_over(cast):
    darek = cast.darek.person
    text = f"Name;Kod;E-mail\n{darek.name};{darek.code};nowy@salony.example\n"
    plan = dry_run(by=cast.filip, file=taken(cast.filip, text))
    change_person(
        by=cast.filip,
        person=darek,
        name="Darek Wilk",
        email=darek.email,
        code=darek.code,
        started_on=None,
        trainee_until=None,
    )

    with pytest.raises(Refused) as refused:
        next(plan.write())

    darek.refresh_from_db()
    assert (refused.value.code, darek.name) == ("file_overtaken", "Darek Wilk")


def test_many_people_change_at_once_and_their_accounts_follow(cast):
    text = "Name;Kod;E-mail\n" + "".join(
        f"{one.person.name} Nowy;{one.person.code};nowy.{one.login}@salony.example\n"
        for one in (cast.darek, cast.edyta)
    )
    for _ in dry_run(by=cast.grazyna, file=taken(cast.grazyna, text)).write():
        pass

    for one in (cast.darek, cast.edyta):
        one.refresh_from_db()
        one.person.refresh_from_db()
        assert one.email == one.person.email == f"nowy.{one.login}@salony.example"
        assert one.person.found_by.endswith("nowy")


def test_a_roster_planned_by_somebody_else_meanwhile_is_looked_at_again(cast, rynek):
    text = "Pracownik;Placówka;Dzień;Od;Do\ndarek;Rynek;2026-11-23;8:00;16:00\n"
    plan = dry_run(by=cast.filip, file=taken(cast.filip, text, "roster"))
    begins = now()
    Shift.objects.create(
        person=cast.darek.person, place=rynek, starts_at=begins, ends_at=begins + timedelta(hours=8)
    )

    with pytest.raises(Refused) as refused:
        next(plan.write())

    assert refused.value.code == "file_overtaken"


def test_a_large_roster_comes_in_portions(cast, rynek):
    text = "Pracownik;Placówka;Dzień;Od;Do\n" + "".join(
        f"darek;Rynek;2026-12-{day:02};8:00;16:00\n" for day in range(1, 6)
    )
    for end, change in (("16:00", "add"), ("17:00", "change")):
        file = looked_at(cast.filip, text.replace("16:00", end), "roster")
        apply_file(by=cast.filip, file=file, leave_wrong=False)
        assert worked(file).counts[change] == 5

    assert Shift.objects.filter(person=cast.darek.person, place=rynek).count() == 5


def test_a_file_deleted_while_it_is_looked_at_does_not_come_back(cast):
    file = taken(cast.filip)
    ImportFile.objects.all().delete()

    with pytest.raises(DatabaseError), transaction.atomic():
        file.save()
    work_at_file.call(file.uid)

    assert not ImportFile.objects.exists()
