"""Whoever is erased is nowhere any longer: the whole database and every file are searched for the name."""

from __future__ import annotations

import json
import re
import zlib

import pytest
from app.operations.test_backup import gracja
from axes.models import AccessAttempt
from django.apps import apps
from django_tasks_db.models import DBTaskResult

from gracja.app.common.names import Names
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import fold
from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.models import ExternalId, Forgetting, Upload
from gracja.app.contacts.services.forgetting import carry_out_forgetting
from gracja.app.contacts.services.importing import carry_out_upload
from gracja.app.contacts.services.scoring import carry_out_scoring
from gracja.app.contacts.services.uploads import give_upload, name_in_uploads, start_upload
from gracja.app.measurement.models import Run
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.models import Visit, VisitImport
from gracja.app.observations.services.imports import add_visits, give_file, name_unknown
from gracja.app.operations.backup import make_backup
from gracja.app.operations.erasure import pseudonymise_person
from gracja.app.organisation.models import Person
from gracja.app.organisation.services.imports.files import apply_file, take_file
from gracja.app.standards.services.questions import answer_question, ask_question
from gracja.archive.proof import scan

pytestmark = pytest.mark.django_db

NAME, EMAIL, KNOWN_AS = "Żelisława Brzęk-Ćma", "zbc@salony.example", "Brzęk-Ćma Żelisława"
NICKNAME = "Brzęk Ż."
FORMS = (NAME, EMAIL, "Zelislawa", "Brzęk", "Brzek")
VISITS = (
    "Id wizyty;Data;Godzina;Placówka;Pracownik;Oceniający\n"
    f"W1;2026-10-03;10:00;Rynek;{NAME};Borys Sowa\n"
    f"W {NAME} 2;2026-10-04;10:00;Rynek;{NAME};Borys Sowa\n"
    f"W3;2026-10-05;10:00;Rynek;Ktoś Obcy;{NAME} z agencji\n"
    f"W4;2026-10-06;10:00;Rynek;Darek Lis;{NAME} z agencji\n"
    f"W5;nigdy;10:00;Rynek;{NAME};Borys Sowa\n"
    f"W6;2026-10-07;10:00;Rynek;{NICKNAME};Borys Sowa\n"
)
TURNS = (
    "contact;channel;speaker;text;employee;started_at\n"
    f"c1;chat;customer;Dzień dobry;{KNOWN_AS};2026-10-05T10:00:00Z\n"
    f"c1;chat;agent;Mówi {NAME}, w czym mogę pomóc?;{KNOWN_AS};2026-10-05T10:00:00Z\n"
    f"c2;chat;kosmita;Halo, tu {NAME};{NAME};2026-10-05T10:00:00Z\n"
    f"c3;chat;agent;Dzień dobry;{NAME};2026-10-06T10:00:00Z\n"
)


@pytest.fixture
def person(cast, roles, rynek, calling, told, edition, settings):
    """Somebody of a unique name, who came in by every way there is."""
    by = cast.grazyna
    sheet = f"Imię i nazwisko;E-mail;Placówka\n{NAME};{EMAIL};Rynek\n"
    file = take_file(by=by, kind="people", file_name=f"{NAME}.csv", content=sheet.encode())
    apply_file(by=by, file=file, leave_wrong=False)
    found = Person.objects.get(name=NAME)
    roster = f"Pracownik;Placówka;Dzień;Od;Do\n{NAME};Rynek;2026-10-03;08:00;16:00\n"
    file = take_file(by=by, kind="roster", file_name="grafik.csv", content=roster.encode())
    apply_file(by=by, file=file, leave_wrong=False)
    take_file(by=by, kind="roster", file_name="grafik2.csv", content=roster.encode())  # waits
    _by_the_interface(calling(by), rynek)
    _visits(by, edition, found)
    _conversations(by, edition, found)
    carry_out(ask_for_run(by=by, edition_uid=edition.uid))
    question = ask_question(by=cast.darek, edition_uid=edition.uid, standard="", text=f"Co robi {NAME}?")
    answer_question(by=by, question_uid=question.uid, text=f"Pisz: {EMAIL}.")
    AccessAttempt.objects.create(username=EMAIL, ip_address="10.0.0.1", failures_since_start=1)
    assert names_in_database()
    assert names_in_files(settings.HOME)
    return found


def _by_the_interface(client, rynek):
    body = {"name": f"{NAME} II", "role": "employee", "place": rynek.uid}
    answer = client.post(
        "/api/v1/people",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": "once"},
    )
    assert answer.status_code == 201, answer.content
    assert ("tokens_keptanswer", "body") in {where[:2] for where in names_in_database()}
    Person.objects.filter(name__endswith=" II").delete()


def _visits(by, edition, found):
    standard = next(
        one
        for part in edition.document["sequence"]
        for enhancer in part.get("enhancers", ())
        for one in enhancer.get("standards", ())
        if one.get("measure", "yes_no") == "yes_no" and "in_person" in one["channels"]
    )["standard"]
    head, *rows = VISITS.splitlines()
    text = "\n".join([f"{head};{standard}", *(f"{row};tak" for row in rows)])
    done = give_file(by=by, edition_uid=edition.uid, file_name=f"{NAME}.csv", content=text.encode("cp1250"))
    assert done.outcome["faults"] == 3
    done = name_unknown(by=by, uid=done.uid, chosen={"employee": {NICKNAME: found.uid}})
    assert done.outcome["faults"] == 2
    assert add_visits(by=by, uid=done.uid).state == "done"
    give_file(by=by, edition_uid=edition.uid, file_name="czeka.csv", content=text.encode())
    text = text.replace(NAME, "X").replace(NICKNAME, "Y")
    give_file(by=by, edition_uid=edition.uid, file_name="bez-niej.csv", content=text.encode())


def _conversations(by, edition, found):
    done = give_upload(by=by, file_name=f"{NAME}.csv", chunks=[TURNS.encode()])
    start_upload(by=by, uid=done.uid, words={}, edition_uid=edition.uid)
    carry_out_upload.call(done.uid)
    done.refresh_from_db()
    assert done.counts["rejected"] == 1
    carry_out_scoring.call(done.scoring.uid)
    give_upload(by=by, file_name="czeka.csv", chunks=[TURNS.encode()])
    give_upload(by=by, file_name="bez-niej.jsonl", chunks=[b'{"contact": "x"}\n'])
    name_in_uploads(by=by, people={KNOWN_AS: found.uid}, places={})


def names_in_database():
    """Table, field and value of all that names the person, in any column of any table."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            for field, value in row.items():
                content = value
                if isinstance(value, bytes | memoryview):
                    content = zlib.decompress(bytes(value)) if value else b""
                said = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
                said += re.sub(r"\\u([0-9a-f]{4})", lambda hit: chr(int(hit[1], 16)), said)  # as JSON writes
                if any(fold(form) in fold(said) for form in FORMS):
                    found.append((model._meta.db_table, field, said[:300]))
    return found


def names_in_files(home):
    """Files with the name in their bytes as any of our encodings writes it; Parquet unpacked."""
    found = [place for form in FORMS for place in scan(home, form).places]
    for path in home.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for encoding in ("cp1250", "utf-16-le"):
            found += [(path, form) for form in FORMS if form.encode(encoding, "replace") in content]
    return found


def worked_off():
    for leaving in Forgetting.objects.filter(state="queued"):
        carry_out_forgetting.call(leaving.uid)


def test_whoever_is_erased_is_in_no_table_and_in_no_file(person, cast, settings):
    pseudonymise_person(by=cast.grazyna, person=person)
    worked_off()

    assert names_in_database() == []
    assert names_in_files(settings.HOME) == []


def test_what_does_not_name_them_stays_as_it_was(person, cast, settings):
    pseudonymise_person(by=cast.grazyna, person=person)
    worked_off()

    assert sorted(Upload.objects.values_list("state", flat=True)) == ["done", "given"]
    assert VisitImport.objects.filter(file_name="bez-niej.csv", state="given").exists()
    assert not VisitImport.objects.filter(file_name="czeka.csv").exists()
    assert Visit.objects.filter(employee=person).count() == 3
    person.refresh_from_db()
    assert set(Visit.objects.exclude(evaluator_name="").values_list("evaluator_name", flat=True)) == {
        f"{person.name} z agencji"
    }
    kept = VisitImport.objects.get(state="done")
    assert len(kept.outcome["shown"]) == kept.outcome["faults"] == 2


def test_their_conversations_count_under_the_key_in_the_next_measurement(person, cast, edition):
    pseudonymise_person(by=cast.grazyna, person=person)
    worked_off()

    people = {row["employee"] for batch in archive_if_there().conversations() for row in batch.to_pylist()}
    assert people == {person.key}
    assert ExternalId.objects.get(person=person).value == person.key
    Run.objects.all().delete()
    run = carry_out(ask_for_run(by=cast.grazyna, edition_uid=edition.uid))
    assert "employee" not in run.unmapped or not run.unmapped["employee"]


def test_an_old_backup_brings_none_of_it_back(person, cast, tmp_path):
    key = person.key
    make_backup(tmp_path / "b.tar")
    new = tmp_path / "new"
    new.mkdir()
    (new / "erasures.jsonl").write_text(f'{{"person": "{key}", "at": "2026-11-22T12:00:00+00:00"}}\n')

    came = gracja(new, "restore", str(tmp_path / "b.tar"))

    assert came.returncode == 0, came.stderr
    assert (new / "archive").exists()
    assert b"Borys Sowa" in (new / "gracja.sqlite3").read_bytes()
    assert names_in_files(new) == []  # the database's file among them


def test_an_erasure_that_failed_in_the_archive_is_never_given_up(person, cast, settings, monkeypatch):
    def breaks(*_):
        raise OSError(5, "Input/output error")

    pseudonymise_person(by=cast.grazyna, person=person)
    with monkeypatch.context() as patch:
        patch.setattr("gracja.app.contacts.services.forgetting.erase", breaks)
        for _ in range(3):
            Forgetting.objects.update(not_before=None)
            worked_off()
    leaving = Forgetting.objects.get()
    assert (leaving.state, bool(leaving.not_before), bool(leaving.names)) == ("queued", True, True)

    Forgetting.objects.update(not_before=None)
    worked_off()

    leaving.refresh_from_db()
    assert (leaving.state, leaving.names) == ("done", [])
    assert names_in_files(settings.HOME) == []


@pytest.mark.parametrize("model", [Upload, VisitImport, Run])
def test_nobody_is_erased_while_their_name_may_be_written_again(person, cast, model):
    model.objects.filter(pk=model.objects.first().pk).update(state="running")

    with pytest.raises(Refused) as refused:
        pseudonymise_person(by=cast.grazyna, person=person)

    assert refused.value.code == "erasure_waits"
    person.refresh_from_db()
    assert person.name == NAME


def test_the_last_administrator_stays_with_all_files(person, cast, settings):
    before = sorted(path.name for path in (settings.HOME / "files").rglob("*"))
    cast.grazyna.person.name = NAME
    cast.grazyna.person.save()

    with pytest.raises(Refused):
        pseudonymise_person(by=cast.grazyna, person=cast.grazyna.person)

    assert sorted(path.name for path in (settings.HOME / "files").rglob("*")) == before


def test_a_task_that_broke_and_says_the_name_is_deleted(person, cast):
    said = f"IntegrityError: Key (name)=({NAME}) already exists."
    DBTaskResult.objects.create(
        status="FAILED", task_path="x.y", backend_name="default", run_after=None, traceback=said,
        args_kwargs={"args": [], "kwargs": {}}, exception_class_path="x.Y", worker_ids=[],
    )  # fmt: skip

    pseudonymise_person(by=cast.grazyna, person=person)

    assert not DBTaskResult.objects.filter(traceback=said).exists()


@pytest.fixture
def names():
    return Names(["Anna Łoś", "anna.los@firma.example"], ["Łośka"], ["17"], instead="Osoba A1")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Dzwoniła Anna Łoś.", "Dzwoniła Osoba A1."),
        ("ANNA  LOS / wizyty_Anna_Los.csv", "Osoba A1 / wizyty_Osoba A1.csv"),
        ("Łoś, Anna", "Osoba A1"),
        ("Anna.Los@Firma.example;Łośka", "Osoba A1;Osoba A1"),
        ("17", "Osoba A1"),
        ("o 17 i 1700", "o 17 i 1700"),
        ("Hanna Łosiowa, Anna i Łoś", "Hanna Łosiowa, Anna i Łoś"),
        ({"anna łoś": [3, None, "x Anna Łoś"]}, {"Osoba A1": [3, None, "x Osoba A1"]}),
    ],
)
def test_a_name_is_masked_however_it_is_written_and_no_other_word_is(names, said, kept):
    assert names.masked(said) == kept


def test_only_name_and_address_are_masked_in_what_people_write(names):
    assert names.masked_text("Łośka i 17, Anna Łoś") == "Łośka i 17, Osoba A1"
