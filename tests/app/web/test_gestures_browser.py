"""The manager's pages of gestures in a real browser: a policy written with and without a script, axe."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from app.gestures.conftest import terms
from app.giving_world import gestures_at

from gracja.app.common.clock import now, stopped_at
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.models import Eligible, Policy
from gracja.app.gestures.services.policies import write_policy

pytestmark = pytest.mark.browser


@pytest.fixture
def there(company, cast, rynek):
    return gestures_at(rynek, cast)


def test_a_policy_is_written_on_a_phone_and_shows_for_whom_it_would_be_open(window, cast, there, violations):
    page = window(cast.filip, width=390)
    page.go("/gestures/policies/new/?kind=gift")
    page.get_by_label("Nazwa po polsku").fill("Kawa")
    page.get_by_label("Zwykły koszt").fill("9,50")
    page.get_by_label("Najwyższy koszt").fill("12")
    page.get_by_text("z 1 klienta").wait_for()
    page.get_by_label("Warunek o tym").select_option("earlier_visits")
    page.get_by_role("button", name="Dodaj", exact=True).click()
    page.get_by_role("group", name="Wcześniejsze wizyty").get_by_role("spinbutton").fill("3")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Wprowadź zasady w życie").click()
    page.get_by_role("heading", name="Kawa").wait_for()

    assert page.get_by_text("Klient był tu wcześniej co najmniej 3 razy.").is_visible()
    assert Policy.objects.count() == 3


def test_a_policy_is_written_without_a_script(window, cast, there):
    page = window(cast.filip, script=False)
    page.go("/gestures/policies/new/?kind=personal_contact")
    page.get_by_label("Nazwa po polsku").fill("Kartka")
    page.get_by_label("Zwykły koszt").fill("6")
    page.get_by_role("button", name="Dodaj limit").click()
    page.get_by_label("Najwyższy koszt").fill("10")
    page.get_by_role("button", name="Limit 1").click()
    page.get_by_role("button", name="Sprawdź, dla kogo").click()
    page.get_by_text("Na przykład", exact=True).wait_for()
    page.get_by_role("button", name="Wprowadź zasady w życie").click()
    page.get_by_role("heading", name="Kartka").wait_for()

    assert len(Policy.objects.last().versions.first().document["caps"]) == 1


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "dark")])
def test_axe_finds_nothing_on_the_pages_of_gestures(window, cast, there, violations, width, scheme):
    page = window(cast.filip, width=width, scheme=scheme)
    budget, policy = there.asked.budget.uid, there.policy.uid
    addresses = ["", "policies/", f"policies/{policy}/", "budgets/", f"budgets/{budget}/", "statement/"]
    for address in (*addresses, f"policies/{policy}/effect/", "questions/"):
        page.go(f"/gestures/{address}")

        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") == width, address


def test_an_effect_over_time_stands_with_its_axis_and_days_on_a_narrow_phone(window, cast, rynek, company):
    with stopped_at(now() - timedelta(days=100)):
        made = write_policy(by=cast.filip, document=terms(held_out_share=0.3, return_days=30))
    for at in range(40):
        customer = add_customer(by=cast.darek, details=Details(f"Klient {at}"))
        day = now() - timedelta(days=90 - at)
        Eligible.objects.create(
            policy=made, customer_key=customer.key, place=rynek, held_out=at % 3 == 0, at=day
        )
    page = window(cast.filip, width=360, language="en")
    page.go(f"/gestures/policies/{made.uid}/effect/")
    page.locator(".looks").wait_for()

    drawn = page.evaluate(
        """() => [...document.querySelectorAll(".looks text, .looks line, .looks circle")].map((one) => {
            const { left, right } = one.getBoundingClientRect();
            return { kind: one.tagName, left, right, text: one.textContent };
        })"""
    )
    words = [one for one in drawn if one["kind"] == "text"]
    assert len(words) >= 3 + 3  # the scale, and days
    assert all(one["left"] >= 0 and one["right"] <= 360 for one in drawn)
    days = [one for one in words if one["text"][0].isdigit() and " " in one["text"].replace("\xa0", " ")]
    assert all(earlier["right"] < later["left"] for earlier, later in pairwise(days))
