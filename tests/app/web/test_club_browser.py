"""The club in a real browser, at the size of a phone: joining, the card, scanning by typing, a gift."""

from __future__ import annotations

import pytest
from app.club_world import club_at
from app.giving_world import gestures_at

from gracja.app.gestures.club.models import Member, Shelf
from gracja.app.gestures.club.selectors.members import card_of

pytestmark = pytest.mark.browser


@pytest.fixture
def there(company, cast, rynek):
    gestures_at(rynek, cast)
    return club_at(rynek, cast)


def test_from_joining_to_a_gift_off_the_shelf(window, cast, there, violations):
    page = window(cast.darek, width=390)
    page.go("/club/join/")
    page.get_by_label("Telefon, e-mail albo numer klienta").fill("503 300 100")
    page.get_by_role("button", name="Znajdź").click()
    page.get_by_text("Zgadzam się na klub.").wait_for()
    page.get_by_role("button", name="Dołącz i utwórz kartę").click()
    page.get_by_text("Bez zgody nie można dołączyć.").wait_for()
    page.said.clear()  # the browser's own word for an invalid form
    page.get_by_label("Klient zna ten tekst i się zgadza").check()
    page.get_by_role("button", name="Dołącz i utwórz kartę").click()
    page.get_by_alt_text("Kod karty").wait_for()
    assert violations(page) == []
    number = card_of(Member.objects.get(customer=there.newcomer)).grouped
    assert page.get_by_text(number).is_visible()

    page.go("/club/scan/")
    assert violations(page) == []
    page.get_by_label("Numer karty").fill(number.lower())
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Wręcz upominek").click()
    page.get_by_role("link", name="Wręcz Krem do rąk").click()
    page.get_by_label("Dlaczego").fill("Pierwszy dzień w klubie")
    page.get_by_role("button", name="Wręcz", exact=True).click()
    page.get_by_text("Wręczono. Z półki ubył jeden.").wait_for()

    assert Shelf.objects.get(gift=there.gift).balance == 4
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_without_script_a_card_is_scanned_by_typing(window, cast, there):
    page = window(cast.darek, width=390, script=False)
    page.go("/club/scan/")

    assert not page.get_by_role("button", name="Użyj aparatu").is_visible()
    page.get_by_label("Numer karty").fill(card_of(there.member).number)
    page.get_by_role("button", name="Pokaż").click()
    page.get_by_role("heading", name="Przysługuje dzisiaj").wait_for()
    assert page.get_by_role("button", name="Zapisz dzisiejszą wizytę").count() == 0
