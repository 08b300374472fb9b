"""A gesture from the tap to the ledger, in a real browser of a phone's size."""

from __future__ import annotations

import pytest
from app.gestures.conftest import terms

from gracja.app.common.clock import today
from gracja.app.common.money import Money
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.models import Code, Eligible, Gesture
from gracja.app.gestures.selectors.ledger import proof
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.policies import write_policy
from gracja.app.standards.models import Edition

pytestmark = pytest.mark.browser


@pytest.fixture
def budget(cast, rynek):
    return open_budget(
        by=cast.filip,
        place=rynek,
        first_day=today().replace(day=1),
        last_day=today().replace(month=12, day=31),
        amount=Money(30_00, "PLN"),
    )


@pytest.fixture
def discount(cast):
    offer = {"usual_minor": 20_00, "title": {"pl": "Rabat na dziś", "en": "Off today"}}
    return write_policy(by=cast.filip, document=terms("discount", **offer))


@pytest.fixture
def joanna(cast):
    return add_customer(by=cast.darek, details=Details("Joanna Kruk", "601 234 567"))


def counter_of(window, user):
    page = window(user, width=390)
    page.set_default_timeout(90_000)  # the first page of a run compiles its templates, on a busy machine too
    page.go("/counter/")
    page.wait_for_selector("[data-gestures][data-ready]")
    return page


def at_counter(page, number):
    page.fill("#gest-number", number)
    page.get_by_role("button", name="Pokaż gesty").click()


def test_from_the_tap_to_the_ledger(window, violations, cast, budget, discount, joanna):
    page = counter_of(window, cast.darek)
    page.locator(".tap", has_text="prosi o radę").click()
    at_counter(page, "601 234 567")
    page.locator(".gest__who", has_text="Joanna Kruk").wait_for()
    assert "30,00" in page.locator(".gest__who").inner_text()
    page.locator(".gest__tile", has_text="Rabat na dziś").click()
    page.locator("[data-code]").wait_for()

    code = Code.objects.get()
    assert page.locator("[data-code]").inner_text().replace(" ", "") == code.code
    assert page.locator(".gest__qr svg").is_visible()
    assert violations(page) == []
    assert "prosi o radę" in Gesture.objects.get().reason

    at_counter(page, "601 234 567")  # the rest of the budget does not bear a second one
    page.get_by_text("Budżet nie wystarcza").wait_for()
    page.get_by_role("button", name="Następny klient").click()
    assert page.locator(".gest__told").inner_text() == ""

    page.get_by_role("link", name="Kod przy kasie").click()
    page.fill("#id_code", code.code.lower())
    page.fill("#id_purchase", "120")
    page.get_by_role("button", name="Zrealizuj kod").click()
    page.locator("[data-till=used]").wait_for()
    assert "108,00" in page.locator("h1").inner_text()
    assert violations(page) == []

    budget.refresh_from_db()
    assert (budget.spent_minor, budget.reserved_minor) == (12_00, 0)
    assert proof() == []


def test_over_the_budget_is_refused_in_words_and_what_was_typed_stays(window, cast, budget, joanna):
    write_policy(by=cast.filip, document=terms("covered_cost"))
    page = counter_of(window, cast.darek)
    page.locator(".tap", has_text="prosi o radę").click()
    at_counter(page, joanna.uid)
    page.locator(".gest__more summary").click()
    page.fill("#gest-reason", "Dowóz po pomyłce")
    page.fill("#gest-amount", "45,00")
    page.locator(".gest__tile").click()

    page.locator(".gest__told [data-refused]", has_text="30,00").wait_for()
    assert page.locator("#gest-amount").input_value() == "45,00"
    assert not Gesture.objects.exists()
    page.said.clear()  # the browser's word for a refusal


def test_who_is_held_out_is_not_offered_and_offline_that_is_said(window, cast, rynek, budget, joanna):
    policy = write_policy(by=cast.filip, document=terms(held_out_share=0.5))
    Eligible.objects.create(policy=policy, customer_key=joanna.key, held_out=True)
    page = counter_of(window, cast.darek)
    at_counter(page, joanna.uid)
    page.get_by_text("żaden gest nie jest teraz otwarty").wait_for()
    assert page.locator(".gest__tile").count() == 0

    page.context.set_offline(True)
    at_counter(page, joanna.uid)
    page.get_by_text("Gesty wymagają połączenia").wait_for()
    page.context.set_offline(False)
    page.said.clear()  # that nothing answered, while the network was cut


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(390, "light", "pl"), (390, "dark", "en"), (1440, "dark", "pl")]
)
def test_everybody_can_use_the_pages(window, violations, cast, width, scheme, language):
    page = window(cast.anna, width=width, scheme=scheme, language=language)
    for address in ("", "mine/", "approvals/", "till/"):
        page.go(f"/giving/{address}")

        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_with_the_service_whose_standards_forbid_gestures_their_line_goes(window, cast, budget, edition):
    write_policy(by=cast.filip, document=terms(service="salon"))
    office = edition.document | {"id": "urzad", "title": "Urząd", "gestures": "forbidden"}
    Edition.objects.create(
        edition_id="urzad", version=1, document=office, digest="office", effective_from=edition.effective_from
    )
    page = counter_of(window, cast.darek)
    line = page.get_by_role("button", name="Pokaż gesty")
    assert line.is_visible()

    page.locator("[data-service]").select_option("Urząd")
    assert not line.is_visible()
    page.locator("[data-service]").select_option("Salon fryzjerski")
    assert line.is_visible()
