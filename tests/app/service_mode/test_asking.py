"""Advice for a situation, as a program asks for it."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache

from gracja.app.api.advice import AdviceOut
from gracja.app.common.refused import Refused
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    give_consent,
    number_customer,
    withdraw_consent,
)
from gracja.app.service_mode.models import Advised, Keeping
from gracja.app.service_mode.selectors.reading import cues_said
from gracja.app.service_mode.services.keeping import clean_advice


@pytest.fixture
def ask(calling, cast):
    def asked(given, *, user=None, **as_):
        client = calling(user or cast.darek, **as_)
        return client.post("/api/v1/advice", json.dumps(given), content_type="application/json")

    return asked


HURRIED = {"service": "encounter", "occupation": "cashier", "cues": {"hurried": 1, "known": 3, "queue": 5}}


def test_a_hurried_customer_with_a_queue_is_served_discreetly(ask):
    told = ask(HURRIED).json()

    assert (told["dial"], told["band"], told["rules"]) == (0, "discreet", "bundled@1")
    assert sum(one["points"] for one in told["reasons"]) == 0
    assert told["minutes_if_personal"] == {"customer": 4.0, "others": 20.0}
    assert told["recorded"] is None
    assert [(one["kind"], one["text"], one["policy"]) for one in told["gestures"]] == [
        ("discount", "discount", None)
    ]
    assert "Small talk" in told["hold"][0]["text"]


def test_the_lines_are_those_of_the_edition_in_the_language_asked_for(ask, edition):
    told = ask({"occupation": "hairdresser", "cues": ["talkative"], "language": "pl"}).json()

    assert told["edition"] == "salon@1"
    assert told["band"] == "personal"
    assert any(one["name"].startswith("standard:") for one in told["do"])
    assert told["reasons"][0]["text"].startswith("Usługa ze spotkaniami")


@pytest.mark.parametrize(
    "given",
    [
        HURRIED,
        HURRIED | {"record": True},
        {"occupation": "hairdresser", "cues": ["talkative"], "language": "pl"},
        {"service": "relationship", "cues": {"known": 9, "embittered": 1}},
    ],
)
def test_the_answer_has_exactly_the_documented_shape(ask, edition, given):
    told = ask(given).json()

    assert AdviceOut.model_validate(told).model_dump() == told


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({}, "service_kind_missing", "service"),
        ({"occupation": "cashir"}, "occupation_unknown", "occupation"),
        ({"service": "encounter", "cues": ["hurrid"]}, "cue_unknown", "cues"),
        ({"service": "encounter", "cues": {"hurried": 2}}, "cue_count_out_of_range", "cues.hurried"),
        ({"service": "encounter", "cues": ["hurried", "browsing"]}, "cues_contradict", "cues"),
    ],
)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_what_does_not_fit_is_told_with_its_field(ask, given, code, field, language):
    answer = ask(given, language=language)

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = answer.json()["errors"][0]
    assert (found["code"], found["field"]) == (code, field)
    assert found["detail"]


def test_an_edition_that_is_not_in_force_is_named(ask, edition):
    answer = ask({"service": "encounter", "edition": "kiosk"})

    assert answer.status_code == 409
    assert "salon@1" in answer.json()["detail"]


def test_a_record_comes_in_once_and_without_the_person(ask, cast, rynek):
    given = HURRIED | {"record": True, "uid": "a-till-made-this-1", "moves": ["cue:hurried"]}

    assert [ask(given).json()["recorded"] for _ in range(3)] == ["a-till-made-this-1"] * 3
    row = Advised.objects.get()
    assert (row.person, row.place, row.band, row.moves) == (None, rynek, "discreet", ["cue:hurried"])
    assert row.cues == {"hurried": 1, "known": 3, "queue": 5}


@pytest.mark.parametrize(("keep", "rows", "known"), [("nothing", 0, False), ("with_person", 1, True)])
def test_only_what_the_company_chose_is_kept(ask, cast, keep, rows, known):
    Keeping.objects.create(keep=keep)

    ask(HURRIED | {"record": True})

    assert Advised.objects.count() == rows
    assert Advised.objects.filter(person=cast.darek.person).exists() is known


@pytest.fixture
def joanna(cast):
    customer = add_customer(by=cast.darek, details=Details("Joanna", email="joanna@kruk.example"))
    number_customer(by=cast.darek, customer=customer, system="till", value="K-17")
    return customer


def embittered(customer):
    told = {"service": "encounter", "cues": ["embittered"], "record": True}
    return told | {"customer": customer, "contact": "call-7"}


@pytest.mark.parametrize(
    ("keep", "agreed", "known"),
    [("without_person", True, False), ("with_person", False, False), ("with_person", True, True)],
)
def test_a_customer_s_state_is_kept_with_them_only_where_they_and_the_company_chose_it(
    ask, cast, joanna, keep, agreed, known
):
    Keeping.objects.create(keep=keep)
    if agreed:
        give_consent(by=cast.darek, customer=joanna, purpose="study")

    for called in (joanna.uid, "K-17", "Joanna@kruk.example"):
        ask(embittered(called))

    kept = set(Advised.objects.values_list("customer_key", "contact"))
    assert kept == {(joanna.key, "call-7") if known else ("", "")}
    assert Advised.objects.count() == 3


def test_a_name_that_no_customer_bears_is_not_kept(ask, joanna):
    Keeping.objects.create(keep="with_person")

    ask(embittered("Joanna Kruk, ul. Długa 7"))

    assert Advised.objects.values_list("customer_key", "contact").get() == ("", "")


@pytest.mark.parametrize("by", ["company", "customer", "nobody"])
def test_who_no_longer_agrees_is_forgotten_within_a_day(ask, cast, joanna, by):
    Keeping.objects.create(keep="with_person")
    give_consent(by=cast.darek, customer=joanna, purpose="study")
    ask(embittered("K-17"))
    if by == "company":
        Keeping.objects.update(keep="without_person")
    elif by == "customer":
        withdraw_consent(by=cast.darek, customer=joanna, purpose="study")

    clean_advice()

    gone = by != "nobody"
    kept = Advised.objects.values_list("customer_key", "contact").get()
    assert kept == (("", "") if gone else (joanna.key, "call-7"))


def test_who_may_not_ask_is_told_so(ask, cast):
    assert ask(HURRIED, user=cast.borys).status_code == 403
    assert ask(HURRIED, user=cast.darek, scopes=("own",)).status_code == 403


def test_the_rules_are_read_whole(calling, cast):
    answer = calling(cast.darek).get("/api/v1/situation-rules")

    assert answer.json()["id"] == "bundled"
    assert calling(cast.borys).get("/api/v1/situation-rules").status_code == 403


def test_advice_asks_the_database_no_more_than_twice(calling, cast, edition, django_assert_max_num_queries):
    client = calling(cast.darek)
    client.post("/api/v1/advice", HURRIED, content_type="application/json")  # asked for every few seconds

    with django_assert_max_num_queries(2):
        answer = client.post("/api/v1/advice", HURRIED, content_type="application/json")
    assert answer.status_code == 200


def test_words_are_read_only_where_the_company_lets_it_and_are_kept_nowhere(cast):
    messages = ["Dzień dobry, bardzo się spieszę"]
    assert cues_said(by=cast.darek, messages=messages, language="pl") == []
    Keeping.objects.create(read_words=True)
    cache.clear()

    found = cues_said(by=cast.darek, messages=messages, language="pl")

    assert [one.cue for one in found] == ["hurried"]
    assert "spieszę" in found[0].words
    assert not Advised.objects.exists()
    with pytest.raises(Refused):
        cues_said(by=cast.borys, messages=messages, language="pl")
