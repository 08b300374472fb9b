"""The whole grammar of a detector on the bench, its examples, and moving what was written elsewhere."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from gracja.app.standards.models import Draft
from gracja.app.standards.services.detecting import Target, detector_of, set_detector
from gracja.app.standards.services.detector_tree import mark_of
from gracja.app.standards.services.drafts import change_draft
from gracja.app.standards.services.drafts_start import start_draft
from gracja.app.standards.services.operations import spot_of
from gracja.wording.sentences import catalogue

pytestmark = pytest.mark.django_db
GREETS = "greets_on_the_line"
TREE = """
within: contact
all:
  - agent_says: {pl: [powtórzę]}
  - any: [{system_event: [booking*]}, {customer_says: [dziękuję]}]
  - not: {agent_says: {pl: [nie wiem]}}
"""


@pytest.fixture
def draft(cast):
    return start_draft(by=cast.filip, from_bundled="salon")


@pytest.fixture
def page(signed_in, cast, draft):
    """`page("studio_node", do=...)`: what a form of the bench sends, from the detector as it stands."""
    client = signed_in(cast.filip, language="pl")

    def sent(name, headers=None, /, **fields):
        draft.refresh_from_db()
        own = {"seen": draft.revision, "mark": mark_of(detector_of(draft, Target("standard", GREETS)))}
        return client.post(reverse(name, args=[draft.uid, GREETS]), own | fields, headers=headers or {})

    sent.client = client
    return sent


@pytest.fixture
def tree(cast, draft):
    target = Target("standard", GREETS)
    return set_detector(by=cast.filip, draft_uid=draft.uid, seen=draft.revision, target=target, text=TREE)


def kept(draft):
    return spot_of(Draft.objects.get(pk=draft.pk).document, "standard", GREETS).element


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("way", ["", "words", "time", "judge", "none", "nonsense"])
def test_every_way_of_recognising_opens_in_both_languages(signed_in, cast, tree, way, language):
    client = signed_in(cast.filip, language=language)

    answer = client.get(reverse("studio_standard", args=[tree.uid, GREETS]), {"way": way})

    assert answer.status_code == 200


def test_a_tree_is_shown_and_changed_without_script(page, draft, tree):
    shown = page.client.get(reverse("studio_standard", args=[draft.uid, GREETS])).content.decode()
    assert all(words in shown for words in ("powtórzę", "booking*", "nie wiem"))

    assert page("studio_node", do="words", at="1.0", text="visit*").status_code == 302
    assert page("studio_node", do="group", at="1", kind="none").status_code == 302
    assert page("studio_node", do="moment", at="0", end="first", n="2", of="agent").status_code == 302
    assert page("studio_node", do="remove", at="2").status_code == 302
    assert kept(draft)["detect"] == {
        "all": [
            {"agent_says": {"pl": ["powtórzę"]}, "where": {"first": 2}},
            {"not": {"any": [{"system_event": ["booking*", "visit*"]}, {"customer_says": ["dziękuję"]}]}},
        ],
        "within": "contact",
    }


def test_a_wrong_phrase_comes_back_beside_its_condition_with_what_was_typed(page, draft, tree):
    answer = page(
        "studio_node", {"hx-request": "true"}, do="words", at="0", language="pl", text="{kolor} włosów"
    )

    assert answer.status_code == 422
    assert "{kolor} włosów" in answer.content.decode()
    assert kept(draft)["detect"]["all"][0] == {"agent_says": {"pl": ["powtórzę"]}}


def test_somebody_elses_change_is_told_and_nothing_is_lost(page, cast, draft, tree):
    seen, mark = draft.revision, mark_of(detector_of(tree, Target("standard", GREETS)))
    set_detector(
        by=cast.grazyna,
        draft_uid=draft.uid,
        seen=tree.revision,
        target=Target("standard", GREETS),
        text="none",
    )

    answer = page(
        "studio_node", seen=seen + 1, mark=mark, do="join", how="any", kind="agent_says", text="halo"
    )

    assert answer.status_code == 409
    assert "Grażyna" in answer.content.decode()
    assert "detect" not in kept(draft)


def test_a_time_and_a_question_are_saved_and_say_what_they_mean(page, draft):
    assert page("studio_time", kind="first_reply_seconds", seconds="90,5").status_code == 302
    assert (kept(draft)["detect"], kept(draft)["measure"]) == (
        {"first_reply_seconds": {}},
        {"seconds_at_most": 90.5},
    )

    assert page("studio_judge", **{"question/pl": "Czy się przedstawia?"}).status_code == 302
    assert kept(draft)["detect"] == {"judge": {"pl": "Czy się przedstawia?"}}
    shown = page.client.get(reverse("studio_standard", args=[draft.uid, GREETS])).content.decode()
    assert "Żadna rozmowa nie opuszcza Gracji" in shown
    given = {"address": "https://model.firma.pl/v1", "model": "bielik", "mask": "1"}
    assert page("studio_permission", **given).status_code == 302
    shown = page.client.get(reverse("studio_standard", args=[draft.uid, GREETS])).content.decode()
    assert "Rozmowy opuszczą Grację i trafią pod adres https://model.firma.pl/v1" in shown.replace(
        "\xa0", " "
    )


def test_an_address_that_is_none_stays_in_the_field(page, draft):
    answer = page("studio_permission", address="model.firma.pl", model="bielik")

    assert answer.status_code == 422
    assert 'value="model.firma.pl"' in answer.content.decode()
    draft.refresh_from_db()
    assert "language_model" not in draft.document


@pytest.mark.parametrize("do", ["nonsense", "add", "group", "dissolve"])
def test_what_no_form_sends_is_not_found(page, do):
    assert page("studio_node", do=do, at="9", kind="agent_says", text="halo").status_code == 404


def test_the_ways_are_sent_and_not_opened(page, draft, signed_in, cast):
    for name in ("studio_node", "studio_time", "studio_judge", "studio_permission"):
        address = reverse(name, args=[draft.uid, GREETS])
        assert page.client.get(address).status_code == 405
        assert signed_in(cast.anna).post(address, {"do": "remove"}).status_code == 403


def test_a_signal_of_several_conditions_is_changed_on_its_page(page, draft):
    draft.refresh_from_db()
    mark = mark_of(draft.document["signals"]["complains"])
    fields = {"seen": draft.revision, "mark": mark, "do": "join", "how": "any", "kind": "system_event"}

    answer = page.client.post(
        reverse("studio_signal", args=[draft.uid, "complains"]), fields | {"text": "complaint*"}
    )

    assert answer.status_code == 302
    draft.refresh_from_db()
    assert {"system_event": ["complaint*"]} in draft.document["signals"]["complains"]["any"]


def test_examples_are_written_in_both_languages_and_taken_away(page, draft):
    page(
        "studio_standard_set",
        name="examples/good",
        **{"0/pl": "„Dzień dobry”", "0/en": "“Hello”", "1/pl": "Wstaje"},
    )
    page("studio_standard_set", name="examples/bad", **{"0/pl": "Nie podnosi wzroku"})
    assert kept(draft)["examples"] == {
        "good": [{"pl": "„Dzień dobry”", "en": "“Hello”"}, {"pl": "Wstaje"}],
        "bad": [{"pl": "Nie podnosi wzroku"}],
    }

    page("studio_standard_set", name="examples/bad", **{"0/pl": ""})
    assert set(kept(draft)["examples"]) == {"good"}
    shown = page.client.get(reverse("studio_standard", args=[draft.uid, GREETS])).content.decode()
    assert "“Hello”" in shown


def test_examples_that_two_people_write_are_both_shown(page, cast, draft):
    path = [*spot_of(draft.document, "standard", GREETS).path, "examples", "good"]
    given = {"by": cast.grazyna, "draft_uid": draft.uid, "action": "standard.set"}
    change_draft(**given, seen=draft.revision, path=path, value=[{"pl": "Uśmiecha się"}])

    answer = page("studio_standard_set", seen=0, name="examples/good", **{"0/pl": "Mówi: „Halo”"})

    assert answer.status_code == 409
    assert "Mówi: „Halo”" in answer.content.decode()
    assert kept(draft)["examples"]["good"] == [{"pl": "Uśmiecha się"}]


def test_the_occupation_is_changed_after_the_start(page, draft):
    fields = {"action": "service.set", "path": "", "seen": draft.revision, "phase": "sequence", "key": "kind"}
    given = fields | {"kind": "relationship", "occupation": "barista"}
    assert page.client.post(reverse("studio_change", args=[draft.uid]), given).status_code == 302

    draft.refresh_from_db()
    assert draft.document["service"]["occupation"] == "barista"
    shown = page.client.get(reverse("studio_sequence", args=[draft.uid])).content.decode()
    assert re.search(r'<option value="barista" selected>', shown)


def test_an_enhancer_moves_to_another_part_and_back(page, draft):
    first, second = draft.document["sequence"][:2]
    name = first["enhancers"][0]["enhancer"]
    fields = {"action": "enhancer.move", "path": f"{first['part']}/{name}", "seen": 0, "phase": "enhancers"}
    answer = page.client.post(
        reverse("studio_change", args=[draft.uid]), fields | {"key": "enhancers", "parent": second["part"]}
    )

    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.document["sequence"][1]["enhancers"][-1]["enhancer"] == name
    page.client.post(reverse("studio_undo", args=[draft.uid]), {"seen": draft.revision, "phase": "enhancers"})
    draft.refresh_from_db()
    assert draft.document["sequence"][0]["enhancers"][0]["enhancer"] == name


def test_a_source_is_given_in_both_languages(page, draft):
    part = draft.document["sequence"][0]
    path = f"{part['part']}/{part['enhancers'][0]['enhancer']}"
    fields = {"action": "enhancer.set", "path": path, "seen": 0, "phase": "enhancers", "key": "x"}
    given = {"sources/0/pl": "rozmowy z klientami", "sources/0/en": "customer interviews"}
    assert page.client.post(reverse("studio_change", args=[draft.uid]), fields | given).status_code == 302

    draft.refresh_from_db()
    enhancer = draft.document["sequence"][0]["enhancers"][0]
    assert enhancer["sources"] == [{"source": {"pl": "rozmowy z klientami", "en": "customer interviews"}}]
    assert enhancer["evidence"]["en"] == "customer interviews"


def test_no_finding_names_a_field_of_the_file_on_a_page():
    lint, studio = catalogue("lint"), catalogue("studio")
    keys = [key for key in lint if re.fullmatch(r"GR\d+_(title|what\w*|remedy)", key)]

    for key in keys:
        for sentence in (studio if key in studio else lint)[key].values():
            assert not re.search(r"`|yes_no|_at_(most|least)|detect:", sentence), key
    assert set(studio) & set(keys)
