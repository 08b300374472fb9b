"""A record taken without a network and refused later stays on the device, with the reason in words."""

from __future__ import annotations

import pytest
from app.web.service_mode_world import tap
from django.core.cache import cache

from gracja.app.service_mode.models import Advised
from gracja.app.service_mode.selectors.rules import IN_FORCE_AS, draft_of_rules
from gracja.app.service_mode.services.drafting import publish_rules, save_draft

pytestmark = pytest.mark.browser


def publish_without(user, name):
    document = draft_of_rules(by=user).document
    document["cues"] = [one for one in document["cues"] if one["cue"] != name]
    document["exclude"] = [one for one in document["exclude"] if name not in one]
    draft = save_draft(by=user, document=document, revision=0)
    publish_rules(by=user, note="Nikt tego nie widzi", revision=draft.revision)
    cache.delete(IN_FORCE_AS)  # as on commit


def opened(page):
    page.set_default_timeout(60_000)
    page.go("/counter/")
    page.wait_for_selector("[data-ready][data-waiting='0']")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def advised_offline(page, *texts):
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.wait_for_selector("main[data-state=offline]")
    for text in texts:
        tap(page, text)
        page.locator("[data-next]").click()
    page.wait_for_selector(f"main[data-waiting='{len(texts)}']")


def online_again(page):
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector("[data-cue=tired]", state="detached")  # the page is loaded anew, by the new rules
    page.wait_for_selector("main[data-refused='1'][data-waiting='0']")


def test_what_the_changed_rules_refuse_is_told_on_the_device_until_it_is_dismissed(
    window, violations, cast, edition
):
    page = window(cast.darek, width=390)
    opened(page)
    advised_offline(page, "jest zmęczony", "spieszy się")
    publish_without(cast.filip, "tired")

    online_again(page)
    assert [list(one.cues) for one in Advised.objects.all()] == [["hurried"]]
    button = page.get_by_role("button", name="Nieprzyjęte zapisy: 1")
    button.click()

    dialog = page.get_by_role("dialog")
    assert "jest zmęczony" in dialog.locator("[data-what]").inner_text()
    reason = dialog.locator("[data-why]").inner_text()
    assert reason.startswith(
        "Nie zapisano: zanim zapis wyszedł z\u00a0urządzenia, zasady sytuacji się zmieniły"
    )
    assert "powiedz o\u00a0tym osobie zarządzającej" in reason
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    dialog.get_by_role("button", name="Usuń z urządzenia").click()
    page.wait_for_selector("main[data-refused='0']")

    assert not button.is_visible()
    assert not dialog.is_visible()
    page.reload()
    page.wait_for_selector("main[data-refused='0']")
    page.said.clear()  # that nothing answered, while the network was cut


def test_whoever_reads_english_is_told_in_english_and_a_colleague_is_told_nothing(window, cast, edition):
    page = window(cast.darek, width=390, language="en")
    opened(page)
    advised_offline(page, "is tired")
    publish_without(cast.filip, "tired")
    online_again(page)

    page.get_by_role("button", name="Records not taken: 1").click()
    assert "they no longer know “is tired”" in page.locator("[data-why]").inner_text()

    rows = page.evaluate(
        """async () => {
            const { refused } = await import("/static/gracja/counter_queue.js");
            return [await refused("somebody-else"), await refused(JSON.parse(
                document.getElementById("policy").textContent).reader)].map((one) => one.length);
        }"""
    )
    assert rows == [0, 1]
    page.said.clear()


def test_the_notice_does_not_stand_before_the_advice(window, cast, edition):
    page = window(cast.darek, width=390)
    opened(page)
    advised_offline(page, "jest zmęczony")
    publish_without(cast.filip, "tired")
    online_again(page)
    page.locator("[data-refused-open]").wait_for()

    tap(page, "spieszy się")

    assert not page.locator("[data-refused-open]").is_visible()
    foot = page.locator("[data-foot]").bounding_box()["y"]
    last = page.locator("[data-hold] li").last.bounding_box()
    assert last["y"] + last["height"] <= foot
    page.locator("[data-next]").click()
    page.locator("[data-refused-open]").wait_for()
    page.said.clear()
