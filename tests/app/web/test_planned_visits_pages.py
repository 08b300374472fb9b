"""The pages of planned visits: ordering one, the list, its sheet, calling it off."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gracja.app.observations.models import PlannedVisit
from gracja.app.organisation.selectors.company import today_here

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(cast, rynek, edition):
    return {
        "place": rynek.uid,
        "evaluator": cast.borys.person.uid,
        "due_on": today_here().isoformat(),
        "edition": edition.uid,
        "scenario": "Szuka prezentu",
        "wanted": "personal",
    }


def test_a_lead_orders_a_visit_and_the_evaluator_finds_it(cast, signed_in, order):
    lead = signed_in(cast.anna, language="en")
    assert lead.get(reverse("order_visit")).status_code == 200

    done = lead.post(reverse("order_visit"), order)

    plan = PlannedVisit.objects.get()
    assert (done.status_code, done.headers["Location"]) == (302, reverse("planned_visits"))
    page = signed_in(cast.borys, language="en").get(reverse("planned_visits")).content.decode()
    for said in (plan.number, "Szuka prezentu", "The customer wants personal service.", "Rynek"):
        assert said in page
    assert reverse("order_visit") not in page
    assert reverse("call_off_visit", args=[plan.uid]) not in page


def test_the_sheet_names_the_visit_the_place_and_the_evaluator(cast, signed_in, order):
    signed_in(cast.anna).post(reverse("order_visit"), order)
    plan = PlannedVisit.objects.get()

    for language, number in (("pl", "Numer wizyty"), ("en", "Visit number")):
        client = signed_in(cast.borys, language=language)
        answer = client.get(reverse("planned_sheet", args=[plan.uid]))
        assert f"{plan.number}.csv" in answer.headers["Content-Disposition"]
        heading, row = answer.content.decode("utf-8-sig").splitlines()
        assert heading.startswith(number)
        assert row.startswith(f"{plan.number};;;Rynek;;Borys Sowa")


def test_an_order_that_cannot_be_keeps_what_was_typed_and_says_why(cast, signed_in, order):
    client = signed_in(cast.anna, language="en")

    answer = client.post(reverse("order_visit"), order | {"due_on": "2020-01-01"})

    assert answer.status_code == 422
    assert "Szuka prezentu" in answer.content.decode()
    assert not PlannedVisit.objects.exists()


def test_a_visit_that_is_called_off_leaves_the_list_of_those_to_come(cast, signed_in, order):
    client = signed_in(cast.anna, language="en")
    client.post(reverse("order_visit"), order)
    plan = PlannedVisit.objects.get()

    client.post(reverse("call_off_visit", args=[plan.uid]))

    assert "Szuka prezentu" not in client.get(reverse("planned_visits")).content.decode()
    over = client.get(reverse("planned_visits"), {"show": "made"}).content.decode()
    assert "called off" in over


def test_who_is_visited_and_another_place_s_lead_find_nothing(cast, signed_in, order):
    signed_in(cast.anna).post(reverse("order_visit"), order)
    plan = PlannedVisit.objects.get()

    for by in (cast.darek, cast.edyta, cast.hubert):
        assert signed_in(by).get(reverse("planned_visits")).status_code == 404
    other = signed_in(cast.celina)
    assert plan.number not in other.get(reverse("planned_visits")).content.decode()
    assert other.get(reverse("planned_sheet", args=[plan.uid])).status_code == 404
    assert other.post(reverse("call_off_visit", args=[plan.uid])).status_code == 404
