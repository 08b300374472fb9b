"""The manager's pages of gestures in a real browser: a policy written with and without a script, axe."""

from __future__ import annotations

import pytest
from app.giving_world import gestures_at

from gracja.app.gestures.models import Policy

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
