"""Whether a visit was marked without having seen the automatic mark: said by the file or a program."""

from __future__ import annotations

import pytest

from gracja.app.common.models import AuditEntry
from gracja.app.measurement.services.gather import Period, gather
from gracja.app.observations.models import Visit
from gracja.app.observations.services.imports import add_visits

pytestmark = pytest.mark.django_db

HEAD = "id wizyty;Data;Placówka;Pracownik;Oceniający;W ciemno;Mówi: „Dzień dobry”\n"


def sheet(*said):
    rows = [
        f"V{number};2026-10-0{number};Rynek;Darek Lis;Jan z agencji;{one};tak"
        for number, one in enumerate(said, 1)
    ]
    return HEAD + "\n".join(rows) + "\n"


def kept():
    return dict(Visit.objects.values_list("contact", "blind"))


def test_a_column_says_so_and_an_empty_cell_leaves_it_open(cast, given):
    add_visits(by=cast.filip, uid=given(cast.filip, sheet("tak", "no", "")).uid)

    assert kept() == {"V1": True, "V2": False, "V3": None}


def test_a_word_that_says_neither_is_a_fault(cast, given):
    one = given(cast.filip, sheet("tak", "chyba"))

    (shown,) = one.outcome["shown"]
    assert shown[3] == "visit_blind_unreadable"


def test_a_file_that_does_not_say_so_takes_nothing_back_and_one_that_does_is_logged(cast, given):
    add_visits(by=cast.filip, uid=given(cast.filip, sheet("tak", "")).uid)

    silent, told = given(cast.filip, sheet("", "")), given(cast.filip, sheet("", "nie"))
    assert (silent.outcome["same"], silent.outcome["changed"]) == (2, 0)
    assert (told.outcome["same"], told.outcome["changed"]) == (1, 1)
    add_visits(by=cast.filip, uid=told.uid)

    assert kept() == {"V1": True, "V2": False}
    entry = AuditEntry.objects.filter(action="visit.change").get()
    assert (entry.before["blind"], entry.after["blind"]) == (None, False)


def test_it_reaches_the_measurement_with_each_mark(cast, given):
    add_visits(by=cast.filip, uid=given(cast.filip, sheet("tak", "")).uid)
    edition = Visit.objects.first().edition
    first, last = (visit.occurred_at.date() for visit in Visit.objects.order_by("occurred_at"))

    gathered = gather(edition, Period(first, last), {"visit": first})

    rows = {row["contact"]: row["blind"] for row in gathered.observations.to_pylist()}
    assert rows == {"V1": True, "V2": None}
