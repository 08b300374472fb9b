"""Who may put other marks into a visit that is there."""

from __future__ import annotations

import pytest
from app.conftest import make_user

from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.observations.models import Mark
from gracja.app.observations.services.imports import add_visits

VISIT = "id;data;placówka;pracownik;oceniający;greet;wait\nV1;2026-10-05;Rynek;darek;{};{};20\n"


@pytest.fixture
def by_borys(cast, given):
    """Borys's visit at Rynek, which the service manager put in."""
    add_visits(by=cast.filip, uid=given(cast.filip, VISIT.format("Borys Sowa", "nie")).uid)


def codes(given):
    return [code for *_, code, _ in given.outcome["shown"]]


def test_a_place_lead_does_not_write_over_the_marks_of_an_evaluator(cast, given, by_borys):
    again = given(cast.anna, VISIT.format("Borys Sowa", "tak"))

    assert (again.outcome["changed"], codes(again)) == (0, ["visit_of_somebody_else"])
    with pytest.raises(Refused) as refused:
        add_visits(by=cast.anna, uid=again.uid)
    assert refused.value.code == "visit_nothing_to_add"
    assert Mark.objects.get(standard="greet").value == 0.0
    assert not AuditEntry.objects.filter(action="visit.change").exists()


def test_nor_makes_somebody_elses_visit_their_own(cast, given, by_borys):
    again = given(cast.anna, VISIT.format("Anna Wilk", "nie"))

    assert (again.outcome["changed"], codes(again)) == (0, ["visit_of_somebody_else"])


def test_an_evaluator_does_not_write_over_the_marks_of_another(cast, roles, given, by_borys):
    again = given(make_user("Irena Lew", roles["evaluator"]), VISIT.format("Borys Sowa", "tak"))

    assert codes(again) == ["visit_of_somebody_else"]


@pytest.mark.parametrize("who", ["borys", "filip"])
def test_whose_marks_they_are_and_who_answers_for_the_whole_company_correct_them(cast, given, by_borys, who):
    by = getattr(cast, who)
    add_visits(by=by, uid=given(by, VISIT.format("Borys Sowa", "tak")).uid)

    assert Mark.objects.get(standard="greet").value == 1.0
    entry = AuditEntry.objects.get(action="visit.change")
    assert (entry.by_key, entry.before, entry.after) == (by.audit_key, {"greet": 0.0}, {"greet": 1.0})


def test_a_place_lead_corrects_what_they_put_in_themselves(cast, given):
    add_visits(by=cast.anna, uid=given(cast.anna, VISIT.format("Jan z agencji", "nie")).uid)
    add_visits(by=cast.anna, uid=given(cast.anna, VISIT.format("Jan z agencji", "tak")).uid)

    assert Mark.objects.get(standard="greet").value == 1.0
    assert AuditEntry.objects.filter(action="visit.change").count() == 1


def test_the_same_visit_again_is_no_change_for_anybody(cast, given, by_borys):
    again = given(cast.anna, VISIT.format("Borys Sowa", "nie"))

    assert (again.outcome["same"], codes(again)) == (1, [])
