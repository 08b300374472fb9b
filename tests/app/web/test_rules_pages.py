"""The pages of the situation rules, and the counter's addresses: who may, what is refused, what stays."""

from __future__ import annotations

import json
import re

import pytest
from django.core.cache import cache

from gracja.app.service_mode.models import Advised, Keeping, RulesDraft, RulesVersion

RULES = "/situation-rules/"
TYPED = {"seen": "0", "cue.hurried.points": "-25"}


@pytest.fixture
def filip(cast, signed_in):
    return signed_in(cast.filip)


def test_what_is_typed_is_saved_as_a_draft_and_shown_in_words(filip):
    assert filip.post(RULES, TYPED).status_code == 302

    page = filip.get("/situation-rules/publish/").content.decode()
    assert "“is in a hurry”, points: −20 → −25" in page
    assert "Nothing was recorded in the last 30 days" in page


def test_a_stale_save_is_refused_and_nothing_typed_is_lost(filip):
    filip.post(RULES, TYPED)

    new = {"new.title.en": "sings", "new.why.en": "Is glad.", "new.points": "5"}
    answer = filip.post(RULES, {"seen": "0", "cue.tired.points": "-33", **new})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else saved these rules" in page
    assert 'value="-33"' in page
    assert 'value="sings"' in page
    assert RulesDraft.objects.get().revision == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("cue.hurried.points", "many", "A whole number is expected here."),
        ("cue.hurried.points", "-900", "-100"),
        ("bands.attentive_from", "90", "attentive"),
        ("start.encounter", "", "A whole number is expected here."),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(filip, name, value, said):
    answer = filip.post(RULES, {"seen": "0", name: value})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'name="{name}" value="{value}"' in page
    assert said in page
    assert 'aria-invalid="true"' in page
    assert not RulesDraft.objects.exists()


def test_the_effect_is_shown_while_one_types(filip):
    answer = filip.post(f"{RULES}look/", {"cue.browsing.points": "20"}, headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert page.count('class="moved"') == 1
    assert not RulesDraft.objects.exists()


@pytest.mark.parametrize("kind", ["yes_no", "counted", "ceiling"])
def test_a_cue_of_one_s_own_is_added(filip, kind):
    new = {
        "title.pl": "Z dzieckiem",
        "title.en": "With a child",
        "why.pl": "Śpieszno.",
        "why.en": "In haste.",
    }
    typed = {f"new.{name}": value for name, value in new.items()}

    filip.post(
        RULES, {"seen": "0", "new.kind": kind, "new.points": "12", "new.do.en": "Smile\nWave", **typed}
    )

    cue = RulesDraft.objects.get().document["cues"][-1]
    assert cue["cue"] == "with_a_child"
    assert (cue["ceiling"], cue["points"]) == ((12, 0) if kind == "ceiling" else (None, 12))
    assert (cue["counts"] is not None) is (kind == "counted")
    assert cue["do"] == [{"en": "Smile"}, {"en": "Wave"}]


def test_a_cue_is_removed_with_what_it_could_not_stand_beside(filip):
    filip.post(RULES, {"seen": "0", "cue.browsing.drop": "1"})

    document = RulesDraft.objects.get().document
    assert "browsing" not in [one["cue"] for one in document["cues"]]
    assert not any("browsing" in pair for pair in document["exclude"])


def test_publishing_asks_for_a_note_and_is_done_once(filip):
    filip.post(RULES, TYPED)

    assert filip.post("/situation-rules/publish/", {"seen": "1"}).status_code == 422
    assert filip.post("/situation-rules/publish/", {"seen": "1", "note": "Kolejki."}).status_code == 302
    assert filip.post("/situation-rules/publish/", {"seen": "1", "note": "Kolejki."}).status_code == 409

    assert RulesVersion.objects.count() == 1
    assert "Kolejki." in filip.get(RULES).content.decode()


def test_undo_and_discard(filip):
    filip.post(RULES, TYPED)

    assert filip.post("/situation-rules/undo/", {"seen": "1"}).status_code == 302
    assert RulesDraft.objects.get().document["cues"][3]["points"] == -20
    for _ in range(2):
        assert filip.post("/situation-rules/drop/").status_code == 302
    assert not RulesDraft.objects.exists()


def test_what_is_kept_is_chosen_with_its_origins(filip):
    given = {"keep": "with_person", "keep_days": "30", "panel_origins": "https://Chat.example.com/\n"}

    assert filip.post("/situation-rules/keeping/", given).status_code == 302
    row = Keeping.objects.get()
    assert (row.keep, row.keep_days, row.panel_origins) == ("with_person", 30, ["https://chat.example.com"])
    wrong = filip.post("/situation-rules/keeping/", given | {"panel_origins": "chat"})
    assert wrong.status_code == 422
    assert "“chat” is not an address" in wrong.content.decode()


@pytest.mark.parametrize("who", ["anna", "borys", "darek", "hubert"])
@pytest.mark.parametrize("page", ["", "look/", "undo/", "drop/", "publish/", "keeping/"])
def test_nobody_else_reaches_the_rules(cast, signed_in, who, page):
    client = signed_in(getattr(cast, who))

    assert client.post(RULES + page, TYPED).status_code == 403
    assert client.get(RULES + page).status_code in (403, 405)


@pytest.mark.parametrize("who", ["borys", "hubert"])
def test_who_serves_nobody_has_no_counter(cast, signed_in, who):
    client = signed_in(getattr(cast, who))

    assert [client.get(f"/counter/{page}").status_code for page in ("", "panel/", "state/")] == [403] * 3
    assert client.post("/counter/record/", {"cue": "hurried"}).status_code == 403
    assert (
        client.post("/counter/records/", {"records": []}, content_type="application/json").status_code == 403
    )


LEFT_ALONE = "cue=asks_advice&cue=left_alone&cue=talkative&known=3&service=1"


def test_who_asks_to_be_left_alone_is_not_lost_among_other_cues(cast, signed_in):
    """The form without a script: nothing is let go unseen, and nothing is advised meanwhile."""
    darek = signed_in(cast.darek)

    asked = darek.get(f"/counter/?{LEFT_ALONE}")
    sent = darek.post("/counter/record/", LEFT_ALONE, content_type="application/x-www-form-urlencoded")

    for answer in (asked, sent):
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "cannot both be true of one moment" in page
        assert "asks for advice" in page
        assert all(
            re.search(rf'value="{cue}"[^>]* checked', page)
            for cue in ("asks_advice", "left_alone", "talkative")
        )
        assert 'name="known" value="3"' in page
        assert "data-told hidden" in page
        assert 'id="plain"' not in page
    assert not Advised.objects.exists()
    assert darek.get("/counter/?cue=left_alone&cue=hurried").status_code == 200


def test_the_counter_s_addresses_take_only_their_method(cast, signed_in):
    client = signed_in(cast.darek)

    assert [client.post(f"/counter/{one}").status_code for one in ("", "state/", "worker.js")] == [405] * 3
    assert client.put("/counter/panel/").status_code == 405
    assert [client.get(f"/counter/{one}").status_code for one in ("record/", "records/")] == [405] * 2


def test_a_device_s_records_come_in_once(cast, signed_in):
    client = signed_in(cast.darek)
    rows = [{"uid": f"made-by-the-device-{n}", "kind": "encounter", "cues": {"tired": 1}} for n in range(3)]

    for _ in range(2):
        answer = client.post("/counter/records/", {"records": rows}, content_type="application/json")
        assert answer.json() == {"settled": [one["uid"] for one in rows], "refused": {}}
    assert Advised.objects.count() == 3
    for nonsense in (b"{", b"[]", json.dumps({"records": 7}).encode()):
        answer = client.generic("POST", "/counter/records/", nonsense, content_type="application/json")
        assert answer.json()["settled"] == []


def test_the_panel_may_be_framed_only_where_the_company_says(cast, signed_in, client):
    darek = signed_in(cast.darek)
    closed = darek.get("/counter/panel/")
    assert "frame-ancestors 'none'" in closed.headers["Content-Security-Policy"]
    assert closed.headers["X-Frame-Options"] == "DENY"
    Keeping.objects.create(panel_origins=["https://chat.example.com"])
    from django.core.cache import cache

    cache.clear()

    open_ = darek.get("/counter/panel/")
    assert "frame-ancestors https://chat.example.com" in open_.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in open_.headers
    assert "frame-ancestors 'none'" in darek.get("/counter/").headers["Content-Security-Policy"]
    assert client.get("/counter/panel/").status_code == 401


def test_a_company_s_own_rules_are_named_at_the_counter(filip, cast, signed_in, edition):
    assert "assumptions that came with Gracja" in signed_in(cast.darek).get("/counter/").content.decode()


@pytest.mark.browser
def test_the_effect_follows_what_is_typed_in_a_browser(window, cast, violations):
    page = window(cast.filip, width=390, language="en")
    page.go(RULES)
    assert violations(page) == []

    page.locator("[name='cue.browsing.points']").fill("20")
    page.wait_for_selector(".gallery .moved")

    assert "Somebody browsing" in page.locator(".gallery .moved").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("link", name="Publish…").click()
    page.locator("textarea[name=note]").fill("Browsers want to talk here.")
    page.get_by_role("button", name="Publish the rules").click()
    page.wait_for_url(f"**{RULES}")
    cache.clear()  # what is done on commit never comes in a test's transaction
    page.go(RULES)
    assert "your rules, version 1" in page.locator("h1").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["", "keeping/", "publish/"])
def test_everybody_can_use_the_rules(window, violations, cast, scheme, address):
    page = window(cast.filip, scheme=scheme)

    page.go(RULES + address)

    assert violations(page) == []
