from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError

from gracja.app.common import jobs
from gracja.app.common.audit import HIDDEN
from gracja.app.common.clock import now
from gracja.app.common.kept_sheets import faults_of
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import ExternalId
from gracja.app.observations.models import Mark, Visit, VisitImport
from gracja.app.observations.selectors.imports import choices_of, shown_faults
from gracja.app.observations.services.imports import (
    add_visits,
    carry_out_import,
    drop_import,
    map_columns,
    name_unknown,
)
from gracja.app.observations.services.keeping import keep
from gracja.app.observations.services.mapping import Columns

WIDE = """\
Data;Godzina;Placówka;Pracownik;Oceniający;Mówi: „Dzień dobry”;Podaje torbę;Lada jest czysta;wait
2026-10-05;9.30;Rynek;Darek Lis;Borys Sowa;tak;nd;czysta;20
2026-10-06;10:00;KR-1;darek;Jan z agencji;nie;;2;45
"""
LONG = """\
visit id,date,store,employee,question,answer
V1,05.10.2026 9:30,Rynek,Darek Lis,greet,yes
V1,05.10.2026 9:30,Rynek,Darek Lis,Hands over the bag,n/a
V2,06.10.2026 10:00,Rynek,Darek Lis,greet,no
"""


def found(given):
    return {name: given.outcome[name] for name in ("new", "same", "changed", "faults")}


def codes(given):
    return [(line, column, code) for line, column, _, code, _ in given.outcome["shown"]]


def test_a_sheet_with_a_row_a_visit_is_understood_by_its_headings(cast, given):
    one = given(cast.filip, WIDE)

    columns = Columns.from_json(one.mapping)
    assert columns.shape == "wide"
    assert columns.fields == {"at": 0, "hour": 1, "place": 2, "employee": 3, "evaluator": 4}
    assert columns.standards == {5: "greet", 6: "bag", 7: "tidy", 8: "wait"}
    assert found(one) == {"new": 2, "same": 0, "changed": 0, "faults": 0}
    assert not Visit.objects.exists()


def test_a_sheet_with_a_row_a_mark_is_understood_too(cast, given):
    one = given(cast.filip, LONG)

    assert Columns.from_json(one.mapping).shape == "long"
    add_visits(by=cast.filip, uid=one.uid)
    assert {(mark.visit.contact, mark.standard, mark.status, mark.value) for mark in Mark.objects.all()} == {
        ("V1", "greet", "marked", 1.0),
        ("V1", "bag", "not_applicable", None),
        ("V2", "greet", "marked", 0.0),
    }


def test_visits_are_put_in_at_the_hour_of_their_place(cast, given, rynek):
    one = given(cast.filip, WIDE)

    add_visits(by=cast.filip, uid=one.uid)

    first, second = Visit.objects.order_by("occurred_at")
    assert (first.place, first.employee, first.evaluator) == (rynek, cast.darek.person, cast.borys.person)
    assert first.occurred_at == datetime(2026, 10, 5, 7, 30, tzinfo=UTC)  # 9.30 in Warsaw
    assert (second.evaluator, second.evaluator_name) == (None, "Jan z agencji")
    marks = {mark.standard: (mark.status, mark.value, mark.raw, mark.unit) for mark in second.marks.all()}
    assert marks == {
        "greet": ("marked", 0.0, None, ""),
        "bag": ("not_seen", None, None, ""),
        "tidy": ("marked", 0.5, 2.0, "step"),
        "wait": ("marked", 0.0, 45.0, "seconds"),
    }


def test_the_same_file_again_changes_nothing(cast, given):
    add_visits(by=cast.filip, uid=given(cast.filip, WIDE).uid)

    again = given(cast.filip, WIDE)

    assert found(again) == {"new": 0, "same": 2, "changed": 0, "faults": 0}
    with pytest.raises(Refused) as refused:
        add_visits(by=cast.filip, uid=again.uid)
    assert refused.value.code == "visit_nothing_to_add"


def test_a_changed_row_gives_new_marks_and_the_log_keeps_the_old(cast, given):
    add_visits(by=cast.filip, uid=given(cast.filip, WIDE).uid)

    corrected = given(cast.filip, WIDE.replace("nie;;2;45", "tak;;2;45"))
    add_visits(by=cast.filip, uid=corrected.uid)

    assert found(corrected) == {"new": 0, "same": 1, "changed": 1, "faults": 0}
    assert Mark.objects.filter(standard="greet", value=1.0).count() == 2
    entry = AuditEntry.objects.get(action="visit.change")
    assert (entry.before, entry.after) == ({"greet": 0.0}, {"greet": 1.0})


def test_what_cannot_be_read_says_line_column_and_value_and_the_rest_goes_in(cast, given):
    one = given(
        cast.filip,
        "data,miejsce,pracownik,greet,bag,wait\n"
        "2026-10-05,Rynek,Darek Lis,chyba,tak,1\n"
        '2026-10-06,Rynek,"Darek\nLis",tak,nd,1\n'
        "2026-13-06,Rynek,Darek Lis,tak,nd,1\n"
        "2026-10-07,Rynek,Darek Lis,nd,tak,1\n"
        "2126-10-07,Rynek,Darek Lis,tak,tak,1\n"
        "0001-01-01T00:00:00+14:00,Rynek,Darek Lis,tak,tak,1\n",
    )

    assert codes(one) == [
        (2, "greet", "visit_mark_unreadable"),
        (5, "data", "visit_time_unreadable"),
        (6, "greet", "visit_na_not_allowed"),
        (7, "data", "visit_in_future"),
        (8, "data", "visit_time_unreadable"),
    ]
    assert found(one)["new"] == 1
    values = ["chyba", "2026-13-06", "nd", "2126-10-07", "0001-01-01T00:00:00+14:00"]
    assert [fault.value for fault in faults_of(one)] == values


def test_names_nobody_knows_are_offered_and_what_is_said_of_them_is_kept(cast, given, galeria):
    text = "data,miejsce,pracownik,greet\n2026-10-05,Galeria Kraków,E. Kos,tak\n2026-10-06,Rynek,Ktoś,tak\n"
    one = given(cast.filip, text)
    assert one.outcome["unknown"] == {"place": {"Galeria Kraków": 1}, "employee": {"Ktoś": 1}}

    one = name_unknown(by=cast.filip, uid=one.uid, chosen={"place": {"Galeria Kraków": galeria.uid}})
    assert one.outcome["unknown"] == {"place": {}, "employee": {"E. Kos": 1, "Ktoś": 1}}
    chosen = {"employee": {"E. Kos": cast.edyta.person.uid, "Ktoś": ""}}
    one = name_unknown(by=cast.filip, uid=one.uid, chosen=chosen)
    add_visits(by=cast.filip, uid=one.uid)

    assert set(Visit.objects.values_list("place__name", "employee__name")) == {
        ("Galeria", "Edyta Kos"),
        ("Rynek", None),
    }
    assert set(ExternalId.objects.values_list("system", "value")) == {
        ("visits", "Galeria Kraków"),
        ("visits", "E. Kos"),
    }


def test_a_place_lead_puts_in_visits_of_their_place_only_and_names_nobody_for_others(cast, given, rynek):
    text = "data,miejsce,pracownik,greet\n2026-10-05,Galeria,Edyta Kos,tak\n2026-10-06,Rynek,D.L.,tak\n"

    one = given(cast.anna, text)
    one = name_unknown(by=cast.anna, uid=one.uid, chosen={"employee": {"D.L.": cast.darek.person.uid}})

    assert codes(one) == [(2, "miejsce", "visit_place_not_yours")]
    assert found(one)["new"] == 1
    assert not ExternalId.objects.exists()  # whose conversations somebody may read hangs on such names


def test_two_people_of_one_name_have_to_be_told_apart(cast, given):
    cast.edyta.person.name = "Darek Lis"
    cast.edyta.person.save()

    one = given(cast.filip, "data,miejsce,pracownik,greet\n2026-10-05,Rynek,Darek Lis,tak\n")

    assert one.outcome["unknown"]["employee"] == {"Darek Lis": 1}


def test_the_columns_can_be_corrected(cast, given, rynek):
    one = given(cast.filip, "a,b,c\n2026-10-05,Darek Lis,tak\n")
    assert one.outcome == {"missing": ["at", "place", "standards"]}

    one = map_columns(
        by=cast.filip,
        uid=one.uid,
        columns=Columns("wide", {"at": 0, "employee": 1}, {2: "greet"}, place_uid=rynek.uid),
    )

    assert found(one)["new"] == 1


def test_one_column_cannot_be_two_things(cast, given):
    one = given(cast.filip, WIDE)

    with pytest.raises(Refused) as refused:
        map_columns(by=cast.filip, uid=one.uid, columns=Columns("wide", {"at": 0, "place": 0}, {5: "greet"}))

    assert refused.value.code == "visit_column_twice"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "iso-8859-2", "utf-16"])
def test_any_encoding_of_a_polish_spreadsheet_is_read(cast, given, encoding):
    text = WIDE.replace("„", '"').replace("”", '"') if encoding == "iso-8859-2" else WIDE
    text = text.replace('Mówi: "Dzień dobry"', "greet")

    assert found(given(cast.filip, text, encoding=encoding))["new"] == 2


def test_a_standard_for_another_channel_takes_no_mark(cast, given):
    text = (
        "data,miejsce,kanał,greet,answer,bag\n2026-10-05,Rynek,telefon,tak,tak,\n2026-10-06,Rynek,,tak,tak,\n"
    )

    one = given(cast.filip, text)
    add_visits(by=cast.filip, uid=one.uid)

    assert codes(one) == [(3, "answer", "visit_other_channel")]
    assert "(na miejscu)" in shown_faults(one, "pl")[0].sentence
    visit = Visit.objects.get()
    assert visit.channel == "phone"
    assert visit.marks.get(standard="bag").status == "not_applicable"


def test_the_same_visit_twice_is_said_and_a_row_that_repeats_another_is_counted(cast, given):
    row = "2026-10-05,Rynek,Darek Lis,{}\n"
    rows = "".join(map(row.format, ("tak", "tak", "nie")))
    one = given(cast.filip, f"data,miejsce,pracownik,greet\n{rows}")

    assert codes(one) == [(4, "", "visit_twice")]
    assert one.outcome["repeated"] == 1


def test_a_visit_of_another_edition_stays_as_it_is(cast, given, edition):
    add_visits(by=cast.filip, uid=given(cast.filip, LONG).uid)

    other = given(cast.filip, LONG.replace("greet", "welcome_greet"), edition=edition)

    assert {code for _, _, code in codes(other)} <= {"visit_of_other_edition", "visit_standard_unknown"}


def test_who_may_not_put_in_visits_is_refused(cast, given):
    for who in (cast.darek, cast.hubert):
        with pytest.raises(Refused) as refused:
            given(who, WIDE)
        assert refused.value.code == "not_permitted"


def test_a_file_of_somebody_else_is_not_there_for_a_place_lead(cast, given):
    one = given(cast.filip, WIDE)

    with pytest.raises(Refused) as refused:
        add_visits(by=cast.anna, uid=one.uid)

    assert refused.value.code == "visit_import_gone"


def test_a_file_can_be_dropped_before_it_is_put_in(cast, given, settings):
    one = given(cast.filip, WIDE)

    drop_import(by=cast.filip, uid=one.uid)

    assert not VisitImport.objects.exists()
    assert not list((settings.HOME / "files" / "visits").iterdir())


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file_empty"), (b"PK\x03\x04xlsx", "file_is_a_workbook"), (b'a,b\n"open,1\n', "quote_open")],
)
def test_a_file_that_is_no_csv_is_refused_as_a_whole(cast, shop, content, code):
    from gracja.app.observations.services.imports import give_file

    with pytest.raises(Refused) as refused:
        give_file(by=cast.filip, edition_uid=shop.uid, file_name="wizyty.xlsx", content=content)

    assert refused.value.code == code


def test_a_hundred_thousand_rows_are_tried_in_seconds_and_put_in_by_a_background_job(
    cast, given, django_capture_on_commit_callbacks
):
    rows = "".join(
        f"{1 + number % 28}.{1 + number // 28 % 9}.2026 "
        f"{number // 252 % 24}:{number // 6048 % 60:02},Rynek,Darek Lis,tak\n"
        for number in range(100_000)
    )

    before = time.process_time()
    one = given(cast.filip, "data,miejsce,pracownik,greet\n" + rows)
    took = time.process_time() - before
    with django_capture_on_commit_callbacks() as queued:
        one = add_visits(by=cast.filip, uid=one.uid)

    assert found(one) == {"new": 100_000, "same": 0, "changed": 0, "faults": 0}
    assert took < 20
    assert (one.state, len(queued)) == ("queued", 1)


@pytest.fixture
def waiting(cast, given, monkeypatch):
    """A file whose visits are put in by the worker."""
    monkeypatch.setattr("gracja.app.observations.services.imports.MARKS_AT_ONCE", 0)
    one = add_visits(by=cast.filip, uid=given(cast.filip, WIDE).uid)
    assert one.state == "queued"
    return one


def test_an_import_that_was_killed_midway_goes_on(waiting, monkeypatch):
    monkeypatch.setattr("gracja.app.observations.services.compare.AT_ONCE", 1)
    kept = []

    def dies(*args, **kwargs):
        if kept:
            raise KeyboardInterrupt
        kept.append(1)
        keep(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr("gracja.app.observations.services.imports.keep", dies)
        with pytest.raises(KeyboardInterrupt):
            carry_out_import.call(waiting.uid)
    assert Visit.objects.count() == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.applied, waiting.dead) == ("running", 1, False)

    carry_out_import.call(waiting.uid)  # too early: the other may be alive
    assert Visit.objects.count() == 1
    VisitImport.objects.update(beat_at=now() - jobs.DEAD_AFTER - timedelta(seconds=1))
    carry_out_import.call(waiting.uid)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, Visit.objects.count()) == ("done", 2, 2)


def test_an_import_whose_database_was_busy_is_tried_again_and_given_up_after_three(
    waiting, cast, monkeypatch
):
    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr("gracja.app.observations.services.imports.keep", busy)
        states = []
        for _ in range(3):
            VisitImport.objects.update(not_before=None)
            carry_out_import.call(waiting.uid)
            waiting.refresh_from_db()
            states.append((waiting.state, bool(waiting.not_before)))
    assert states == [("queued", True), ("queued", True), ("failed", False)]
    assert waiting.trouble["code"] == "job_broke"

    add_visits(by=cast.filip, uid=waiting.uid)  # pressed once more
    carry_out_import.call(waiting.uid)
    waiting.refresh_from_db()
    assert (waiting.state, Visit.objects.count()) == ("done", 2)


def test_what_killed_its_worker_three_times_is_given_up(waiting):
    died = now() - jobs.DEAD_AFTER - timedelta(seconds=1)
    VisitImport.objects.update(state="running", attempts=3, beat_at=died)

    carry_out_import.call(waiting.uid)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.trouble["code"]) == ("failed", "job_broke")


def test_visits_are_put_in_with_the_rights_that_are_left_when_the_worker_comes(waiting, cast):
    cast.filip.person.memberships.all().delete()

    carry_out_import.call(waiting.uid)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.trouble["code"], Visit.objects.count()) == ("failed", "not_permitted", 0)


@pytest.mark.parametrize("at_once", [0, 100_000])
def test_the_file_is_gone_as_soon_as_its_visits_are_in(
    cast, given, settings, monkeypatch, at_once, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("gracja.app.observations.services.imports.MARKS_AT_ONCE", at_once)
    one = given(cast.filip, WIDE)
    assert (settings.HOME / "files" / one.stored_as).exists()

    with django_capture_on_commit_callbacks(execute=True):
        add_visits(by=cast.filip, uid=one.uid)
    carry_out_import.call(one.uid)

    assert not (settings.HOME / "files" / one.stored_as).exists()
    assert Visit.objects.count() == 2


def test_a_file_that_somebody_took_away_is_said_to_be_gone_and_can_be_dropped(cast, given, settings):
    one = given(cast.filip, WIDE)
    (settings.HOME / "files" / one.stored_as).unlink()

    for act in (add_visits, lambda **who: map_columns(**who, columns=Columns.from_json(one.mapping))):
        with pytest.raises(Refused) as refused:
            act(by=cast.filip, uid=one.uid)
        assert refused.value.code == "visit_import_gone"
    drop_import(by=cast.filip, uid=one.uid)
    assert not VisitImport.objects.exists()


def test_a_small_import_that_breaks_off_puts_nothing_in_and_can_be_pressed_again(cast, given, monkeypatch):
    one = given(cast.filip, WIDE)

    def breaks(*args, **kwargs):
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr("gracja.app.observations.services.keeping._marks", breaks)
        with pytest.raises(RuntimeError):
            add_visits(by=cast.filip, uid=one.uid)
    assert not Visit.objects.exists()
    assert not AuditEntry.objects.filter(action="visits.import").exists()

    assert add_visits(by=cast.filip, uid=one.uid).state == "done"
    with pytest.raises(Refused) as refused:
        add_visits(by=cast.filip, uid=one.uid)
    assert refused.value.code == "visit_import_begun"


def test_another_evaluator_stands_in_the_log_and_an_outsiders_name_does_not(cast, given):
    visit = "id;data;placówka;pracownik;oceniający;greet\nV1;2026-10-05;Rynek;darek;{};tak\n"
    add_visits(by=cast.filip, uid=given(cast.filip, visit.format("Borys Sowa")).uid)
    add_visits(by=cast.filip, uid=given(cast.filip, visit.format("Jan z agencji")).uid)

    entry = AuditEntry.objects.get(action="visit.change")
    assert (entry.before["evaluator"], entry.after["evaluator"]) == (cast.borys.person.key, "")
    assert entry.after["evaluator_name"] == HIDDEN


def test_a_place_lead_marks_nobody_of_another_place(cast, given):
    text = "data,miejsce,pracownik,greet\n2026-10-05,Rynek,Edyta Kos,nie\n"

    one = given(cast.anna, text)
    assert codes(one) == [(2, "pracownik", "visit_employee_unknown")]
    one = name_unknown(by=cast.anna, uid=one.uid, chosen={"employee": {"Edyta Kos": cast.edyta.person.uid}})
    assert codes(one) == [(2, "pracownik", "visit_employee_unknown")]
    assert found(given(cast.filip, text))["new"] == 1


def test_a_place_lead_marks_only_those_who_were_hers_on_the_day_of_the_visit(cast, given):
    cast.darek.person.memberships.update(since=date(2026, 10, 5), until=date(2026, 10, 20))
    visit = "data,miejsce,pracownik,greet\n{},Rynek,Darek Lis,tak\n"

    before, first, last, after = (
        given(cast.anna, visit.format(day))
        for day in ("2026-10-04", "2026-10-05", "2026-10-20", "2026-10-21 0:30")
    )

    assert (codes(first), codes(last)) == ([], [])
    assert codes(before) == codes(after) == [(2, "pracownik", "visit_employee_unknown")]
    assert codes(given(cast.filip, visit.format("2026-10-21"))) == []


def test_a_name_may_mean_who_was_there_while_it_stands_in_the_file(cast, given):
    cast.darek.person.memberships.update(until=date(2026, 10, 20))

    def named(day):
        file = given(cast.anna, f"data,miejsce,pracownik,greet\n{day},Rynek,D.L.,tak\n")
        return {name for _, name in choices_of(by=cast.anna, given=file)[0]}

    assert "Darek Lis" in named("2026-10-20")
    assert "Darek Lis" not in named("2026-10-21")
    assert not {"Edyta Kos"} & (named("2026-10-20") | named("2026-10-21"))
