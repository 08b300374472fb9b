"""Customers on a telephone: purchases from a file, the record, leaving; on every width without a fault."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gracja.app.common.money import Money
from gracja.app.contacts.models import Customer
from gracja.app.contacts.services.customers.purchases import add_purchase
from gracja.app.contacts.services.customers.records import Details, add_customer, give_consent

pytestmark = pytest.mark.browser
ROWS = "Data;Paragon;Karta;Kwota\n2.11.2026;P-1;K-17;120,50\n3.11.2026;Z-1;K-17;-20,50\n4.11.2026;P-3;K-1;x\n"


def test_purchases_are_brought_in_the_customer_opened_and_erased(window, cast):
    page = window(cast.filip, width=390, language="pl")
    page.go("/customers/files/")
    page.set_input_files(
        "input[type=file]", {"name": "zakupy.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    )
    page.get_by_role("button", name="Sprawdź plik").click()
    page.get_by_text("Żadnego zakupu z tego pliku nie da się jeszcze odczytać.").wait_for()
    page.get_by_text("dodaj ich").click()
    page.get_by_role("button", name="Sprawdź plik jeszcze raz").click()
    page.get_by_role("heading", name="Można dodać 1 nowy zakup.").wait_for()
    page.get_by_role("button", name="Dodaj to, co da się odczytać").click()
    page.get_by_role("link", name="Zobacz klientów").click()

    page.get_by_role("searchbox").fill("K-17")
    page.get_by_role("button", name="Znajdź").click()
    page.get_by_role("link", name="bez nazwiska").click()
    page.get_by_text("100,00").first.wait_for()
    page.get_by_role("link", name="Usuń klienta").click()
    page.get_by_text("Tego nie można cofnąć.").wait_for()
    page.get_by_role("button", name="Usuń na zawsze").click()
    page.get_by_text("Usunięto klienta.").first.wait_for()

    customer = Customer.objects.get()
    assert customer.erased_at
    assert not customer.numbers.exists()
    assert customer.purchases.get().kept == Money(100_00, "PLN")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_record_has_no_fault_for_anybody(window, cast, rynek, violations, width):
    joanna = add_customer(
        by=cast.filip, details=Details("Joanna Kruk", "601 234 567", "j@kruk.example", "pl", (2, 29), True)
    )
    give_consent(by=cast.filip, customer=joanna, purpose="club")
    add_purchase(
        by=cast.filip,
        customer=joanna,
        place=rynek,
        system="till",
        number="P-1",
        at=datetime(2026, 11, 2, 12, tzinfo=UTC),
        amount=Money(120_00, "PLN"),
    )
    for scheme in ("light", "dark"):
        page = window(cast.filip, width=width, scheme=scheme)
        for address in ("/customers/", f"/customers/one/{joanna.uid}/", "/customers/files/"):
            page.go(address)
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
