"""What a customer's own words say of their state: said, unsaid or left open, with the words that prove it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.dial.read import bundled_rules
from gracja.engine.errors import EngineInputError
from gracja.engine.state import CUES, STATES, State, read_states, states_so_far
from gracja.engine.tables import CONVERSATIONS


def talk(*turns: tuple[str, str], language: str | None = "en", contact: str = "c1") -> dict[str, Any]:
    return {
        "contact": contact,
        "channel": "chat",
        "language": language,
        "complete": True,
        "turns": [{"speaker": who, "text": text} for who, text in turns],
    }


def rows_of(*talks: dict[str, Any], **how: Any) -> dict[tuple[str, str], dict[str, Any]]:
    table = read_states(pa.Table.from_pylist(list(talks), schema=CONVERSATIONS), **how)
    return {(row["contact"], row["state"]): row for row in table.to_pylist()}


def status(state: str, *turns: tuple[str, str], language: str | None = "en", **how: Any) -> str:
    found = rows_of(talk(*turns, language=language), **how)
    return str(found["c1", state]["status"])


def customer(*texts: str) -> list[tuple[str, str]]:
    return [("customer", text) for text in texts]


def test_every_state_is_a_cue_of_the_dial_and_every_contact_has_each_once():
    known = {cue.cue for cue in bundled_rules().cues}
    table = read_states(
        pa.Table.from_pylist([talk(contact="a"), talk(*customer("Hello"), contact="b")], schema=CONVERSATIONS)
    )

    assert set(CUES) <= known
    assert table.schema.equals(STATES)
    assert table["contact"].to_pylist() == ["a"] * len(CUES) + ["b"] * len(CUES)
    assert table["state"].to_pylist() == [*CUES, *CUES]


def test_a_hurried_customer_is_heard_with_the_very_words_and_the_turn():
    turns = (("agent", "Dzień dobry!"), ("customer", "Hej 👋 spieszę się, mam pociąg."))
    row = rows_of(talk(*turns, language="pl"))["c1", "hurried"]

    place = row["evidence"][0]
    assert (row["status"], row["since"], place["turn"]) == ("said", 1, 1)
    assert turns[1][1][place["start"] : place["end"]] == "spieszę się"


def test_only_the_customers_words_count():
    assert status("hurried", ("agent", "I'm in a hurry, please be quick"), ("customer", "Hello")) != "said"


def test_a_state_that_the_customer_takes_back_is_no_longer_said():
    assert (
        status("hurried", *customer("Spieszę się!", "A jednak mi się nie spieszy."), language="pl")
        == "unsaid"
    )
    assert (
        status("hurried", *customer("Nie spieszy mi się.", "Teraz jednak się spieszę!"), language="pl")
        == "said"
    )


def test_of_two_contradicting_states_the_one_said_later_holds():
    first, then = "Proszę dać mi spokój.", "Albo nie: co by pani poleciła?"
    both = customer(first, then)
    turned = customer(then, first)

    assert status("asks_advice", *both, language="pl") == "said"
    assert status("left_alone", *both, language="pl") == "unsaid"
    assert status("asks_advice", *turned, language="pl") == "unsaid"
    assert status("left_alone", *turned, language="pl") == "said"


def test_a_company_may_let_the_two_stand_together():
    both = customer("Proszę dać mi spokój.", "Co by pani poleciła?")

    assert status("left_alone", *both, language="pl", exclude=[]) == "said"


def test_without_hindsight_nothing_behind_the_employees_first_act_is_read():
    turns = (("customer", "Dzień dobry"), ("agent", "Pięknie dziś!"), ("customer", "Spieszę się."))

    assert status("hurried", *turns, language="pl", until_turn=[1]) == "unsaid"
    assert status("hurried", *turns, language="pl", until_turn=[3]) == "said"
    assert status("hurried", *turns, language="pl", until_turn=[0]) == "abstained"


def test_until_turn_must_name_each_conversation():
    with pytest.raises(EngineInputError) as refused:
        rows_of(talk(*customer("Hello")), until_turn=[1, 2])

    assert refused.value.code == "shape_mismatch"


@pytest.mark.parametrize("language", ["de", "uk", None])
def test_in_a_language_that_is_not_read_everything_is_left_open(language):
    found = rows_of(talk(*customer("Ich habe es eilig! I'm in a hurry"), language=language))

    assert {row["status"] for row in found.values()} == {"abstained"}
    assert all(row["evidence"] == [] and row["probability"] is None for row in found.values())


def test_a_customer_who_wrote_nothing_is_not_known():
    found = rows_of(talk(("agent", "Hello?")))

    assert {row["status"] for row in found.values()} == {"abstained"}


def test_a_hint_alone_decides_nothing():
    assert status("asks_advice", *customer("Zastanawiam się."), language="pl") == "abstained"


def test_polish_has_no_probability_because_nothing_was_learned_in_it():
    found = rows_of(talk(*customer("Spieszę się!"), language="pl_PL"))

    assert found["c1", "hurried"]["status"] == "said"
    assert all(row["probability"] is None for row in found.values())


def test_english_has_a_probability_for_what_was_learned():
    found = rows_of(talk(*customer("Hello, I want to reserve a flight.", "This is ridiculous!")))

    known = {state for (_, state), row in found.items() if row["probability"] is not None}
    assert known == {"hurried", "talkative", "embittered"}
    assert all(0 < found["c1", state]["probability"] < 1 for state in known)


def test_an_annoyed_customer_is_more_likely_embittered_than_a_calm_one():
    found = rows_of(
        talk(*customer("Hello", "Are you even listening? I told you twice! Useless."), contact="a"),
        talk(*customer("Hello", "Thank you so much, that was very kind."), contact="b"),
    )

    assert found["a", "embittered"]["probability"] > 2 * found["b", "embittered"]["probability"]


def test_each_contact_is_read_as_if_it_were_alone():
    talks = [
        talk(*customer("Please hurry, my taxi is waiting outside."), contact="a"),
        talk(*customer("Hello", "How's your day going?", "Do you want to hear a joke?"), contact="b"),
        talk(contact="c"),
        talk(*customer("Nie jestem zły."), language="pl", contact="d"),
    ]
    together = rows_of(*talks)

    for one in talks:
        assert rows_of(one) == {key: row for key, row in together.items() if key[0] == one["contact"]}


def test_the_live_case_gives_the_same_as_the_batch():
    turns = [
        ("customer", "Hello"),
        ("agent", "Hi"),
        ("customer", "I'm in a hurry, which one do you recommend?"),
    ]
    batch = rows_of(talk(*turns))
    live = states_so_far([{"speaker": who, "text": text} for who, text in turns], "en")

    assert all(isinstance(one, State) for one in live)
    assert [(one.state, one.status, one.since) for one in live] == [
        (row["state"], row["status"], row["since"]) for row in batch.values()
    ]


def test_an_empty_table_gives_an_empty_one():
    assert read_states(CONVERSATIONS.empty_table()).equals(STATES.empty_table())


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["customer", "agent", "bot"]),
            st.lists(
                st.sampled_from(["nie", "spieszę się", "zły", "hurry", "no", "joke", "🙂", "é", "?"]),
                max_size=6,
            ).map(" ".join),
        ),
        max_size=5,
    ),
    st.sampled_from(["pl", "en", "de", None]),
)
def test_evidence_always_lies_inside_the_customers_turns(turns, language):
    for row in rows_of(talk(*turns, language=language)).values():
        assert row["status"] != "said" or row["evidence"]
        assert (row["since"] is not None) == (row["status"] == "said")
        for place in row["evidence"]:
            who, text = turns[place["turn"]]
            assert who == "customer"
            assert 0 <= place["start"] < place["end"] <= len(text)
