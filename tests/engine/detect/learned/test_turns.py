from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.tables import CONVERSATIONS

WORDS = {"a": "agent", "c": "customer", "s": "system", "b": "bot"}


def conversations(*scripts: list[dict[str, Any]]) -> pa.Table:
    rows = [
        {
            "contact": f"c{i}",
            "employee": "darek",
            "customer": f"k{i}",
            "channel": "chat",
            "complete": True,
            "turns": script,
        }
        for i, script in enumerate(scripts)
    ]
    return pa.Table.from_pylist(rows, schema=CONVERSATIONS)


def said(speaker: str, text: str, **more: str) -> dict[str, Any]:
    return {"speaker": WORDS[speaker], "text": text} | more


def test_a_turn_is_read_with_all_that_stands_around_it():
    turns = AgentTurns.of(
        conversations(
            [
                said("c", "hej"),
                said("c", "jest tam kto?"),
                said("a", "Dzień dobry"),
                said("c", "dwa bilety"),
                said("s", "", event="ride_book check"),
                said("a", "Czy mam zarezerwować?", employee="celina"),
                said("c", "tak"),
                said("c", "proszę"),
            ]
        )
    )
    assert turns.turn.tolist() == [2, 5]
    assert turns.text.to_pylist() == ["Dzień dobry", "Czy mam zarezerwować?"]
    assert turns.customer_before.to_pylist() == ["hej\njest tam kto?", "dwa bilety"]
    assert turns.customer_after.to_pylist() == ["dwa bilety", "tak\nproszę"]
    assert turns.agent_before.to_pylist() == ["", "Dzień dobry"]
    assert turns.agent_after.to_pylist() == ["Czy mam zarezerwować?", ""]
    assert turns.events_before.to_pylist() == ["", "ride_book check"]
    assert turns.events_after.to_pylist() == ["ride_book check", ""]
    assert (turns.from_start.tolist(), turns.from_end.tolist()) == ([0, 1], [1, 0])
    assert turns.employee.to_pylist() == ["darek", "celina"]
    assert turns.customer.to_pylist() == ["k0", "k0"]


def test_a_batch_without_agents_gives_no_turns():
    assert len(AgentTurns.of(conversations())) == 0
    assert len(AgentTurns.of(conversations([], [said("c", "hej")]))) == 0


def test_a_slice_of_a_table_is_read_as_its_own_rows():
    table = conversations([said("a", "raz")], [said("c", "hej"), said("a", "dwa")])
    assert AgentTurns.of(table.slice(1)).text.to_pylist() == ["dwa"]
    assert AgentTurns.of(table.slice(1).to_batches()[0]).customer_before.to_pylist() == ["hej"]


scripts = st.lists(
    st.lists(st.tuples(st.sampled_from("acsb"), st.sampled_from(["", "tak", "no\nnie", "ą😀"])), max_size=7),
    max_size=5,
)


@given(scripts)
def test_the_arrays_say_what_a_walk_through_each_conversation_says(drawn):
    table = conversations(*([said(who, text) for who, text in script] for script in drawn))
    turns = AgentTurns.of(table)
    rows = zip(
        turns.contact.tolist(),
        turns.turn.tolist(),
        turns.text.to_pylist(),
        turns.customer_before.to_pylist(),
        turns.customer_after.to_pylist(),
        turns.agent_before.to_pylist(),
        turns.agent_after.to_pylist(),
        turns.from_start.tolist(),
        turns.from_end.tolist(),
        strict=True,
    )
    assert list(rows) == [row for i, script in enumerate(drawn) for row in walked(i, script)]


def walked(contact: int, script: list[tuple[str, str]]) -> list[tuple[Any, ...]]:
    at = [i for i, (who, _) in enumerate(script) if who == "a"]
    ends = [-1, *at, len(script)]

    def customer(k: int) -> str:
        return "\n".join(text for who, text in script[ends[k] + 1 : ends[k + 1]] if who == "c")

    def agent(k: int) -> str:
        return script[at[k]][1] if 0 <= k < len(at) else ""

    return [
        (
            contact,
            i,
            script[i][1],
            customer(k),
            customer(k + 1),
            agent(k - 1),
            agent(k + 1),
            k,
            len(at) - 1 - k,
        )
        for k, i in enumerate(at)
    ]
