"""What a visit's scenario wanted: said with the visit, before hindsight, and never by who served."""

from __future__ import annotations

import pytest

from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Wanted
from gracja.app.observations.models import Visit
from gracja.app.observations.selectors.visits import visit_of
from gracja.app.observations.services.cells import WrongCellError
from gracja.app.observations.services.imports import add_visits
from gracja.app.observations.services.recording import Seen, record_visit
from gracja.app.observations.services.wanted import RANGES, band_of
from gracja.engine.measure.contacts import ATTENTIVE_FROM, PERSONAL_FROM

HEAD = "id wizyty;Data;Placówka;Pracownik;Oceniający;Chciana bliskość;Mówi: „Dzień dobry”\n"


def sheet(*rows):
    return HEAD + "\n".join(rows) + "\n"


def codes(one):
    return [code for _, _, _, code, _ in one.outcome["shown"]]


def test_the_ranges_lie_where_measurement_draws_its_lines():
    assert RANGES["discreet"][1] < ATTENTIVE_FROM == RANGES["attentive"][0]
    assert RANGES["attentive"][1] < PERSONAL_FROM == RANGES["personal"][0]


@pytest.mark.parametrize(
    ("cell", "band"),
    [("Dyskretna", "discreet"), ("uważnie", "attentive"), (" personal ", "personal"), ("?", ""), ("", "")],
)
def test_a_cell_may_be_written_in_either_language(cell, band):
    assert band_of(cell) == band


def test_any_other_word_is_refused():
    with pytest.raises(WrongCellError) as wrong:
        band_of("raczej miło")
    assert wrong.value.code == "visit_wanted_unreadable"


def test_what_the_scenario_wanted_comes_in_with_the_visit(cast, given):
    one = given(
        cast.filip,
        sheet("V1;2026-10-05;Rynek;Darek Lis;Jan z agencji;dyskretna;tak", "V2;2026-10-06;Rynek;;Jan;;nie"),
    )
    assert one.outcome["wanted"] == 1

    add_visits(by=cast.filip, uid=one.uid)

    kept = Wanted.objects.get()
    assert (kept.contact, kept.low, kept.high, kept.source) == ("V1", 0, 34, "scenario")
    assert (kept.edition, kept.service_kind) == ("shop@1", "encounter")
    shown = visit_of(by=cast.filip, uid=Visit.objects.get(contact="V1").uid)
    assert shown is not None
    assert shown.wanted == "discreet"


def test_afterwards_it_can_be_neither_added_nor_changed(cast, given):
    first = sheet("V1;2026-10-05;Rynek;;Jan;;tak", "V2;2026-10-06;Rynek;;Jan;osobista;nie")
    add_visits(by=cast.filip, uid=given(cast.filip, first).uid)

    late = given(
        cast.filip, sheet("V1;2026-10-05;Rynek;;Jan;osobista;tak", "V2;2026-10-06;Rynek;;Jan;uważna;nie")
    )
    again = given(cast.filip, first)

    assert codes(late) == ["visit_wanted_late", "visit_wanted_late"]
    assert (again.outcome["same"], again.outcome["faults"]) == (2, 0)
    assert Wanted.objects.get().low == 65


def test_who_served_does_not_say_what_was_wanted(cast, given):
    one = given(cast.filip, sheet("V1;2026-10-05;Rynek;Darek Lis;Darek Lis;osobista;tak"))

    assert codes(one) == ["visit_wanted_own"]


def test_rows_of_one_visit_that_differ_in_it_are_refused(cast, given):
    one = given(
        cast.filip,
        "visit id;date;store;closeness wanted;question;answer\n"
        "V1;05.10.2026 9:30;Rynek;personal;greet;yes\n"
        "V1;05.10.2026 9:30;Rynek;;bag;n/a\n"
        "V1;05.10.2026 9:30;Rynek;discreet;tidy;2\n",
    )

    assert codes(one) == ["visit_differs"]
    add_visits(by=cast.filip, uid=one.uid)
    assert Wanted.objects.get().low == 65


@pytest.fixture
def seen(rynek):
    from datetime import UTC, datetime

    def make(**changed):
        moment = datetime(2026, 10, 5, 9, tzinfo=UTC)
        return Seen(**({"contact": "V1", "place": rynek, "occurred_at": moment} | changed))

    return make


def test_a_program_says_it_with_the_visit_and_the_same_again_is_harmless(cast, shop, seen):
    asked = {"by": cast.filip, "edition_uid": shop.uid, "marks": {"greet": "yes"}}
    one = record_visit(seen=seen(wanted="personal"), **asked)
    assert record_visit(seen=seen(wanted="personal"), **asked) == one

    with pytest.raises(Refused) as refused:
        record_visit(seen=seen(wanted="discreet"), **asked)
    assert refused.value.code == "visit_named_so"
    assert Wanted.objects.get().low == 65


def test_a_program_of_who_served_is_refused(cast, shop, seen):
    with pytest.raises(Refused) as refused:
        record_visit(
            by=cast.filip,
            edition_uid=shop.uid,
            seen=seen(wanted="personal", employee=cast.filip.person),
            marks={"greet": "yes"},
        )
    assert refused.value.code == "visit_wanted_own"
    assert not Visit.objects.exists()
