"""A roster from a file is taken back whole, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from gracja.app.common import clock
from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.organisation.models import ImportFile, Shift
from gracja.app.organisation.services.imports import files, taking_back
from gracja.app.organisation.services.imports.background import work_at_file
from gracja.app.organisation.services.imports.files import apply_file, take_file, undo_file, undoable_files
from gracja.app.organisation.services.roster import add_shift, remove_shift
from gracja.wording.refusals import say_refusal

COMING = now() + timedelta(days=5)
HEAD = "Pracownik;Placówka;Data;Od;Do\n"


def rows(day=COMING, ends="16:00"):
    return f"{HEAD}darek;Rynek;{day:%Y-%m-%d};8:00;{ends}\nEdyta Kos;KR-2;{day:%Y-%m-%d};8:00;{ends}\n"


def taken_over(by, text):
    file = take_file(by=by, kind="roster", file_name="grafik.csv", content=text.encode())
    apply_file(by=by, file=file, leave_wrong=False)
    file.refresh_from_db()
    return file


def refusal(by, file):
    with pytest.raises(Refused) as refused:
        undo_file(by=by, file=file)
    assert all(say_refusal(refused.value.code, lang, **refused.value.facts) for lang in ("pl", "en"))
    return refused.value.code


def test_all_its_shifts_go_and_the_log_keeps_them(cast):
    file = taken_over(cast.filip, rows())
    assert undoable_files(by=cast.filip) == [file]

    for _ in range(2):  # the second time is harmless
        undo_file(by=cast.filip, file=file)

    assert not Shift.objects.exists()
    assert undoable_files(by=cast.filip) == []
    assert AuditEntry.objects.filter(action="shift.remove").count() == 2
    assert AuditEntry.objects.filter(action="import.undo", subject_key=file.uid).count() == 1


def test_shifts_that_it_changed_end_as_before(cast):
    taken_over(cast.filip, rows())
    before = set(Shift.objects.values_list("person", "ends_at"))
    longer = taken_over(cast.filip, rows(ends="18:00"))

    undo_file(by=cast.filip, file=longer)

    assert set(Shift.objects.values_list("person", "ends_at")) == before


def test_it_stays_once_somebody_served_by_it(cast, monkeypatch):
    file = taken_over(cast.filip, rows())
    later = now() + timedelta(days=6)
    monkeypatch.setattr(taking_back, "now", lambda: later)

    assert refusal(cast.filip, file) == "roster_file_used"
    assert Shift.objects.count() == 2


def test_shifts_that_were_over_when_it_came_are_used_by_nobody(cast):
    file = taken_over(cast.filip, rows(now() - timedelta(days=9)))

    undo_file(by=cast.filip, file=file)

    assert not Shift.objects.exists()


def test_it_stays_where_one_of_its_shifts_was_removed_or_changed_since(cast):
    removed = taken_over(cast.filip, rows())
    remove_shift(by=cast.filip, shift=Shift.objects.first())
    assert refusal(cast.filip, removed) == "roster_file_changed"

    changed = taken_over(cast.filip, rows(COMING + timedelta(days=1)))
    taken_over(cast.filip, rows(COMING + timedelta(days=1), ends="18:00"))
    assert refusal(cast.filip, changed) == "roster_file_changed"
    assert Shift.objects.count() == 3


def test_it_stays_where_another_shift_begins_before_an_old_one_would_end(cast, rynek):
    taken_over(cast.filip, rows(ends="18:00"))
    shorter = taken_over(cast.filip, rows(ends="12:00"))
    day = COMING.date()
    at = clock.now().replace(hour=13, minute=0).time(), clock.now().replace(hour=15, minute=0).time()
    add_shift(by=cast.filip, person=cast.darek.person, place=rynek, day=day, begins=at[0], ends=at[1])

    assert refusal(cast.filip, shorter) == "roster_file_changed"


def test_only_who_took_it_over_takes_it_back_and_people_cannot_be(cast):
    file = taken_over(cast.filip, rows())
    with pytest.raises(Http404):
        undo_file(by=cast.grazyna, file=file)

    people = take_file(by=cast.filip, kind="people", file_name="a.csv", content=b"Name\nJan Mak\n")
    apply_file(by=cast.filip, file=people, leave_wrong=False)
    with pytest.raises(Http404):
        undo_file(by=cast.filip, file=people)


def test_a_large_one_goes_in_the_background_portion_by_portion(cast, monkeypatch):
    file = taken_over(cast.filip, rows())
    monkeypatch.setattr(files, "AT_ONCE", 1)
    monkeypatch.setattr(taking_back, "PORTION", 1)

    undo_file(by=cast.filip, file=file)
    undo_file(by=cast.filip, file=file)  # pressed twice
    assert (Shift.objects.count(), ImportFile.objects.get().doing) == (2, "undo")
    work_at_file.call(file.uid)

    file.refresh_from_db()
    assert (Shift.objects.count(), file.state, file.undone_at is not None) == (0, "done", True)


def test_one_that_broke_off_half_way_goes_on_with_the_rest(cast, monkeypatch):
    file = taken_over(cast.filip, rows())
    monkeypatch.setattr(files, "AT_ONCE", 1)
    undo_file(by=cast.filip, file=file)
    Shift.objects.first().delete()  # as far as it came
    ImportFile.objects.update(state="failed")

    undo_file(by=cast.filip, file=file)
    work_at_file.call(file.uid)

    file.refresh_from_db()
    assert (Shift.objects.count(), file.state, file.undone_at is not None) == (0, "done", True)


def test_from_the_list_of_files_it_is_found_and_taken_back(cast, signed_in):
    file = taken_over(cast.filip, rows())
    client = signed_in(cast.filip)
    page = reverse("import_check", args=("roster", file.uid))

    assert page in client.get(reverse("imports")).content.decode()
    assert "Take back the roster" in client.get(page).content.decode()
    answer = client.post(reverse("import_undo", args=("roster", file.uid)), follow=True)

    assert "This roster was taken back" in answer.content.decode()
    assert not Shift.objects.exists()
    assert page not in client.get(reverse("imports")).content.decode()


def test_why_it_stays_is_said_on_its_page(cast, signed_in):
    file = taken_over(cast.filip, rows())
    remove_shift(by=cast.filip, shift=Shift.objects.first())

    answer = signed_in(cast.filip).post(reverse("import_undo", args=("roster", file.uid)), follow=True)

    assert "cannot be taken back whole" in answer.content.decode()
    assert Shift.objects.count() == 1
