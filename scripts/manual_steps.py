"""What is done on a page of the demo before its picture is taken, and the files that are given to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from playwright.sync_api import Page

Step = Callable[[Page], object]

PEOPLE: Final = """\
Imię i nazwisko;Kod;Placówka;Rola;Data zatrudnienia;Okres próbny do
Maja Wrona;M-21;Rynek;Pracownik;2026-11-16;2027-01-31
Olek Sikora;O-04;Ursynów;Pracownik;3.02.2025;
Hania Bielik;H-11;Mokotów;Pracownik;2025-06-01;
Darek Wójcik;darek.wojcik;Rynek;Pracownik;2024-03-01;
"""
VISITS: Final = """\
Data i godzina;Placówka;Pracownik;Oceniający;Podaje opóźnienie w minutach;price_before_start;asks_water
12.11.2026 10:15;Rynek;Darek Wójcik;Borys Kruk;tak;tak;nie
13.11.2026 16:40;Podgórze;Iga Lis;Agata z agencji;tak;nie;tak
14.11.2026 12:00;Mokotów;Iga Lis;Borys Kruk;tak;tak;może
"""
TURNS: Final = """\
ID rozmowy,Data i godzina,Kto,Konsultant,Treść
90311,2026-11-20 09:12:04,Klient,Sara Nowak,"Dzień dobry, czy mogę przełożyć wizytę?"
90311,2026-11-20 09:12:31,Konsultant,Sara Nowak,"Dzień dobry! Na kiedy przełożyć?"
90312,2026-11-20 09:20:11,Klient,Sara Nowak,"Ile kosztuje koloryzacja?"
90312,2026-11-20 09:20:40,Konsultant,Sara Nowak,"Od 260 zł, zależnie od długości."
"""
_ROSTER: Final = """\
Pracownik;Placówka;Dzień;Od;Do
Darek Wójcik;Rynek;7.12.2026;9:00;17:00
Darek Wójcik;Rynek;8.12.2026;9:00;17:00
Iga Lis;Podgórze;7.12.2026;10:00;18:00
"""
_INVITED: Final = """\
hania.bielik@trzygrzebienie.example; Hania Bielik
olek.sikora@trzygrzebienie.example; Olek Sikora
maja.wrona@
"""
PURCHASES: Final = """\
Numer paragonu;Klient;Data;Kwota;Placówka
P/77101;K-1001;2026-11-20;180,00;Rynek
P/77102;K-1020;2026-11-20;95,50;Ursynów
P/77102-Z;K-1020;2026-11-21;-20,00;Ursynów
P/77103;K-1031;2026-11-21;dwieście;Rynek
"""
_PASSWORD: Final = "lampa rower kasztan 17"  # of an installation that lives for a minute  # noqa: S105


def follow(selector: str, number: int = 0) -> Step:
    """Go where a link leads."""
    return lambda page: page.goto(page.locator(selector).nth(number).get_attribute("href") or "/none/")


def click(selector: str) -> Step:
    return lambda page: page.locator(selector).first.click()


def unfold(selector: str) -> Step:
    """Open a fold that may be open already."""
    return lambda page: page.locator(selector).first.evaluate("fold => { fold.open = true }")


def down_to(selector: str, above: int = 90) -> Step:
    """Scroll until this stands near the top."""
    return lambda page: page.locator(selector).first.evaluate(
        "(one, above) => window.scrollTo(0, one.getBoundingClientRect().top + scrollY - above)", above
    )


def tried(page: Page) -> None:
    """Wait for what the detector found."""
    page.locator("main .try li").first.wait_for()


def to_top(page: Page) -> None:
    """Where the page begins, wherever the focus went; a strip that lies across it, too."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('.stations').forEach(one => { one.scrollLeft = 0 })")
    page.evaluate("window.scrollTo(0, 0)")


def give(name: str, text: str) -> Step:
    """Choose a file and send its form."""

    def given(page: Page) -> None:
        field = page.locator("main input[type=file]")
        field.set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")})
        page.locator("main form:has(input[type=file]) button.btn--primary").click()
        page.wait_for_load_state()

    return given


def tap(cue: str, *, visits: int = 0) -> Step:
    """Tell the counter what one sees, as a hand does."""

    def tapped(page: Page) -> None:
        for _ in range(visits):
            page.click("[data-for=known][data-step='1']")
        if visits:
            page.click("[data-more]")  # the board folded to what was counted
        page.locator("label.tap", has=page.locator(f"[data-cue={cue}]")).click()

    return tapped


def found(number: str) -> Step:
    """Ask at the counter what is open to a customer."""

    def asked(page: Page) -> None:
        page.fill("#gest-number", number)
        page.click("[data-find] button")
        page.locator("[data-gestures-told] button[name=policy]").first.wait_for()
        page.locator("#gest").evaluate(
            "one => window.scrollTo(0, one.getBoundingClientRect().top + scrollY - 24)"
        )

    return asked


def roster_taken_over(page: Page) -> None:
    """The page of a roster from a file, taken over just now, or before where another language came first."""
    taken = 'main a[href*="/organisation/files/roster/"]:not([href$="/roster/"])'
    if not page.locator(taken).count():
        page.goto("/organisation/files/roster/")
        give("grafik-grudzien.csv", _ROSTER)(page)
        with page.expect_navigation():
            page.locator('main form[action$="/apply/"] button').click()
        page.goto("/organisation/files/")
    follow(taken)(page)


def many_invited(page: Page) -> None:
    """What pasted addresses would do."""
    page.locator("main textarea").first.fill(_INVITED)
    page.locator("main form button.btn--primary").first.click()
    page.wait_for_load_state()


def member_shown(page: Page) -> None:
    """Find a member of the club by the number of the till."""
    page.fill("main [name=given]", "K-1020")
    page.locator("main form button").first.click()
    page.wait_for_url("**/club/members/**")


def enter_the_new_company(page: Page) -> None:
    """Set up a company, or sign in where it is there."""
    page.goto("/setup/")
    if "/setup/" in page.url:
        for field, value in (("name", "Pod Kasztanem"), ("person_name", "Lena Gil"), ("login", "lena")):
            page.fill(f"[name={field}]", value)
        page.fill("[name=password]", _PASSWORD)
    else:
        page.goto("/accounts/login/")
        page.fill("[name=login]", "lena")
        page.fill("[name=password]", _PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
