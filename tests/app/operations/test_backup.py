"""A backup comes back whole into an empty folder, or not at all."""

from __future__ import annotations

import gzip
import io
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile

import pytest

from gracja.app.common.erasures import erased
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, ErasedMark
from gracja.app.contacts.models.erased import EMAIL, NUMBER, PHONE, mark_of
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.measurement.models import Run
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.operations.backup import make_backup
from gracja.app.operations.erasure import erase_again, erase_customer
from gracja.app.operations.manifest import ROWS, checked
from gracja.app.operations.restore import restore
from gracja.app.operations.rows import dump_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(cast, edition, told, visits, archived, settings):
    """A company with people, an edition, visits, an archive, results, and a file that was uploaded."""
    carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))
    uploads = settings.HOME / "files" / "uploads"
    uploads.mkdir(parents=True)
    (uploads / "talks.csv").write_bytes(b"contact,speaker,text\n")


def gracja(home, *arguments):
    """The command as an administrator runs it, on an installation of its own (SQLite)."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "gracja", "--lang", "en", *arguments, "--home", str(home)],
        env=environment | {"GRACJA_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def rows_of(path):
    with tarfile.open(path) as tar:
        return gzip.decompress(tar.extractfile(ROWS).read()).decode().splitlines()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["doctor"], 1), (["backup", "made.tar"], 2), (["user", "reset-password", "a"], 2)],
)
def test_a_folder_in_which_nobody_began_is_said_to_be_one(tmp_path, monkeypatch, arguments, code):
    monkeypatch.chdir(tmp_path)

    done = gracja(tmp_path / "elsewhere", *arguments)

    assert done.returncode == code
    assert "There is no company in this database yet" in done.stdout + done.stderr
    assert str(tmp_path / "elsewhere") in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "made.tar").exists()


def test_what_was_backed_up_comes_back_row_by_row_and_file_by_file(filled, tmp_path, settings):
    first = make_backup(tmp_path / "first.tar")

    came = gracja(tmp_path / "new", "restore", str(tmp_path / "first.tar"))
    assert came.returncode == 0, came.stderr
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d \w", came.stderr)  # a time as people read it
    again = gracja(tmp_path / "new", "backup", str(tmp_path / "second.tar"))
    assert again.returncode == 0, again.stderr

    second = checked(tmp_path / "second.tar")
    assert second.rows == first.rows
    assert sorted(rows_of(tmp_path / "second.tar")) == sorted(rows_of(tmp_path / "first.tar"))
    files = [name for name in first.members if name.startswith(("archive/", "files/"))]
    assert files
    assert {name: second.members[name] for name in files} == {name: first.members[name] for name in files}
    assert first.rows["measurement_result"] > 0


def test_only_its_owner_can_read_a_backup(filled, tmp_path):
    make_backup(tmp_path / "b.tar")

    assert (tmp_path / "b.tar").stat().st_mode & 0o077 == 0


def test_a_backup_is_never_written_over(company, tmp_path):
    (tmp_path / "b.tar").write_text("mine")

    with pytest.raises(Refused) as refused:
        make_backup(tmp_path / "b.tar")

    assert refused.value.code == "backup_exists"
    assert (tmp_path / "b.tar").read_text() == "mine"


@pytest.mark.parametrize("cut", [0.2, 0.6, 0.9])
def test_a_backup_that_was_cut_short_restores_nothing(filled, tmp_path, cut):
    make_backup(tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: int(len(whole) * cut)])

    with pytest.raises(Refused) as refused:
        checked(tmp_path / "cut.tar")
    assert refused.value.code in ("backup_unreadable", "backup_damaged")


def test_one_changed_byte_is_found_before_anything_is_written(filled, tmp_path):
    made = make_backup(tmp_path / "b.tar")
    name = next(name for name in made.members if name.endswith(".parquet"))
    damaged = bytearray((tmp_path / "b.tar").read_bytes())
    with tarfile.open(tmp_path / "b.tar") as tar:
        damaged[tar.getmember(name).offset_data + 100] ^= 1
    (tmp_path / "b.tar").write_bytes(damaged)

    came = gracja(tmp_path / "new", "restore", str(tmp_path / "b.tar"))

    assert came.returncode == 2
    assert name in came.stderr
    assert not (tmp_path / "new" / "archive").exists()


def test_nothing_is_restored_over_what_is_there(filled, tmp_path):
    make_backup(tmp_path / "b.tar")

    with pytest.raises(Refused) as refused:
        restore(tmp_path / "b.tar")

    assert refused.value.code == "restore_not_empty"


def test_a_file_that_is_no_backup_is_refused(company, tmp_path):
    (tmp_path / "x.tar").write_bytes(b"not a backup")

    with pytest.raises(Refused) as refused:
        checked(tmp_path / "x.tar")
    assert refused.value.code == "backup_unreadable"
    with pytest.raises(Refused) as refused:
        checked(tmp_path / "none.tar")
    assert refused.value.code == "backup_not_found"


def test_a_member_that_points_outside_is_not_extracted(company, tmp_path):
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        info = tarfile.TarInfo("files/../../escaped")
        info.size = 4
        tar.addfile(info, io.BytesIO(b"evil"))

    with pytest.raises(Refused):
        restore(tmp_path / "evil.tar")
    assert not (tmp_path / "escaped").exists()


def test_a_backup_with_a_link_in_it_is_refused_and_named(company, tmp_path):
    with tarfile.open(tmp_path / "odd.tar", "w") as tar:
        link = tarfile.TarInfo("files/leads-nowhere")
        link.type, link.linkname = tarfile.SYMTYPE, "files/not-there"
        tar.addfile(link)

    with pytest.raises(Refused) as refused:
        checked(tmp_path / "odd.tar")

    assert (refused.value.code, refused.value.facts["member"]) == ("backup_damaged", "files/leads-nowhere")


MEANWHILE = """
import io, sqlite3, django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("migrate", verbosity=0)
from gracja.app.organisation.models import Place
from gracja.app.operations import rows
Place.objects.create(name="Before")
written = rows._write
def write(out, value):
    if isinstance(value, dict) and value["table"] == "organisation_place":
        with sqlite3.connect(settings.HOME / "gracja.sqlite3", timeout=1) as other:
            other.execute("UPDATE organisation_place SET name = 'Meanwhile'")
        other.close()
    written(out, value)
rows._write = write
out = io.BytesIO()
rows.dump_rows(out)
out.seek(0)
import gzip
dumped = gzip.decompress(out.read()).decode()
assert "Before" in dumped and "Meanwhile" not in dumped, dumped
assert Place.objects.get().name == "Meanwhile"
Place.objects.create(name="After")
"""


def test_people_write_while_a_backup_is_made_and_it_shows_one_moment(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", MEANWHILE],
        env=environment | {"GRACJA_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "gracja.app.settings"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.django_db(transaction=True)
def test_the_rows_are_read_in_a_transaction_of_their_own_and_writing_goes_on_after_it(company):
    counts = dump_rows(io.BytesIO())

    assert counts["organisation_company"] == 1
    company.name = "Po kopii"
    company.save()
    assert dump_rows(io.BytesIO()) == counts


def test_what_waited_or_was_at_work_begins_anew_after_a_restore(filled, cast, edition, tmp_path):
    Run.objects.update(state="running", beat_at=None)
    made = make_backup(tmp_path / "b.tar")

    came = gracja(tmp_path / "new", "restore", str(tmp_path / "b.tar"))

    assert came.returncode == 0, came.stderr
    assert made.rows["measurement_run"] == 1
    with sqlite3.connect(tmp_path / "new" / "gracja.sqlite3") as restored:
        (state,) = restored.execute("SELECT state FROM measurement_run").fetchone()
        (task,) = restored.execute("SELECT task_path FROM django_tasks_database_dbtaskresult").fetchone()
    restored.close()
    assert (state, task.rpartition(".")[2]) == ("queued", "carry_out_run")


def test_whoever_was_erased_since_the_backup_is_erased_again(filled, cast, tmp_path, settings):
    make_backup(tmp_path / "b.tar")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "erasures.jsonl").write_text(
        f'{{"person": "{cast.darek.person.key}", "at": "2026-11-22T12:00:00+00:00"}}\n'
    )

    came = gracja(tmp_path / "new", "restore", str(tmp_path / "b.tar"))
    again = gracja(tmp_path / "new", "backup", str(tmp_path / "after.tar"))

    assert (came.returncode, again.returncode) == (0, 0), came.stderr + again.stderr
    people = [row for row in rows_of(tmp_path / "after.tar") if cast.darek.person.key in row]
    assert people
    assert not any("Darek Lis" in row for row in rows_of(tmp_path / "after.tar"))
    assert any("Edyta Kos" in row for row in rows_of(tmp_path / "after.tar"))


def test_whom_the_backup_never_knew_stays_away_after_it_comes_back(
    filled, cast, tmp_path, settings, django_capture_on_commit_callbacks
):
    make_backup(tmp_path / "b.tar")
    with django_capture_on_commit_callbacks(execute=True):
        since = add_customer(
            by=cast.darek, details=Details("Joanna Kruk", "601 234 567"), numbers=[("till", "K-17")]
        )
        erase_customer(by=cast.grazyna, customer=since)
    (tmp_path / "new").mkdir()
    shutil.copy(settings.HOME / "erasures.jsonl", tmp_path / "new")

    came = gracja(tmp_path / "new", "restore", str(tmp_path / "b.tar"))

    assert "0 records erased again, 2 marks of erased customers added" in came.stderr
    with sqlite3.connect(tmp_path / "new" / "gracja.sqlite3") as restored:
        kept = {mark for (mark,) in restored.execute("SELECT mark FROM contacts_erasedmark")}
    restored.close()
    assert kept == {mark_of(PHONE, "601234567"), mark_of(NUMBER, "K-17", "till")}
    assert set(erased(tmp_path / "new").marks) == kept  # and after the next backup, too


def test_a_restore_without_the_list_of_erasures_says_what_that_means(filled, tmp_path):
    make_backup(tmp_path / "b.tar")

    came = gracja(tmp_path / "new", "restore", str(tmp_path / "b.tar"))

    assert "No list of erasures (`erasures.jsonl`) lay in the folder" in came.stderr


def test_who_came_back_by_their_own_wish_since_the_backup_is_not_kept_away_again(
    cast, settings, django_capture_on_commit_callbacks
):
    joanna = Details("Joanna Kruk", "601 234 567", "j@kruk.example")
    with django_capture_on_commit_callbacks(execute=True):
        erase_customer(by=cast.grazyna, customer=add_customer(by=cast.darek, details=joanna))
        before = set(ErasedMark.objects.values_list("mark", flat=True))
        back = add_customer(by=cast.darek, details=Details("Joanna", joanna.phone), back_because="own_wish")
    Customer.objects.filter(pk=back.pk).delete()
    ErasedMark.objects.all().delete()
    ErasedMark.objects.bulk_create(ErasedMark(mark=mark) for mark in before)  # as in the backup

    assert erase_again(erased(settings.HOME))[1] == 0

    assert list(ErasedMark.objects.values_list("mark", flat=True)) == [mark_of(EMAIL, joanna.email)]
