"""On a phone: a failure is noted, put right, followed by a call, and that is the end of it."""

from __future__ import annotations

import pytest

from gracja.app.common.money import Money
from gracja.app.contacts.models import Customer
from gracja.app.contacts.services.customers.records import Details, add_customer, give_consent
from gracja.app.gestures.calls.models import Call
from gracja.app.gestures.calls.services.proposing import propose_contacts
from gracja.app.gestures.calls.services.rules import Rule, change_reason
from gracja.app.gestures.recovery.models import Case

pytestmark = pytest.mark.browser


@pytest.fixture
def joanna(cast):
    customer = add_customer(by=cast.darek, details=Details("Joanna Kruk", "601 234 567"))
    give_consent(by=cast.darek, customer=customer, purpose="call")
    return customer


@pytest.fixture
def after_failure(cast):
    text = "Dzień dobry, dzwonię zapytać, czy wszystko już w porządku."
    rule = Rule(on=True, way="call", days=0, least=Money(0, "PLN"), text_pl=text)
    return change_reason(by=cast.filip, name="after_failure", rule=rule)


def noted_and_put_right(page):
    """Darek notes a complaint, promises a remedy and says that it is done."""
    page.go("/recovery/note/")
    page.get_by_label("Co się stało?").fill("Kolor zszedł po trzech dniach")
    page.get_by_label("Klient", exact=False).last.fill("601 234 567")
    page.get_by_role("button", name="Zapisz", exact=True).click()
    page.get_by_role("heading", name="Do załatwienia do", exact=False).wait_for()
    page.get_by_label("Co robimy dla klienta?").fill("Farbujemy jeszcze raz")
    page.get_by_label("Ile to kosztuje?").fill("80,00")
    page.get_by_role("button", name="Obiecaj", exact=True).click()
    page.get_by_role("heading", name="Naprawa obiecana", exact=False).wait_for()
    page.get_by_label("Odpowiedź dla klienta").fill("Kolor poprawiony, przepraszamy.")
    page.get_by_role("radiogroup", name="Czy klient już wie?").get_by_text("Tak", exact=True).click()
    page.get_by_role("button", name="Zamknij sprawę").click()
    page.get_by_role("heading", name="Naprawione:", exact=False).wait_for()


def test_from_a_failure_to_the_call_and_not_again(window, cast, edition, joanna, after_failure, violations):
    page = window(cast.darek, width=390)
    noted_and_put_right(page)
    assert violations(page) == []
    assert Case.objects.get().state == "done"

    assert propose_contacts() == 1
    page.go("/calls/")
    page.get_by_role("link", name="Joanna Kruk").click()
    assert "czy wszystko już w porządku" in page.locator("blockquote").inner_text()
    assert page.locator("a[href='tel:601234567']").is_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Rozmowa się odbyła").click()
    page.get_by_role("heading", name="Na dziś nie ma nikogo.").wait_for()

    assert propose_contacts() == 0
    assert Call.objects.get().outcome == "reached"


def test_who_asks_not_to_be_contacted_is_left_in_peace(window, cast, edition, joanna, after_failure):
    page = window(cast.darek, width=390)
    noted_and_put_right(page)
    propose_contacts()

    page.go("/calls/")
    page.get_by_role("link", name="Joanna Kruk").click()
    page.get_by_role("button", name="Prosi, by się nie kontaktować").click()
    page.get_by_role("heading", name="Na dziś nie ma nikogo.").wait_for()

    assert Customer.objects.get().do_not_contact
    noted_and_put_right(page)
    assert propose_contacts() == 0
    assert Call.objects.count() == 1


@pytest.mark.parametrize(("width", "scheme", "language"), [(390, "dark", "pl"), (1440, "light", "en")])
def test_every_page_is_open_to_everybody(window, cast, world, violations, width, scheme, language):
    page = window(cast.grazyna, width=width, scheme=scheme, language=language)
    case, card = Case.objects.get(), Call.objects.get(batch=None)
    batch = Call.objects.exclude(batch=None).get().batch
    for path in (
        "/recovery/",
        "/recovery/note/",
        "/recovery/deadlines/",
        f"/recovery/{case.uid}/",
        "/calls/",
        "/calls/?show=cards",
        "/calls/rules/",
        "/calls/cards/",
        f"/calls/cards/{batch.uid}/",
        f"/calls/cards/{batch.uid}/drop/",
        f"/calls/{card.uid}/",
    ):
        page.go(path)
        page.locator("h1").wait_for()
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
