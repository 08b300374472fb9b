"""A detector is tried on the company's own conversations: counts, hits, near misses, misses, and whose."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from gracja.app.contacts.selectors.trying import missed, try_standard, try_words
from gracja.app.contacts.selectors.trying.narrow import alone
from gracja.archive.imports import import_conversations
from gracja.engine.edition.read import check_edition
from gracja.engine.tables import CONVERSATIONS

from .conftest import conversation, turn


def edition_with(detect, channels=("phone", "chat"), **more):
    standard = {
        "standard": "offer_help",
        "behaviour": {"pl": "Pyta: „W czym mogę pomóc?”"},
        "channels": list(channels),
        "detect": detect,
    }
    part = {
        "part": "welcome",
        "title": {"pl": "Powitanie"},
        "enhancers": [{"enhancer": "noticed", "title": {"pl": "Zauważony"}, "standards": [standard]}],
    }
    return check_edition(
        {
            "gracja": 1,
            "id": "salon",
            "version": 1,
            "title": {"pl": "Salon"},
            "service": {"kind": "encounter"},
            "sequence": [part],
            **more,
        }
    )


HELP = edition_with({"agent_says": {"pl": ["w czym {0..2} pomóc"]}})


def more(archive, *rows):
    import_conversations(
        archive, [pa.Table.from_pylist(list(rows), schema=CONVERSATIONS)], on_changed=lambda _: None
    )


def asks(contact, text):
    return conversation(
        contact, turns=[turn("agent", text), turn("customer", "Chcę umówić strzyżenie.")], language="pl"
    )


def marked(shown):
    return [text for line in shown.lines for text, evidence in line.pieces if evidence]


def test_conversations_are_counted_by_what_became_of_the_standard(cast, talks):
    trial = try_standard(by=cast.filip, edition=HELP, standard="offer_help")

    assert (trial.conversations, trial.due, trial.met, trial.missed) == (5, 5, 4, 1)
    assert trial.turns == 14
    assert trial.seconds > 0
    assert trial.turns_per_second > 0


def test_another_channel_is_not_applicable(cast, talks):
    only_chat = edition_with({"agent_says": {"pl": ["w czym {0..2} pomóc"]}}, channels=["chat"])

    trial = try_standard(by=cast.filip, edition=only_chat, standard="offer_help")

    assert (trial.due, trial.not_applicable) == (1, 4)


def test_hits_stand_in_their_place_with_the_words_marked(cast, talks):
    trial = try_standard(by=cast.filip, edition=HELP, standard="offer_help")

    hit = trial.hits[0]
    assert marked(hit) == ["w czym mogę pomóc"]
    assert (hit.place, hit.channel) == ("Rynek", "chat")


def test_what_resembles_is_a_near_miss_with_the_phrase_that_would_catch_it(cast, talks):
    more(talks, asks("near", "Dzień dobry. W czym można dopomóc?"), asks("far", "Halo, słucham pana."))

    trial = try_standard(by=cast.filip, edition=HELP, standard="offer_help")

    (near,) = trial.near
    assert near.shown.contact == "near"
    assert (near.kind, near.language, trial.near_count) == ("agent_says", "pl", 1)
    assert near.phrase == " ".join(marked(near.shown)).lower()
    wider = edition_with({"agent_says": {"pl": ["w czym {0..2} pomóc", near.phrase]}})
    assert try_standard(by=cast.filip, edition=wider, standard="offer_help").met == trial.met + 1


def test_a_phrase_said_too_late_is_no_near_miss(cast, talks):
    early = edition_with({"agent_says": {"pl": ["w czwartek"]}, "where": {"first": 1, "of": "agent"}})

    trial = try_standard(by=cast.filip, edition=early, standard="offer_help")

    assert trial.met == 0
    assert trial.near == ()


def test_misses_show_where_it_should_have_been(cast, talks):
    (shown,) = missed(by=cast.filip, edition=HELP, standard="offer_help")

    assert shown.contact == "galeria/2?#"
    assert [line.speaker for line in shown.lines] == ["agent", "agent"]


def test_a_second_try_comes_from_memory_until_the_archive_changes(cast, talks):
    first = try_standard(by=cast.filip, edition=HELP, standard="offer_help")

    assert try_standard(by=cast.filip, edition=HELP, standard="offer_help") is first
    more(talks, asks("new", "Halo, słucham."))
    assert try_standard(by=cast.filip, edition=HELP, standard="offer_help").conversations == 6


def test_only_the_newest_are_read(cast, talks, monkeypatch):
    monkeypatch.setattr("gracja.app.contacts.selectors.trying.sample.MOST", 2)
    more(talks, conversation("another", started_at=datetime(2026, 9, 9, tzinfo=UTC)))

    trial = try_standard(by=cast.filip, edition=HELP, standard="offer_help")

    assert (trial.conversations, trial.all_there) == (2, 6)
    assert trial.oldest == datetime(2026, 11, 2, 9, tzinfo=UTC)


def test_a_place_lead_tries_on_the_own_places_conversations(cast, talks):
    trial = try_standard(by=cast.celina, edition=HELP, standard="offer_help")

    assert trial.conversations == 2
    assert {hit.contact for hit in trial.hits} == {"galeria 1"}
    assert {one.contact for one in missed(by=cast.celina, edition=HELP, standard="offer_help")} == {
        "galeria/2?#"
    }


def test_nobody_without_the_permission_sees_a_conversation(cast, talks):
    assert try_standard(by=cast.darek, edition=HELP, standard="offer_help") is None
    assert missed(by=cast.darek, edition=HELP, standard="offer_help") == ()


@pytest.mark.usefixtures("company")
def test_without_an_archive_there_is_nothing_to_try_on(cast):
    assert try_standard(by=cast.filip, edition=HELP, standard="offer_help") is None


@pytest.mark.parametrize(
    ("text", "verdict", "words"),
    [
        ("Dzień dobry, w czym pomóc?", "met", ["w czym pomóc"]),
        ("Klient: W czym pomóc?\nPracownik: Słucham.", "missed", []),
    ],
)
def test_words_typed_by_hand_are_tried_too(text, verdict, words):
    told, lines = try_words(edition=HELP, standard="offer_help", text=text, language="pl")

    assert told == verdict
    assert [piece for line in lines for piece, evidence in line.pieces if evidence] == words


def test_what_the_detector_refers_to_comes_along():
    edition = edition_with(
        {"agent_says": ["proszę"], "after": "asked"},
        signals={"asked": {"customer_says": ["czy"]}, "other": {"customer_says": ["nie"]}},
    )

    assert set(alone(edition, "offer_help").signals) == {"asked"}
