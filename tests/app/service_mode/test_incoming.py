"""What a change of the rules does to records that waited on a device: refused for good, and why."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from gracja.app.service_mode.models import Advised
from gracja.app.service_mode.selectors.rules import IN_FORCE_AS, draft_of_rules
from gracja.app.service_mode.services.drafting import publish_rules, save_draft
from gracja.app.service_mode.services.incoming import take_records
from gracja.app.web.service_mode.words import in_words

UID = "made-by-the-device-1"


@pytest.fixture
def changed(cast):
    """`changed(lambda document: ...)`: the company's rules, changed so and published."""

    def publish(change):
        document = draft_of_rules(by=cast.filip).document
        change(document)
        draft = save_draft(by=cast.filip, document=document, revision=draft_of_rules(by=cast.filip).revision)
        publish_rules(by=cast.filip, note="Inaczej", revision=draft.revision)
        cache.delete(IN_FORCE_AS)  # as on commit

    return publish


def refusal(cast, **given):
    taken = take_records(by=cast.darek, rows=[{"uid": UID, "kind": "encounter"} | given], mark="")
    assert taken.settled == [UID]
    assert not Advised.objects.exists()
    return taken.refused[UID]


def without(name):
    def change(document):
        document["cues"] = [one for one in document["cues"] if one["cue"] != name]
        document["exclude"] = [one for one in document["exclude"] if name not in one]

    return change


def test_a_cue_that_the_rules_lost_is_named_as_it_was_called(cast, changed):
    changed(without("tired"))

    reason = refusal(cast, cues={"tired": 1})

    assert reason.code == "advice_cue_gone"
    told = in_words(reason)
    assert "„jest zmęczony”" in told["pl"]
    assert "“is tired”" in told["en"]


def test_a_cue_that_only_an_earlier_version_knew_is_named_too(cast, changed):
    own = {"cue": "sings", "title": {"pl": "śpiewa", "en": "sings out loud"}, "why": "x", "points": 5}
    changed(lambda document: document["cues"].append(own))
    changed(without("sings"))

    assert "“sings out loud”" in in_words(refusal(cast, cues={"sings": 1}))["en"]


def test_cues_that_exclude_each_other_by_now_are_said(cast, changed):
    changed(lambda document: document["exclude"].append(["tired", "talkative"]))

    told = in_words(refusal(cast, cues={"tired": 1, "talkative": 1}))

    assert "„jest zmęczony”" in told["pl"]
    assert "„chętnie rozmawia”" in told["pl"]


def test_a_count_that_cannot_be_is_said(cast):
    told = in_words(refusal(cast, cues={"tired": 2}))

    assert "“is tired” cannot stand in them 2 times" in told["en"]


def test_an_occupation_and_an_edition_that_are_gone_are_said(cast, edition):
    for given in ({"occupation": "lamplighter"}, {"edition": "lighthouse"}):
        told = in_words(refusal(cast, **given))
        assert told["pl"].startswith("Nie zapisano: ")
        assert told["en"].startswith("Not recorded: ")


def test_every_reason_has_its_sentence_in_both_languages(cast):
    bad = [{"at": "yesterday"}, {"at": "2001-01-01T00:00:00Z"}, {"cues": {"sings": 1}}, {"kind": None}]

    for given in bad:
        told = in_words(refusal(cast, **given))
        assert all(told.values())
        assert set(told) == {"en", "pl"}
