"""On a phone all of the advice stands in sight after a tap: the board folds to what is tapped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from app.web.service_mode_world import tap
from django.core.cache import cache
from report.typeset_cases import TYPESET

from gracja.app.service_mode.models import RulesVersion
from gracja.app.web.service_mode.views.counter import FILES
from gracja.engine.dial.read import as_json, bundled_rules

pytestmark = pytest.mark.browser
PHONES = [(390, 844), (360, 740)]
STATIC = Path("src/gracja/app/web/static")
BOXES = """() => {
    const box = (one) => one.getBoundingClientRect();
    const sides = ({ top, bottom, left, right }) => ({ top, bottom, left, right });
    const all = (where) => [...document.querySelectorAll(where)].map(box).map(sides);
    return {
        word: all("[data-word]"), picture: all("svg[data-picture]"), next: all("[data-next]"),
        chips: all(".tap").filter((one) => one.right > one.left),
        lines: all("[data-do] li, [data-hold] li"), foot: box(document.querySelector("[data-foot]")).top,
        scrolled: scrollY, tight: document.querySelector("main").classList.contains("adv--tight"),
    };
}"""


@pytest.fixture(params=PHONES, ids=lambda one: f"{one[0]}x{one[1]}")
def phone(request, window, cast, edition):
    def opened(language="pl", **given):
        page = window(cast.darek, language=language, **given)
        page.set_default_timeout(60_000)  # the first page of a run compiles its templates
        page.set_viewport_size({"width": request.param[0], "height": request.param[1]})
        page.go("/counter/")
        page.wait_for_selector("[data-ready]")
        return page

    return opened


def in_sight(page):
    """Every line of the advice between the top of the screen and the taps."""
    found = page.evaluate(BOXES)
    width = page.viewport_size["width"]
    boxes = [*found["word"], *found["picture"], *found["lines"]]
    inside = [
        one["top"] >= 0
        and one["bottom"] <= found["foot"] + 0.5
        and one["left"] >= 0
        and one["right"] <= width
        for one in boxes
    ]
    assert found["scrolled"] == 0
    return all(inside) and len(found["lines"]) >= 3


@pytest.mark.parametrize("language", ["pl", "en"])
def test_after_every_tap_all_of_the_advice_is_in_sight_without_scrolling(phone, language):
    page = phone(language)
    seen = {}
    for chip in page.locator("label.tap").all_inner_texts():
        tap(page, chip)
        seen[chip] = (in_sight(page), page.locator("[data-hold] li").count())
        page.locator("[data-next]").click()

    assert {chip for chip, (whole, _) in seen.items() if not whole} == set()
    assert max(holds for _, holds in seen.values()) == 2


def test_three_taps_and_a_count_leave_the_advice_in_sight(phone):
    page = phone()
    for text in ("jest zmęczony", "jest niezainteresowany", "jest rozgoryczony"):
        tap(page, text)
        assert in_sight(page)
    page.locator("[data-more]").click()
    for _ in range(3):
        page.get_by_role("button", name="Więcej: osoby w kolejce").click()
        assert in_sight(page)

    assert page.locator("[data-back=queue]").inner_text() == "osoby w\u00a0kolejce: 3"
    assert page.locator("label.tap:visible").count() == 3
    page.locator("[data-more]").click()
    page.locator("[data-more]").click()
    assert in_sight(page)
    chips, next_one = (page.evaluate(BOXES)[name] for name in ("chips", "next"))
    assert len(chips) == 4
    assert all(one["left"] >= 0 and one["right"] <= page.viewport_size["width"] for one in chips)
    assert max(one["bottom"] for one in chips) <= next_one[0]["top"]


def test_long_lines_of_a_company_s_own_are_set_smaller_before_they_hide(phone):
    document = as_json(bundled_rules())
    long = "Powiedz, ile to potrwa, zapytaj, czy dziś się uda, i poczekaj spokojnie na odpowiedź klienta."
    hurried = next(one for one in document["cues"] if one["cue"] == "hurried")
    hurried["do"] = hurried["hold"] = [{"pl": long, "en": long}, {"pl": f"{long}!", "en": f"{long}!"}]
    RulesVersion.objects.create(version=1, document=document | {"id": "company"}, note="Dłuższe zdania")
    cache.clear()
    page = phone()

    tap(page, "spieszy się")

    assert in_sight(page)
    assert page.evaluate(BOXES)["tight"]
    page.locator("[data-next]").click()
    assert not page.evaluate(BOXES)["tight"]


def test_folding_moves_nothing_that_is_read_or_pressed(phone):
    page = phone()
    before = page.evaluate(BOXES)

    tap(page, "spieszy się")
    folded = page.evaluate(BOXES)
    page.locator("[data-more]").click()
    opened = page.evaluate(BOXES)

    for name in ("word", "picture", "next"):
        sides = ("top", "bottom") if name == "word" else ("top", "bottom", "left", "right")
        kept = [[one[0][side] for side in sides] for one in (before[name], folded[name], opened[name])]
        assert kept[0] == kept[1] == kept[2]
    assert folded["foot"] > before["foot"] == opened["foot"]


def test_what_was_tapped_is_taken_back_from_the_line(phone):
    page = phone()
    tap(page, "spieszy się")
    tap(page, "jest zmęczony")
    dial = page.locator("[data-dial]").inner_text()

    page.locator("label.tap", has_text="spieszy się").click()
    assert page.locator("[data-dial]").inner_text() != dial
    assert page.locator("label.tap:visible").all_inner_texts() == ["jest zmęczony"]
    page.locator("label.tap", has_text="jest zmęczony").click()

    assert page.locator("label.tap:visible").count() == 8  # nothing is left: the board is open again
    assert page.locator("[data-more]").get_attribute("aria-expanded") == "true"


def test_by_keyboard_and_screen_reader_the_board_folds_and_opens(phone, violations):
    page = phone("en")
    page.locator("[data-cue=hurried]").focus()
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.dataset.cue") == "hurried"
    change = page.get_by_role("button", name="Change")
    assert change.get_attribute("aria-expanded") == "false"
    assert page.get_by_role("checkbox", name="is in a hurry", exact=True).is_checked()
    assert violations(page) == []

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name="Fold").get_attribute("aria-expanded") == "true"
    page.locator("[data-cue=tired]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Space")  # taken back: the focus goes to what opens the board

    assert page.evaluate("'more' in document.activeElement.dataset")
    assert page.locator("label.tap:visible").all_inner_texts() == ["is in a hurry"]


def test_a_count_taken_back_opens_the_board_again(phone):
    page = phone()
    page.get_by_role("button", name="Więcej: wcześniejsze wizyty").click()
    assert page.locator(".steps").is_visible()  # seldom one tap: its buttons stay under the thumb
    page.locator("[data-back=known]").click()

    assert page.locator("[data-cue=known]").input_value() == "0"
    assert page.locator("label.tap:visible").count() == 8


def test_the_next_customer_finds_nothing_of_the_one_before(phone):
    page = phone()
    tap(page, "spieszy się")
    page.locator("[data-next]").click()
    page.wait_for_selector("main[data-waiting='0']")

    assert page.locator("label.tap:visible").count() == 8
    assert page.locator("label.tap:has(:checked)").count() == 0
    page.reload()
    page.wait_for_selector("[data-ready]")
    assert page.locator("label.tap:visible").count() == 8
    assert page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])") == "[{},{}]"


def test_on_a_wide_screen_the_whole_board_stays(window, cast, edition):
    page = window(cast.darek)
    page.go("/counter/")
    page.wait_for_selector("[data-ready]")
    page.locator("label.tap", has_text="spieszy się").click()

    assert page.locator("label.tap:visible").count() == 8
    assert not page.locator("[data-more]").is_visible()
    assert page.locator(".steps").is_visible()


def test_devices_set_lines_as_the_server_s_pages_do(window, cast):
    page = window(cast.darek)
    page.go("/counter/")

    found = page.evaluate(
        """async (lines) => {
            const { typeset } = await import("/static/gracja/typeset.js");
            return lines.map(([text, language]) => typeset(text, language));
        }""",
        [[text, language] for text, language, _ in TYPESET],
    )

    assert found == [expected for *_, expected in TYPESET]


def test_no_advised_line_ends_in_a_one_letter_word(window, cast, edition):
    page = window(cast.darek)
    page.go("/counter/")
    page.wait_for_selector("[data-ready]")
    page.locator("label.tap", has_text="spieszy się").click()
    page.locator("summary").click()

    told = page.locator("[data-told]").evaluate("one => one.textContent")

    assert re.findall(r"(?<![^\s(„])[aiouwzAIOUWZ][ \n]+\S+", told) == []
    assert "min\u00a0" not in told
    assert re.search(r"\d\u00a0min", told)


def test_without_a_network_every_module_of_the_counter_is_on_the_device():
    needed, left = set(), ["gracja/counter.js", "gracja/counter_gestures.js"]
    while left:
        one = left.pop()
        if one not in needed:
            needed.add(one)
            text = (STATIC / one).read_text(encoding="utf-8")
            left += [f"gracja/{name}" for name in re.findall(r'from "\./(\w+\.js)"', text)]

    assert needed <= set(FILES)
    assert len(needed) >= 10
