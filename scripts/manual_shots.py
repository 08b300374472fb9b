"""What the pictures of the manual show: each a page of the demo, or of a new and empty installation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from playwright.sync_api import Page

Step = Callable[[Page], object]

_PEOPLE: Final = """\
Imię i nazwisko;Kod;Placówka;Rola;Data zatrudnienia;Okres próbny do
Maja Wrona;M-21;Rynek;Pracownik;2026-11-16;2027-01-31
Olek Sikora;O-04;Ursynów;Pracownik;3.02.2025;
Hania Bielik;H-11;Mokotów;Pracownik;2025-06-01;
Darek Wójcik;darek.wojcik;Rynek;Pracownik;2024-03-01;
"""
_VISITS: Final = """\
Data i godzina;Placówka;Pracownik;Oceniający;Podaje opóźnienie w minutach;price_before_start;asks_water
12.11.2026 10:15;Rynek;Darek Wójcik;Borys Kruk;tak;tak;nie
13.11.2026 16:40;Podgórze;Iga Lis;Agata z agencji;tak;nie;tak
14.11.2026 12:00;Mokotów;Iga Lis;Borys Kruk;tak;tak;może
"""
_TURNS: Final = """\
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
_PURCHASES: Final = """\
Numer paragonu;Klient;Data;Kwota;Placówka
P/77101;K-1001;2026-11-20;180,00;Rynek
P/77102;K-1020;2026-11-20;95,50;Ursynów
P/77102-Z;K-1020;2026-11-21;-20,00;Ursynów
P/77103;K-1031;2026-11-21;dwieście;Rynek
"""
_PASSWORD: Final = "lampa rower kasztan 17"  # of an installation that lives for a minute  # noqa: S105


@dataclass(frozen=True)
class Shot:
    """One picture. role: who looks (a door of the demo); steps: what is done before it is taken."""

    name: str
    address: str
    role: str = ""
    steps: tuple[Step, ...] = ()
    width: int = 1280
    height: int = 860
    sharpness: float = 1
    where: Literal["demo", "empty"] = "demo"
    enter: Step | None = None


def phone(name: str, address: str, role: str = "", steps: tuple[Step, ...] = (), height: int = 844) -> Shot:
    """A picture of a telephone, sharp enough to be read at its own size."""
    return Shot(name, address, role, steps, width=390, height=height, sharpness=1.5)


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


_DRAFT: Final = follow("main .drafts a")
_STANDARD: Final = click('main a[href*="/standards/names_price/"]')

SHOTS: Final = (
    # Start
    Shot("start-setup", "/setup/", where="empty", height=980),
    Shot("start-trade", "/setup/start/", where="empty", enter=enter_the_new_company),
    Shot("start-first-steps", "/", where="empty", enter=enter_the_new_company, height=760),
    Shot("start-demo", "/demo/", height=720),
    Shot("start-overview", "/", "service_manager"),
    Shot("start-account", "/me/", "employee", height=760),
    phone("start-shifts", "/me/shifts/", "employee", height=620),
    Shot("start-security", "/me/", where="empty", enter=enter_the_new_company, height=1400),
    phone("start-signing-in", "/accounts/login/", height=700),
    # Organisation
    Shot("organisation-places", "/organisation/places/", "administrator", height=600),
    Shot("organisation-people", "/organisation/people/", "administrator", height=760),
    Shot(
        "organisation-person", "/organisation/people/?text=nina", "administrator", (follow("main tbody a"),)
    ),
    Shot("organisation-teams", "/organisation/teams/", "administrator", height=520),
    Shot("organisation-company", "/organisation/company/", "administrator", height=700),
    Shot("organisation-roles", "/organisation/roles/", "administrator", (unfold("main details"),)),
    Shot(
        "organisation-import",
        "/organisation/files/people/",
        "administrator",
        (give("kadry.csv", _PEOPLE),),
        height=980,
    ),
    Shot("organisation-invite-many", "/organisation/people/invite/", "administrator", (many_invited,)),
    Shot("organisation-roster", "/organisation/roster/", "place_lead"),
    Shot(
        "organisation-taken-over",
        "/organisation/files/",
        "administrator",
        (roster_taken_over,),
        height=620,
    ),
    Shot(
        "organisation-notice",
        "/organisation/notices/",
        "administrator",
        (follow("main .tasks a"),),
        height=640,
    ),
    Shot("organisation-log", "/organisation/log/", "administrator"),
    # Studio
    Shot("studio-home", "/standards/studio/", "service_manager"),
    Shot(
        "studio-1-sequence",
        "/standards/studio/",
        "service_manager",
        (_DRAFT, follow(".phases a", 0)),
        height=980,
    ),
    Shot("studio-2-parts", "/standards/studio/", "service_manager", (_DRAFT, follow(".phases a", 1), to_top)),
    Shot(
        "studio-3-enhancers",
        "/standards/studio/",
        "service_manager",
        (_DRAFT, follow(".phases a", 2), to_top),
        height=980,
    ),
    Shot(
        "studio-4-standards",
        "/standards/studio/",
        "service_manager",
        (_DRAFT, follow(".phases a", 3), _STANDARD, tried),
        height=980,
    ),
    Shot(
        "studio-signals",
        "/standards/studio/",
        "service_manager",
        (_DRAFT, follow(".phases a", 3), follow('main a[href$="/signals/"]')),
        height=760,
    ),
    Shot(
        "studio-publish",
        "/standards/studio/",
        "service_manager",
        (_DRAFT, follow('main a[href$="/publish/"]')),
        height=760,
    ),
    # Our standards
    phone("ours-read", "/standards/ours/", "employee"),
    phone(
        "ours-standard",
        "/standards/ours/",
        "employee",
        (unfold("main .stdlist details"), down_to("main .stdlist")),
    ),
    Shot(
        "ours-edition",
        "/standards/ours/",
        "service_manager",
        (follow('main a[href*="/standards/editions/"]', 1),),
    ),
    Shot("ours-questions", "/standards/ours/questions/", "place_lead", height=600),
    Shot("ours-promise", "/standards/promise/salon/", "service_manager"),
    # Visits and conversations
    Shot("visits-list", "/visits/", "service_manager", height=700),
    Shot(
        "visits-import",
        "/visits/files/",
        "service_manager",
        (give("wizyty-listopad.csv", _VISITS),),
        height=980,
    ),
    Shot("visits-one", "/visits/", "service_manager", (follow("main tbody a"),)),
    Shot("conversations-list", "/conversations/", "service_manager", height=700),
    Shot("conversations-one", "/conversations/?channel=chat", "service_manager", (follow("main tbody a"),)),
    Shot(
        "conversations-upload",
        "/conversations/uploads/",
        "service_manager",
        (give("czat-listopad.csv", _TURNS),),
        height=980,
    ),
    # Results
    Shot("results-people", "/results/", "service_manager"),
    Shot("results-person", "/results/?named=darek", "service_manager", (follow("main tbody a"),), height=980),
    Shot("results-standards", "/results/standards/", "service_manager"),
    Shot("results-places", "/results/places/", "service_manager", height=620),
    Shot("results-closeness", "/results/fit/", "service_manager", height=760),
    Shot("results-runs", "/results/runs/", "service_manager", height=620),
    phone("results-mine", "/results/mine/", "employee"),
    # At the counter: one picture for each band, and a gesture
    phone("counter-personal", "/counter/", "employee", (tap("talkative", visits=6), to_top), height=980),
    phone("counter-attentive", "/counter/", "employee", (tap("hurried"), to_top), height=980),
    phone("counter-discreet", "/counter/", "employee", (tap("left_alone"), to_top), height=980),
    phone("counter-gesture", "/counter/?cue=talkative&known=6", "employee", (found("K-1020"),)),
    phone("counter-till", "/giving/till/", "employee", height=560),
    Shot("counter-approvals", "/giving/approvals/", "service_manager", height=600),
    # The rules of situations, and what they do to seven customers
    Shot("rules-sheet", "/situation-rules/", "service_manager"),
    Shot(
        "rules-gallery",
        "/situation-rules/",
        "service_manager",
        (down_to("#gallery", 24),),
        width=800,
        height=900,
    ),
    # Gestures
    Shot("gestures-front", "/gestures/", "service_manager"),
    Shot("gestures-kinds", "/gestures/policies/new/", "service_manager", height=560),
    Shot(
        "gestures-form",
        "/gestures/policies/",
        "service_manager",
        (follow("main tbody a"), follow('main a[href$="/change/"]')),
        height=980,
    ),
    Shot("gestures-policy", "/gestures/policies/", "service_manager", (follow("main tbody a"),), height=760),
    Shot("gestures-budget", "/gestures/budgets/", "service_manager", (follow(".ges__budgets a"),)),
    Shot("gestures-statement", "/gestures/statement/", "service_manager"),
    Shot(
        "gestures-effect",
        "/gestures/policies/",
        "service_manager",
        (follow('main tbody a[href$="/effect/"]'),),
        height=980,
    ),
    # Customers and the club
    Shot("customers-list", "/customers/", "service_manager", height=600),
    Shot(
        "customers-one",
        "/customers/?text=małgorzata+wierzba",
        "service_manager",
        (follow("main tbody a"),),
        height=980,
    ),
    Shot("customers-import", "/customers/files/", "service_manager", (give("zakupy.csv", _PURCHASES),)),
    Shot("club-front", "/club/", "service_manager", height=620),
    phone("club-card", "/club/join/", "employee", (member_shown,), height=980),
    Shot("club-stock", "/club/stock/", "place_lead", height=620),
    # Failures put right, calls and cards
    Shot("recovery-cases", "/recovery/", "service_manager", height=700),
    Shot("recovery-case", "/recovery/", "service_manager", (follow("main li strong a"),)),
    phone("recovery-note", "/recovery/note/", "employee", height=980),
    Shot("calls-list", "/calls/", "service_manager", height=760),
    phone("calls-one", "/calls/", "service_manager", (follow("main li strong a"),)),
    # Programs
    Shot("interface-tokens", "/tokens/", "administrator"),
    Shot("interface-reference", "/api/v1/docs/", "administrator"),
)
