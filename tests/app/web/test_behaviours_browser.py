"""The bench in a real browser: from a vague standard to one that is found in conversations."""

from __future__ import annotations

import pyarrow as pa
import pytest
from app.contacts.conftest import conversation, turn

from gracja.app.contacts.archive import company_archive
from gracja.app.standards.services.drafts_start import start_draft
from gracja.app.standards.services.operations import spot_of
from gracja.archive.imports import import_conversations
from gracja.engine.tables import CONVERSATIONS

pytestmark = pytest.mark.browser
GREETS = "greets_on_the_line"


@pytest.fixture
def salon(cast):
    talks = [
        conversation(contact, turns=[turn("agent", said), turn("customer", "Hej")])
        for contact, said in (
            ("one", "Halo, dobry wieczór, salon Rynek."),
            ("two", "Dobrywieczór Pani, tu salon."),
        )
    ]
    import_conversations(
        company_archive(), [pa.Table.from_pylist(talks, schema=CONVERSATIONS)], on_changed=lambda _: None
    )
    return start_draft(by=cast.filip, from_bundled="salon")


@pytest.fixture
def bench(window, cast, salon):
    """`bench(width=390)`: the standard of greeting on the bench."""

    def opened(**options):
        page = window(cast.filip, **options)
        page.go(f"/standards/studio/{salon.uid}/standards/{GREETS}/")
        return page

    return opened


def kept(draft):
    draft.refresh_from_db()
    return spot_of(draft.document, "standard", GREETS).element


def test_a_vague_standard_is_found_reworded_and_recognised_in_a_conversation(bench, salon):
    page = bench()
    field = page.get_by_label("Co robi pracownik", exact=True)
    field.fill("")
    field.press_sequentially("Uprzejmie wita klienta")

    finding = page.locator("#about-behaviour-pl .finding")
    finding.get_by_text("Dwie osoby zaznaczą tu co innego").wait_for()
    assert page.locator("#mirror-behaviour-pl .squig").inner_text() == "Uprzejmie"
    assert field.input_value() == "Uprzejmie wita klienta"
    proposed = finding.locator(".reword p").first.inner_text()
    finding.get_by_role("button", name="Zastosuj").first.click()
    page.wait_for_function("text => document.querySelector('#behaviour-pl').value === text", arg=proposed)
    assert kept(salon)["behaviour"]["pl"] == proposed

    page.locator("#phrase-agent_says-pl").fill("tu salon")
    page.keyboard.press("Enter")
    page.locator(".phrase", has_text="tu salon").wait_for()
    page.locator("#try mark", has_text="tu salon").wait_for()
    assert "tu salon" in kept(salon)["detect"]["agent_says"]["pl"]


def test_a_near_miss_is_counted_with_one_click(bench):
    page = bench()
    page.locator("#try .near").first.wait_for()

    page.locator("#try").get_by_role("button", name="Licz też").first.click()

    page.locator("#try mark", has_text="obrywieczór").first.wait_for()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_phrase_without_a_space_is_broken_and_the_page_stays_as_wide_as_the_window(bench, width):
    page = bench(width=width)
    page.locator("#phrase-agent_says-pl").fill("dobrywieczór" * 20)
    page.keyboard.press("Enter")
    page.locator("form.phrase", has_text="dobrywieczór" * 20).wait_for()

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_typed_survives_the_answer_to_another_field(bench):
    page = bench()
    page.get_by_label("W jakiej sytuacji", exact=True).fill("gdy klient dzwoni")
    page.get_by_label("Co robi pracownik", exact=True).focus()
    page.keyboard.press("End")
    page.keyboard.type(" i jeszcze")

    page.locator("#studio-state", has_text="Szkic zapisany").wait_for()
    page.wait_for_timeout(500)

    assert page.locator("#behaviour-pl").input_value().endswith(" i jeszcze")


def test_choices_are_saved_as_they_are_made(bench, salon):
    page = bench()

    page.get_by_label("Krytyczny").check()
    page.get_by_text("Jedno pominięcie przekreśla cały kontakt").wait_for()
    page.locator("#mode-discreet").check(force=True)
    page.get_by_text("Tylko z klientami, którzy chcą dystansu.").wait_for()

    assert (kept(salon)["critical"], kept(salon)["service_mode"]) == (True, "discreet")


def test_without_script_everything_has_a_button(window, cast, salon):
    page = window(cast.filip, script=False)
    page.go(f"/standards/studio/{salon.uid}/standards/{GREETS}/")

    page.locator("#behaviour-pl").fill("Jest miły")
    page.locator("form:has(#behaviour-pl)").get_by_role("button", name="Zapisz").click()
    page.locator("#about-behaviour-pl").get_by_role("button", name="Zastosuj").first.click()
    assert kept(salon)["behaviour"]["pl"] == page.locator("#behaviour-pl").input_value() != "Jest miły"
    page.get_by_role("link", name="Wypróbuj").first.click()
    assert page.locator("mark").first.is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_conditions_are_joined_grouped_and_undone(window, cast, salon, violations, script):
    page = window(cast.filip, script=script)
    page.go(f"/standards/studio/{salon.uid}/standards/{GREETS}/")
    before = kept(salon)["detect"]

    page.locator("#join > summary").click()
    page.locator("#kind-join").select_option("system_event")
    page.locator("#text-join").fill("call_answered*")
    page.get_by_role("button", name="i to", exact=True).click()
    page.locator(".cond .phrase", has_text="call_answered*").wait_for()
    assert kept(salon)["detect"] == {"all": [before, {"system_event": ["call_answered*"]}]}

    group = page.locator(f"#group-{GREETS}-top")
    group.select_option("none")
    if not script:
        page.locator(".cond__kind").first.get_by_role("button", name="Zapisz").click()
    page.locator(f"#group-{GREETS}-top option[value=none][selected]").wait_for(state="attached")
    assert "not" in kept(salon)["detect"]
    if script:
        assert violations(page) == []

    page.locator(".stu__back button").first.click()
    if not script:  # undone, the page begins with the first standard again
        page.go(f"/standards/studio/{salon.uid}/standards/{GREETS}/")
    page.locator(f"#group-{GREETS}-top option[value=all][selected]").wait_for(state="attached")
    assert "all" in kept(salon)["detect"]


def test_an_enhancer_is_moved_with_the_keyboard(window, cast, salon):
    page = window(cast.filip)
    first, second = salon.document["sequence"][:2]
    name = first["enhancers"][0]["enhancer"]
    page.go(f"/standards/studio/{salon.uid}/enhancers/?part={first['part']}")

    page.locator(f"#move-{name}").select_option(second["part"])
    page.locator(f"#move-{name}").press("Tab")
    page.keyboard.press("Enter")
    page.locator(f"#enhancer-{name}").wait_for(state="detached")

    salon.refresh_from_db()
    assert salon.document["sequence"][1]["enhancers"][-1]["enhancer"] == name


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_everybody_can_use_the_bench(bench, violations, width, scheme):
    page = bench(width=width, scheme=scheme)
    page.locator("#behaviour-pl").fill("Uprzejmie wita klienta")
    page.locator("#about-behaviour-pl .finding").first.wait_for()
    page.locator("#try mark").first.wait_for()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Sygnały w rozmowach").first.click()
    page.locator(".signal").first.wait_for()
    assert violations(page) == []
