from __future__ import annotations

import csv
import io

import pytest
from django.core.cache import cache
from django.urls import reverse

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.measurement.selectors.planning import plan_of
from gracja.app.measurement.services.runs import ask_for_run, carry_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast, edition, told, visits):
    cache.clear()
    return carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))


def page_of(client, **asked):
    return client.get(reverse("results_plan"), asked)


def test_the_service_manager_reads_how_many_are_enough_and_which_come_next(cast, run, signed_in):
    page = page_of(signed_in(cast.filip))

    text = page.content.decode()
    assert page.status_code == 200
    assert "The next reviews" in text
    assert "Darek Lis" in text
    assert "Borys Sowa" in text


def test_a_place_lead_and_an_employee_have_no_plan(cast, run, signed_in):
    for who in (cast.anna, cast.darek, cast.borys):
        assert page_of(signed_in(who)).status_code == 404
        assert signed_in(who).get(reverse("results_plan_csv")).status_code == 404
        with pytest.raises(Refused) as refused:
            plan_of(by=who, run=run)
        assert refused.value.code == "not_permitted"


def test_before_any_measurement_the_page_says_what_to_do(cast, db, signed_in):
    page = page_of(signed_in(cast.filip))

    assert page.status_code == 200
    assert "The next reviews" not in page.content.decode()


def test_a_coarser_question_needs_fewer_contacts(cast, run, signed_in):
    def contacts(**asked):
        sizes = page_of(signed_in(cast.filip), **asked).context["enough"].sizes
        return {size.effort.evaluators: size.effort.contacts for size in sizes}

    narrow, wide = contacts(ask="within", within=8), contacts(ask="within", within=15)
    both = narrow.keys() & wide.keys()
    assert both
    assert all(wide[number] < narrow[number] for number in both)
    assert contacts(ask="apart", low=60, high=90)[30] < contacts(ask="apart", low=75, high=90)[30]


def test_the_sentence_is_of_the_evaluators_there_are(cast, run, signed_in):
    page = page_of(signed_in(cast.filip), ask="apart", low=50, high=95)

    enough = page.context["enough"]
    assert enough.first.effort.evaluators == max(enough.evaluators, enough.fewest)
    assert f"with {enough.first.effort.evaluators} evaluators" in page.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"ask": "within", "within": ""},
        {"ask": "within", "within": 0},
        {"ask": "apart", "low": 80, "high": 80},
        {"ask": "apart", "low": 80},
    ],
)
def test_a_question_that_cannot_be_answered_is_said_at_its_field(cast, run, signed_in, asked):
    page = page_of(signed_in(cast.filip), **asked)

    assert page.status_code == 422
    assert page.context["form"].errors
    assert "The next reviews" in page.content.decode()


def test_the_list_is_a_sheet_for_evaluators(cast, run, signed_in):
    page = signed_in(cast.filip).get(reverse("results_plan_csv"))
    rows = list(csv.reader(io.StringIO(page.content.decode("utf-8-sig")), delimiter=";"))

    assert rows[0] == ["Evaluator", "Employee", "Place", "Contacts", "Watch most", "Done on"]
    plan = plan_of(by=cast.filip, run=run)
    assert len(rows) == 1 + len(plan.reviews) + len(plan.links)
    assert [row[0] for row in rows[1:]] == [str(step.evaluator) for step in (*plan.reviews, *plan.links)]


def test_nobody_reviews_themselves_and_whoever_left_is_neither_asked_nor_reviewed(cast, run):
    before = plan_of(by=cast.filip, run=run)
    assert any(step.employee == cast.darek.person for step in before.reviews)
    assert all(step.employee != step.evaluator for step in before.reviews)

    cast.darek.person.deactivated_at = now()
    cast.darek.person.save()
    after = plan_of(by=cast.filip, run=run)
    assert after.reviews
    assert not any(step.employee == cast.darek.person for step in after.reviews)


def test_the_next_reviews_are_twenty_each_pair_on_one_line(cast, run):
    steps = plan_of(by=cast.filip, run=run).reviews

    assert sum(step.contacts for step in steps) == 20
    assert len({(str(step.evaluator), str(step.employee), str(step.place)) for step in steps}) == len(steps)


def test_a_lead_of_one_place_is_asked_for_that_place_only(cast, run):
    plan = plan_of(by=cast.filip, run=run)

    for step in plan.reviews:
        if step.evaluator == cast.celina.person:
            assert step.place.name == "Galeria"
