from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gracja.app.common.clock import now
from gracja.app.observations.models import Mark, Visit, VisitImport
from gracja.app.observations.services.imports import add_visits, carry_out_import, give_file

ROWS = (
    "data;miejsce;pracownik;oceniający;{first};{second}\n"
    "5.10.2026 9.30;Rynek;Darek Lis;Jan z agencji;tak;nie\n"
)


@pytest.fixture
def sheet(edition):
    """A file of one visit, with two standards of the edition that are seen on the spot."""
    from gracja.engine.edition.read import edition_from_json

    on_spot = [
        one.standard
        for _, _, one in edition_from_json(edition.document).standards()
        if "in_person" in one.channels and one.measure == "yes_no"
    ]
    return ROWS.format(first=on_spot[0], second=on_spot[1])


@pytest.fixture
def given(cast, signed_in, edition):
    def give(text, by=None):
        file = SimpleUploadedFile("wizyty.csv", text.encode("cp1250"))
        answer = signed_in(by or cast.filip).post(
            reverse("visit_files"), {"edition": edition.uid, "file": file}
        )
        return answer, VisitImport.objects.first()

    return give


@pytest.fixture
def visits(edition, cast, rynek, galeria):
    for employee, place in ((cast.darek, rynek), (cast.edyta, galeria)):
        visit = Visit.objects.create(
            contact=f"visit {place.name}",
            edition=edition,
            place=place,
            employee=employee.person,
            evaluator=cast.borys.person,
            occurred_at=datetime(2026, 10, 5, 9, tzinfo=UTC),
        )
        Mark.objects.create(visit=visit, standard="greets_at_once", status="marked", value=1.0)


def test_a_file_is_tried_first_and_added_when_somebody_says_so(signed_in, cast, given, sheet):
    answer, one = given(sheet)
    filip = signed_in(cast.filip)
    page = filip.get(answer.url).content.decode()
    assert "1 new visit can be added." in page
    assert not Visit.objects.exists()

    filip.post(reverse("add_visits", args=[one.uid]))

    assert "1 visit of this file is here." in filip.get(answer.url).content.decode()
    assert Visit.objects.get().evaluator_name == "Jan z agencji"


def test_what_cannot_be_read_stands_with_line_column_value_and_remedy(signed_in, cast, given, sheet):
    answer, one = given(sheet.replace("tak;nie", "może;nie"))
    filip = signed_in(cast.filip, language="pl")

    page = filip.get(answer.url).content.decode()
    as_csv = filip.get(reverse("visit_faults", args=[one.uid])).content.decode("utf-8-sig")

    assert "To nie jest ocena tego standardu." in page
    assert list(csv.reader(io.StringIO(as_csv), delimiter=";"))[1][:3] == [
        "2",
        sheet.split(";")[4],
        "może",
    ]


def test_columns_can_be_corrected_on_the_page(signed_in, cast, given, sheet):
    answer, one = given(sheet.replace("data;miejsce", "a;b"))
    filip = signed_in(cast.filip)
    page = filip.get(answer.url)
    assert "Say what the columns of the file are." in page.content.decode()

    form = {name: field.initial or "" for name, field in page.context["form"].fields.items()}
    corrected = filip.post(answer.url, form | {"field_at": "0", "field_place": "1"})

    one.refresh_from_db()
    assert corrected.status_code == 302
    assert one.outcome["new"] == 1


def test_a_column_chosen_twice_is_said_and_nothing_chosen_is_lost(signed_in, cast, given, sheet):
    answer, _ = given(sheet)
    filip = signed_in(cast.filip)
    form = {name: field.initial or "" for name, field in filip.get(answer.url).context["form"].fields.items()}

    twice = filip.post(answer.url, form | {"field_at": "1", "field_place": "1"})

    assert twice.status_code == 422
    assert "chosen twice" in twice.content.decode()
    assert twice.context["form"]["field_at"].value() == "1"


def test_names_are_said_on_the_page(signed_in, cast, given, sheet, rynek):
    _, one = given(sheet.replace("Rynek", "Salon przy Rynku").replace("Darek Lis", "D.L."))
    filip = signed_in(cast.filip)
    names = reverse("visit_names", args=[one.uid])

    filip.post(names, {"name_0": "Salon przy Rynku", "ours_0": rynek.uid})
    filip.post(names, {"name_0": "D.L.", "ours_0": "-"})

    one.refresh_from_db()
    assert one.outcome["new"] == 1


def test_the_template_is_read_back_without_a_word(signed_in, cast, given, edition):
    for language in ("pl", "en"):
        answer = signed_in(cast.filip, language=language).get(reverse("visit_template", args=[edition.uid]))
        heading = answer.content.decode("utf-8-sig").strip()
        assert answer.headers["Content-Disposition"].endswith('.csv"')

        _, one = given(heading + "\n")

        assert one.outcome["missing"] == []
        assert set(one.mapping["fields"]) == {
            "at",
            "hour",
            "place",
            "employee",
            "evaluator",
            "channel",
            "wanted",
        }
        assert len(one.mapping["standards"]) == heading.count(";") - 6


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"PK\x03\x04", "workbook"), (b"", "empty"), (b"\x81\x83\x88\x98" * 9, "text")],
)
def test_a_file_that_is_no_csv_is_refused_beside_the_field(signed_in, cast, edition, content, said):
    file = SimpleUploadedFile("wizyty.csv", content)

    answer = signed_in(cast.filip).post(reverse("visit_files"), {"edition": edition.uid, "file": file})

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_visits_are_seen_by_place_and_ones_own(signed_in, cast, visits):
    def seen(user):
        return {one.place.name for one in signed_in(user).get(reverse("visits")).context["page"]}

    assert seen(cast.filip) == seen(cast.borys) == {"Rynek", "Galeria"}
    assert seen(cast.anna) == seen(cast.darek) == {"Rynek"}
    assert seen(cast.celina) == seen(cast.edyta) == {"Galeria"}


def test_one_visit_is_seen_by_who_was_visited_and_by_no_colleague(signed_in, cast, visits):
    address = reverse("visit", args=[Visit.objects.get(place__name="Galeria").uid])

    assert "You were visited" in signed_in(cast.edyta).get(address).content.decode()
    assert signed_in(cast.celina).get(address).status_code == 200
    assert signed_in(cast.darek).get(address).status_code == 404
    assert signed_in(cast.anna).get(address).status_code == 404


def test_the_list_needs_few_queries(signed_in, cast, visits, given, sheet, django_assert_max_num_queries):
    answer, _ = given(sheet)
    filip = signed_in(cast.filip)
    for address in (reverse("visits"), reverse("visit_files"), answer.url):
        with django_assert_max_num_queries(15):
            filip.get(address)


@pytest.mark.parametrize("who", ["darek", "hubert"])
def test_files_are_for_those_who_may_put_in_visits(signed_in, cast, given, sheet, edition, who):
    _, one = given(sheet)
    client = signed_in(getattr(cast, who))

    assert client.get(reverse("visit_files")).status_code == 404
    assert client.get(reverse("visit_template", args=[edition.uid])).status_code == 404
    for name in ("visit_file", "visit_faults"):
        assert client.get(reverse(name, args=[one.uid])).status_code == 404
    for name in ("add_visits", "drop_visits", "visit_names"):
        assert client.post(reverse(name, args=[one.uid])).status_code == 404


def test_a_file_of_somebody_else_is_not_there_for_a_place_lead(signed_in, cast, given, sheet):
    _, one = given(sheet)

    assert signed_in(cast.anna).get(reverse("visit_file", args=[one.uid])).status_code == 404


@pytest.mark.parametrize("name", ["add_visits", "drop_visits", "visit_names"])
def test_what_changes_something_is_asked_by_post(signed_in, cast, given, sheet, name):
    _, one = given(sheet)

    assert signed_in(cast.filip).get(reverse(name, args=[one.uid])).status_code == 405


def test_many_marks_are_added_in_the_background_and_followed(signed_in, cast, given, sheet, monkeypatch):
    monkeypatch.setattr("gracja.app.observations.services.imports.MARKS_AT_ONCE", 1)
    answer, one = given(sheet)
    filip = signed_in(cast.filip)

    filip.post(reverse("add_visits", args=[one.uid]))
    assert 'hx-trigger="every 2s"' in filip.get(answer.url).content.decode()
    carry_out_import.call(one.uid)

    assert "every 2s" not in filip.get(answer.url).content.decode()
    assert Visit.objects.count() == 1


def test_an_import_that_waits_died_or_failed_says_so(signed_in, cast, given, sheet, monkeypatch):
    monkeypatch.setattr("gracja.app.observations.services.imports.MARKS_AT_ONCE", 1)
    answer, one = given(sheet)
    filip = signed_in(cast.filip, language="en")
    filip.post(reverse("add_visits", args=[one.uid]))

    def shown(**fields):
        VisitImport.objects.update(**fields)
        return filip.get(answer.url).content.decode()

    broke = {"code": "job_broke", "facts": {}}
    assert "goes on by itself" in shown(state="running", beat_at=now() - timedelta(minutes=5))
    assert "Attempt 1 failed" in shown(
        state="queued", attempts=1, trouble=broke, not_before=now() + timedelta(minutes=1)
    )
    page = shown(state="failed", trouble=broke, not_before=None)
    assert "could not be added" in page
    assert reverse("add_visits", args=[one.uid]) in page
    assert reverse("drop_visits", args=[one.uid]) in page
    filip.post(reverse("add_visits", args=[one.uid]))
    assert VisitImport.objects.get().state == "queued"


def test_a_file_that_somebody_took_away_is_a_sentence_and_can_be_deleted(
    signed_in, cast, given, sheet, settings
):
    answer, one = given(sheet)
    (settings.HOME / "files" / one.stored_as).unlink()
    filip = signed_in(cast.filip, language="en")

    page = filip.get(answer.url)

    assert page.status_code == 200
    assert "This file is no longer here." in page.content.decode()
    filip.post(reverse("drop_visits", args=[one.uid]))
    assert not VisitImport.objects.exists()


def test_hours_are_those_of_the_place(signed_in, cast, given, sheet, rynek):
    _, one = given(sheet)
    filip = signed_in(cast.filip, language="pl")
    filip.post(reverse("add_visits", args=[one.uid]))

    visit = Visit.objects.get()
    assert visit.occurred_at == datetime(2026, 10, 5, 7, 30, tzinfo=UTC)
    for address in (reverse("visits"), reverse("visit", args=[visit.uid])):
        assert "2026,\u00a009.30" in filip.get(address).content.decode()


def test_the_page_of_a_visit_says_what_its_scenario_wanted(signed_in, cast, edition):
    from gracja.engine.edition.read import edition_from_json

    standard = next(
        one.standard
        for _, _, one in edition_from_json(edition.document).standards()
        if "in_person" in one.channels and one.measure == "yes_no"
    )
    text = f"visit id,date,store,closeness wanted,{standard}\nV1,2026-10-05,Rynek,discreet,yes\n"
    one = give_file(by=cast.filip, edition_uid=edition.uid, file_name="v.csv", content=text.encode())
    client = signed_in(cast.filip)
    assert "of 1 it is said how close" in client.get(reverse("visit_file", args=[one.uid])).content.decode()
    add_visits(by=cast.filip, uid=one.uid)

    page = client.get(reverse("visit", args=[Visit.objects.get().uid])).content.decode()

    assert "The scenario wanted discreet service" in page
