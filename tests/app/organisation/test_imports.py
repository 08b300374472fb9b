from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404

from gracja.app.common.clock import today
from gracja.app.common.models import AuditEntry
from gracja.app.organisation.models import Membership, Person, Place, Shift
from gracja.app.organisation.services.imports.files import (
    apply_file,
    file_of,
    map_file,
    take_file,
)
from gracja.app.organisation.services.imports.reading import dry_run
from gracja.wording.refusals import say_refusal

DAY = timedelta(days=1)
PEOPLE = """Imię i nazwisko;Kod;E-mail;Placówka;Stanowisko;Data zatrudnienia
Żaneta Źdźbło;Z1;zaneta@salony.example;Rynek;pracownik;22.11.2025
Łucja Ćma;L1;;KR-2;;2026-11-02
"""
ROSTER = """Pracownik;Placówka;Data;Od;Do
darek;Rynek;22.11.2026;8.30;16:00
Edyta Kos;KR-2;2026-11-22;22:00;6:00
"""
PLACES = """Nazwa;Region;Kod
Gdańsk;Polska;GD-1
Polska;;
Kazimierz;Kraków;KR-3
"""


def taken(by, kind, text, **options):
    return take_file(by=by, kind=kind, file_name="plik.csv", content=text.encode("cp1250"), **options)


def faults(by, kind, text):
    plan = dry_run(by=by, file=taken(by, kind, text))
    assert all(say_refusal(one.code, lang, **one.facts) for one in plan.faults for lang in ("pl", "en"))
    return [(one.line, one.column, one.code) for one in plan.faults]


def test_people_come_with_place_role_and_days(cast, rynek):
    counts = apply_file(by=cast.filip, file=taken(cast.filip, "people", PEOPLE), leave_wrong=False)

    zaneta = Person.objects.get(code="Z1")
    assert counts == {"add": 2, "change": 0, "same": 0, "wrong": 0}
    assert (zaneta.name, zaneta.found_by, str(zaneta.started_on)) == (
        "Żaneta Źdźbło",
        "zanetazdzblo",
        "2025-11-22",
    )
    assert str(zaneta.memberships.get().role) == "employee"
    assert zaneta.memberships.get().place == rynek
    assert AuditEntry.objects.filter(action="person.add").count() == 2
    assert "Źdźbło" not in str(list(AuditEntry.objects.values()))


def test_the_same_file_again_changes_nothing(cast):
    apply_file(by=cast.filip, file=taken(cast.filip, "people", PEOPLE), leave_wrong=False)
    before = (Person.objects.count(), Membership.objects.count(), AuditEntry.objects.count())

    counts = apply_file(by=cast.filip, file=taken(cast.filip, "people", PEOPLE), leave_wrong=False)

    assert counts == {"add": 0, "change": 0, "same": 2, "wrong": 0}
    assert (Person.objects.count(), Membership.objects.count()) == before[:2]
    assert AuditEntry.objects.count() == before[2] + 1  # that it was taken over


def test_a_file_taken_over_twice_counts_once_and_keeps_no_names(cast):
    file = taken(cast.filip, "people", PEOPLE)
    for _ in range(2):
        counts = apply_file(by=cast.filip, file=file, leave_wrong=False)

    file.refresh_from_db()
    assert (counts["add"], bytes(file.content)) == (2, b"")


def test_a_dry_run_changes_nothing(cast):
    before = Person.objects.count()
    plan = dry_run(by=cast.filip, file=taken(cast.filip, "people", PEOPLE))

    assert [row.change for row in plan.rows] == ["add", "add"]
    assert (Person.objects.count(), AuditEntry.objects.count()) == (before, 0)


def test_a_known_person_changes_and_empty_cells_change_nothing(cast):
    text = "Imię;Kod;E-mail;Data zatrudnienia\nDariusz Lis;darek;;1/2/2025\n"
    file = taken(cast.filip, "people", text)

    assert dry_run(by=cast.filip, file=file).rows[0].details == ("name", "started_on")
    apply_file(by=cast.filip, file=file, leave_wrong=False)
    darek = Person.objects.get(code="darek")
    assert (darek.name, darek.found_by, darek.email) == ("Dariusz Lis", "dariuszlis", "darek@salony.example")
    assert darek.memberships.count() == 1


def test_a_role_from_a_file_counts_from_today_and_one_that_is_over_is_given_again(cast, rynek):
    cast.darek.person.memberships.update(until=today() - DAY)
    text = "Imię;Kod;Placówka\nDarek Lis;darek;Rynek\nEdyta Kos;edyta;Rynek\nNowa Osoba;n1;Rynek\n"

    for _ in range(2):
        apply_file(by=cast.filip, file=taken(cast.filip, "people", text), leave_wrong=False)

    days = Membership.objects.filter(place=rynek).order_by("pk").values_list("since", "until")
    assert list(days.filter(person=cast.darek.person)) == [(None, today() - DAY), (today(), None)]
    assert list(days.filter(person=cast.edyta.person)) == [(today(), None)]
    assert list(days.filter(person__code="n1")) == [(None, None)]


def test_who_was_above_a_lead_and_is_no_longer_may_be_changed_by_her_file(cast, roles):
    cast.darek.person.memberships.create(role=roles["administrator"], until=today() - DAY)

    assert not faults(cast.anna, "people", "Imię;Kod;Placówka\nDariusz Lis;darek;Rynek\n")


def test_every_wrong_row_is_named_with_line_column_and_what_to_do(cast):
    text = """Imię i nazwisko;Kod;E-mail;Placówka;Rola;Data zatrudnienia
;A1;;Rynek;;
Ala;A1;nie adres;Rynek;;
Ola;A2;;Nigdzie;;
Ula;A3;;Rynek;cesarz;
Ela;A4;;Rynek;;31.02.2026
Iza;A5;;Rynek;;
Iza Druga;a5;;Rynek;;
Iga;DAREK;edyta@salony.example;Rynek;;
"""
    assert faults(cast.filip, "people", text) == [
        (2, "name", "row_empty"),
        (3, "email", "row_email"),
        (4, "place", "row_place_unknown"),
        (5, "role", "row_role_unknown"),
        (6, "started_on", "row_day"),
        (8, "code", "row_twice"),
        (9, "email", "row_taken"),
    ]


def test_all_right_rows_or_nothing_as_the_user_says(cast, refused):
    file = taken(cast.filip, "people", PEOPLE + ";;;;;\nOla;;;Nigdzie;;\n")
    with refused("rows_wrong", n=1):
        apply_file(by=cast.filip, file=file, leave_wrong=False)
    assert not Person.objects.filter(code="Z1").exists()
    assert apply_file(by=cast.filip, file=file, leave_wrong=True) == {
        "add": 2,
        "change": 0,
        "same": 0,
        "wrong": 1,
    }


def test_a_lead_brings_people_to_her_place_only_and_nobody_above_her(cast):
    text = """Imię;Placówka;Rola
Ala;Rynek;employee
Ola;Galeria;employee
Ula;;employee
Ela;Rynek;analityk
Edyta Kos;Rynek;employee
"""
    text_of_another = "Imię;Kod;Placówka\nEdyta Inna;edyta;Rynek\n"
    assert faults(cast.anna, "people", text) == [
        (3, "place", "row_place_not_yours"),
        (4, "place", "row_place_needed"),
        (5, "role", "permission_not_yours"),
    ]
    assert faults(cast.anna, "people", text_of_another) == [(2, "name", "row_above_you")]


def test_a_kind_needs_its_permission(cast, refused):
    for kind in ("people", "places", "roster"):
        with refused("not_permitted"):
            taken(cast.darek, kind, PEOPLE)
    with refused("not_permitted"):
        taken(cast.anna, "places", PLACES)


def test_a_file_is_its_givers_own(cast):
    file = taken(cast.filip, "people", PEOPLE)
    with pytest.raises(Http404):
        file_of(by=cast.grazyna, uid=file.uid)


def test_columns_are_guessed_and_can_be_said(cast, refused):
    file = taken(cast.filip, "people", "Kto;Numer\nAla;A1\n")
    with refused("column_missing", column="Imię i nazwisko"):
        dry_run(by=cast.filip, file=file)
    map_file(by=cast.filip, file=file, mapping={"name": 0, "code": 1})
    file.refresh_from_db()
    assert [row.what for row in dry_run(by=cast.filip, file=file).rows] == ["Ala"]


def test_an_encoding_can_be_said(cast):
    content = "Imię;Kod\nŻaneta;Z1\n".encode("iso-8859-2")
    file = take_file(by=cast.filip, kind="people", file_name="x", content=content)
    map_file(by=cast.filip, file=file, mapping={"name": 0}, encoding="cp1250")

    file.refresh_from_db()
    assert file.encoding == "cp1250"


def test_places_come_in_any_order_and_what_others_name_is_a_region(cast, krakow):
    counts = apply_file(by=cast.filip, file=taken(cast.filip, "places", PLACES), leave_wrong=False)

    gdansk, poland = Place.objects.get(code="GD-1"), Place.objects.get(name="Polska")
    assert counts["add"] == 3
    assert (gdansk.parent, poland.kind) == (poland, "region")
    assert Place.objects.get(code="KR-3").parent == krakow
    again = apply_file(by=cast.filip, file=taken(cast.filip, "places", PLACES), leave_wrong=False)
    assert again == {"add": 0, "change": 0, "same": 3, "wrong": 0}


def test_a_place_moves_and_is_renamed_by_its_code(cast, rynek):
    text = "Nazwa;Region;Kod;Strefa\nRynek Główny;Małopolska;KR-1;Europe/Berlin\nMałopolska;;;\n"
    apply_file(by=cast.filip, file=taken(cast.filip, "places", text), leave_wrong=False)

    rynek.refresh_from_db()
    assert (rynek.name, rynek.parent.name, rynek.zone) == ("Rynek Główny", "Małopolska", "Europe/Berlin")


def test_wrong_places_are_named(cast):
    text = """Nazwa;Region;Kod;Rodzaj;Strefa
;;X1;;
Ada;Nigdzie;X2;;
Bea;Rynek;X3;;
Cela;;X4;zamek;
Dana;;X5;;Mars/Base
Ewa;Fela;X6;;
Fela;Ewa;X7;;
Gaja;;X2;;
"""
    assert faults(cast.filip, "places", text) == [
        (2, "name", "row_empty"),
        (3, "parent", "row_place_unknown"),
        (4, "parent", "place_not_a_region"),
        (5, "kind", "row_kind"),
        (6, "zone", "zone_unknown"),
        (7, "parent", "row_parent_circle"),
        (8, "parent", "row_parent_circle"),
        (9, "code", "row_twice"),
    ]


def test_shifts_come_in_the_places_time_also_over_midnight(cast, rynek):
    apply_file(by=cast.filip, file=taken(cast.filip, "roster", ROSTER), leave_wrong=False)

    day, night = Shift.objects.all()
    assert (day.starts_at, day.ends_at) == (
        datetime(2026, 11, 22, 7, 30, tzinfo=UTC),
        datetime(2026, 11, 22, 15, 0, tzinfo=UTC),
    )
    assert night.ends_at == datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    assert apply_file(by=cast.filip, file=taken(cast.filip, "roster", ROSTER), leave_wrong=False)["same"] == 2


def test_another_end_changes_a_shift(cast):
    apply_file(by=cast.filip, file=taken(cast.filip, "roster", ROSTER), leave_wrong=False)
    longer = ROSTER.replace("16:00", "17:00")
    counts = apply_file(by=cast.filip, file=taken(cast.filip, "roster", longer), leave_wrong=False)

    assert (counts["change"], counts["same"], Shift.objects.count()) == (1, 1, 2)


def test_wrong_shifts_are_named(cast):
    text = """Pracownik;Placówka;Data;Od;Do
darek;Rynek;22.11.2026;8.30;16:00
darek;KR-2;22.11.2026;15:59;20:00
darek;Rynek;22.11.2026;8:30;12:00
nikt;Rynek;22.11.2026;8:30;12:00
darek;Rynek;wczoraj;8:30;12:00
darek;Rynek;23.11.2026;rano;12:00
darek;Rynek;23.11.2026;8:00;8:00
darek;Rynek;24.11.2026;8:00;
darek;Rynek;22.11.2026;16:00;20:00
"""
    assert faults(cast.filip, "roster", text) == [
        (3, "begins", "row_overlaps_line"),
        (4, "begins", "row_twice"),
        (5, "person", "row_person_unknown"),
        (6, "day", "row_day"),
        (7, "begins", "row_time"),
        (8, "ends", "shift_no_time"),
        (9, "ends", "row_empty"),
    ]


def test_two_lines_of_a_roster_that_overlap_name_each_other(cast):
    head = "Pracownik;Placówka;Data;Od;Do\n"
    text = f"{head}darek;Rynek;22.11.2026;8:30;16:00\ndarek;Rynek;22.11.2026;10:00;18:00\n"

    plan = dry_run(by=cast.filip, file=taken(cast.filip, "roster", text))

    assert [(one.line, one.code, one.facts["at"]) for one in plan.faults] == [(3, "row_overlaps_line", 2)]


def test_a_lead_takes_over_nobody_who_has_no_role_any_more(cast, rynek):
    cast.hubert.person.memberships.all().delete()
    rows = f"Nazwa;Kod;E-mail\nHubert;{cast.hubert.person.code};zmieniony@salony.example\n"
    rows = rows.replace("Nazwa", "Osoba;Placówka").replace("Hubert;", "Hubert;Rynek;", 1)

    assert [code for *_, code in faults(cast.anna, "people", rows)] == ["row_above_you"]
    assert faults(cast.filip, "people", rows) == []
