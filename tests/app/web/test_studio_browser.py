"""The first three phases as a service manager walks them, in Polish, on a phone and on a desktop."""

from __future__ import annotations

import pytest

from gracja.app.standards.models import Draft
from gracja.app.standards.services.drafts import change_draft
from gracja.app.standards.services.drafts_start import start_draft

pytestmark = pytest.mark.browser


def document():
    return Draft.objects.get().document


def parts():
    return [part["title"]["pl"] for part in document()["sequence"]]


@pytest.fixture
def saved():
    """Wait until what is done inside is saved."""

    def until(page):
        return page.expect_response(lambda answer: "/change/" in answer.url or "/undo/" in answer.url)

    return until


@pytest.mark.parametrize("width", [390, 1440])
def test_a_service_manager_walks_the_first_three_phases(window, violations, cast, saved, width):
    page = window(cast.filip, width=width)
    page.go("/standards/studio/")
    assert violations(page) == []
    page.get_by_label("Pusta kartka").check()
    page.get_by_label("Tytuł po polsku").fill("Serwis rowerów")
    page.get_by_role("button", name="Zacznij szkic").click()
    walk_the_sequence(page, violations, saved)
    walk_the_parts(page, violations, saved)
    walk_the_enhancers(page, violations, saved)


def walk_the_sequence(page, violations, saved):
    page.wait_for_url("**/sequence/")
    with saved(page):
        page.get_by_label("Gdzie zaczyna się kontakt?", exact=True).fill("klient wprowadza rower")
        page.keyboard.press("Tab")
    with saved(page):
        page.get_by_label("Gdzie się kończy?", exact=True).fill("odjeżdża")
        page.keyboard.press("Tab")
    with saved(page):
        page.get_by_label("na miejscu").check()
    with saved(page):
        page.get_by_text("relacja", exact=True).click()
    page.get_by_text("początek: 60 na 100").wait_for()
    assert document()["service"] == {
        "kind": "relationship",
        "begins": {"pl": "klient wprowadza rower"},
        "ends": {"pl": "odjeżdża"},
        "channels": ["in_person"],
    }
    assert page.locator("#studio-phases li").first.inner_text().startswith("gotowe")
    assert violations(page) == []
    page.get_by_role("link", name="Dalej: części").click()


def walk_the_parts(page, violations, saved):
    page.wait_for_url("**/parts/")
    for title in ("Oględziny", "Naprawa", "Zapłata"):
        with saved(page):
            page.get_by_label("Co jest dalej?").fill(title)
            page.keyboard.press("Enter")
        page.get_by_role("button", name=f"Usuń „{title}”").wait_for()
    with saved(page):
        page.locator("#station-powitanie, #station-welcome").locator("input.input").first.fill("Przyjęcie")
        page.keyboard.press("Tab")
    assert parts() == ["Przyjęcie", "Oględziny", "Naprawa", "Zapłata"]
    with saved(page):
        page.locator("#grip-zaplata").focus()
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.activeElement.id === 'grip-zaplata'")
    assert parts() == ["Przyjęcie", "Oględziny", "Zapłata", "Naprawa"]
    drag(page, saved, "#grip-zaplata", "#station-naprawa")
    assert parts() == ["Przyjęcie", "Oględziny", "Naprawa", "Zapłata"]
    with saved(page):
        page.get_by_role("button", name="Usuń „Naprawa”").click()
    assert parts() == ["Przyjęcie", "Oględziny", "Zapłata"]
    with saved(page):
        page.locator(".message").get_by_role("button", name="Cofnij").click()
    page.locator("#station-naprawa").wait_for()
    assert parts() == ["Przyjęcie", "Oględziny", "Naprawa", "Zapłata"]
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Dalej: co wzmacnia każdą część").click()


def walk_the_enhancers(page, violations, saved):
    page.wait_for_url("**/enhancers/")
    assert page.get_by_role("heading", name="Co wzmacnia część „Przyjęcie”?").is_visible()
    with saved(page):
        page.get_by_label("Co wzmacnia tę część?").fill("Klient wie, kiedy odbierze rower")
        page.keyboard.press("Enter")
    with saved(page):
        page.get_by_label("Kto lub co to mówi").first.fill("rozmowy z klientami")
        page.keyboard.press("Tab")
    with saved(page):
        page.get_by_label("Ile").first.fill("14/20")
        page.keyboard.press("Tab")
    enhancer = document()["sequence"][0]["enhancers"][0]
    assert enhancer["evidence"] == {"pl": "rozmowy z klientami: 14/20"}
    knob = page.get_by_role("slider", name="Przyjęcie")
    with saved(page):
        knob.focus()
        page.keyboard.press("PageUp")
        page.keyboard.press("ArrowUp")
    page.wait_for_function("() => document.activeElement.getAttribute('aria-valuenow') === '25'")
    assert document()["sequence"][0]["feeling"] == 25
    box = knob.bounding_box()
    with saved(page):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + 5, box["y"] + 50, steps=4)
        page.mouse.up()
    assert document()["sequence"][0]["feeling"] < 0
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def drag(page, saved, handle, target):
    """By mouse, to the far half of another part."""
    seen = page.viewport_size
    page.set_viewport_size({"width": seen["width"], "height": 3000})  # both ends at once
    start, end = page.locator(handle).bounding_box(), page.locator(target).bounding_box()
    with saved(page):
        page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        page.mouse.down()
        page.mouse.move(end["x"] + end["width"] * 0.9, end["y"] + end["height"] * 0.9, steps=8)
        page.mouse.up()
    page.set_viewport_size(seen)


def test_a_part_added_while_the_one_before_is_on_its_way_is_shown_too(window, cast):
    draft = start_draft(by=cast.filip, title={"pl": "Serwis"})
    page = window(cast.filip)
    page.go(f"/standards/studio/{draft.uid}/parts/")
    held = []
    page.route("**/change/", lambda route: route.fallback() if held else held.append(route))

    with page.expect_request("**/change/"):
        page.get_by_label("Co jest dalej?").fill("Oględziny")
        page.keyboard.press("Enter")
    page.get_by_label("Co jest dalej?").fill("Naprawa")
    page.keyboard.press("Enter")
    page.get_by_label("Co jest dalej?").fill("Zap")  # and half of a third is typed
    held[0].continue_()

    page.get_by_role("button", name="Usuń „Naprawa”").wait_for()
    assert parts() == ["Powitanie", "Oględziny", "Naprawa"]
    assert page.get_by_role("button", name="Usuń „Oględziny”").is_visible()
    assert page.get_by_label("Co jest dalej?").input_value() == "Zap"


def test_both_versions_are_shown_and_one_is_chosen(window, violations, cast, saved):
    draft = start_draft(by=cast.filip, title={"pl": "Serwis"})
    page = window(cast.filip)
    page.go(f"/standards/studio/{draft.uid}/parts/")
    title = ["welcome", "title", "pl"]
    change_draft(by=cast.grazyna, draft_uid=draft.uid, seen=0, action="part.set", path=title, value="Cześć")

    with saved(page):
        page.locator("#welcome-title").fill("Hej")
        page.keyboard.press("Tab")
    page.get_by_text("Tamta wersja, zapisana").wait_for()
    assert violations(page) == []
    assert parts() == ["Cześć"]
    page.said.clear()  # the console notes the 409
    with saved(page):
        page.get_by_role("button", name="Zapisz moją wersję").click()
    page.get_by_text("Tamta wersja, zapisana").wait_for(state="detached")
    assert parts() == ["Hej"]


def test_without_scripts_everything_is_saved_by_its_button(window, cast):
    draft = start_draft(by=cast.filip, title={"pl": "Serwis"})
    page = window(cast.filip, script=False)
    page.go(f"/standards/studio/{draft.uid}/parts/")

    page.locator("#welcome-title").fill("Przyjęcie")
    page.get_by_role("button", name="Zapisz tę część").click()
    page.get_by_label("Co jest dalej?").fill("Naprawa")
    page.get_by_role("button", name="Dodaj część").click()
    page.get_by_role("button", name="Przesuń „Naprawa” w lewo, wcześniej").click()
    assert parts() == ["Naprawa", "Przyjęcie"]
    page.go(f"/standards/studio/{draft.uid}/enhancers/?part=naprawa")
    page.get_by_text("Krzywa w liczbach").click()
    page.get_by_role("spinbutton", name="Naprawa").fill("-30")
    page.get_by_role("button", name="Zapisz krzywą").click()
    assert document()["sequence"][0]["feeling"] == -30


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_every_phase_of_a_full_draft_is_usable_by_everybody(window, violations, cast, width, scheme):
    draft = start_draft(by=cast.filip, from_bundled="salon")
    page = window(cast.filip, width=width, scheme=scheme, language="en")

    for phase in ("sequence", "parts", "enhancers"):
        page.go(f"/standards/studio/{draft.uid}/{phase}/")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
