"""From an abstained row to a mark with evidence, through a real endpoint."""

from __future__ import annotations

import pytest

from gracja.engine.detect import detect
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import OBSERVATIONS
from gracja.judge.fill import Open, detector_of

from .conftest import EDITION, answer, completion, table, talk

BILL = ("c: What is this on my bill?", "a: It is the fee for \n delivery, as you asked.", "c: Thanks")


def test_a_yes_with_its_quote_becomes_a_mark_with_evidence(stub, run):
    stub.will(completion(answer("yes", (1, "the fee for delivery"))))
    row = run()(talk(*BILL))["explains"]

    assert (row["status"], row["value"], row["detector"]) == ("marked", 1.0, "judge:m-1@1")
    assert (row["source"], row["employee"], row["place"], row["probability"]) == (
        "automatic",
        "anna",
        "Rynek",
        None,
    )
    (span,) = row["evidence"]
    assert BILL[1][3:][span["start"] : span["end"]] == "the fee for \n delivery"


def test_what_the_model_is_asked_is_one_question_in_the_conversations_language(stub, run):
    run(language=None)(talk("c: Co to?", "a: Opłata.", language="pl"))
    run()(talk("c: Was ist das?", "a: Die Gebühr.", language="de", contact="c9"))

    assert [asked["question"] for asked in stub.asked] == [
        "Czy pracownik wyjaśnia rachunek?",
        "Does the agent explain the bill?",
    ]
    assert [turn["speaker"] for turn in stub.asked[0]["turns"]] == ["customer", "agent"]
    assert set(stub.paths) == {"/v1/chat/completions"}


def test_a_no_is_a_zero_of_the_one_agent_who_spoke(stub, run):
    stub.will(completion(answer("no")))
    row = run()(talk(*BILL))["explains"]
    assert (row["status"], row["value"], row["employee"], row["evidence"]) == ("marked", 0.0, "anna", [])


def test_a_no_in_a_conversation_cut_off_is_not_seen(stub, run):
    stub.will(completion(answer("no")))
    job = run()
    assert job(talk(*BILL, complete=False))["explains"]["status"] == "not_seen"
    assert job.filled.left["not_seen"] == 1


def test_the_mark_belongs_to_who_spoke_the_words_and_to_their_segment(stub, run):
    stub.will(completion(answer("yes", (3, "a fee"))))
    two = talk("a: Hello", "c: I am in a hurry", "c: What is this?", "a: It is a fee")
    two["turns"][3]["employee"] = "jan"
    row = run()(two)["explains"]
    assert (row["employee"], row["segment"]) == ("jan", 1)


def test_only_abstained_rows_of_questions_change_and_the_order_stays(stub, run, edition):
    stub.will(completion(answer("yes", (1, "fee"))))
    conversations = table(
        talk(*BILL), talk(*BILL, contact="c2"), talk("a: hello", contact="c3", channel="phone")
    )
    before = detect(conversations, edition)
    job = run()
    job(*conversations.to_pylist())
    after = job.filled.table()

    assert after.schema == OBSERVATIONS
    assert before["contact"].to_pylist() == after["contact"].to_pylist()
    assert before["standard"].to_pylist() == after["standard"].to_pylist()
    changed = [
        (a["contact"], a["standard"])
        for a, b in zip(before.to_pylist(), after.to_pylist(), strict=True)
        if a != b
    ]
    assert changed == [("c1", "explains"), ("c2", "explains")]
    assert len(stub.requests) == 1  # the second conversation is the same, so it is answered from the cache


def test_where_the_situation_does_not_apply_nothing_is_asked(stub, run):
    row = run()(talk(*BILL))["soothes"]
    assert row["status"] == "not_applicable"
    assert len(stub.requests) == 1


def test_where_it_cannot_be_said_whether_it_applies_nothing_is_asked(stub, run):
    stub.will(completion(answer("no")))
    job = run()
    row = job(talk("c: kaputt", "a: Hello", language="de"))["soothes"]

    assert row["status"] == "abstained"
    assert job.filled.left == {"applies_unknown": 1}
    assert len(stub.requests) == 1


def test_the_situation_is_asked_about_where_it_applies(stub, run):
    stub.will(completion(answer("yes", (1, "my mistake"))))
    rows = run()(talk("c: It is broken", "a: That was my mistake"))
    assert rows["soothes"]["value"] == 1.0


def test_a_row_whose_conversation_is_not_there_stays_abstained_and_is_counted(stub, edition, run, tmp_path):
    from gracja.judge.budget import Budget
    from gracja.judge.cache import Cache
    from gracja.judge.endpoint import Endpoint
    from gracja.judge.fill import Filling
    from gracja.judge.session import Session

    observations = detect(table(talk(*BILL), talk(*BILL, contact="c2")), edition)
    with Cache(tmp_path / "c") as cache, Endpoint(stub.address, "m-1") as endpoint:
        filled = Filling(Open(observations, edition)).fill(
            [table(talk(*BILL))], Session(endpoint, cache, Budget())
        )
    assert filled.left == {"cannot_tell": 1, "conversation_missing": 1}
    assert filled.table().num_rows == observations.num_rows


def test_without_permission_or_questions_or_with_another_edition_it_is_refused(edition):
    observations = detect(table(talk(*BILL)), edition)
    asked = EDITION.replace("ADDRESS", "http://localhost/v1")
    other = read_edition(asked.replace("version: 1", "version: 2")).edition
    quiet = edition.model_copy(update={"language_model": None})
    start = asked.index("          - standard: explains")
    dumb = read_edition(asked[:start]).edition

    codes = []
    for one in (quiet, dumb, other):
        with pytest.raises(EngineInputError) as refused:
            Open(observations, one)
        codes.append(refused.value.code)
    assert codes == ["judge_not_permitted", "judge_without_questions", "edition_does_not_match"]


def test_a_judge_is_named_by_its_model_and_its_prompt():
    assert detector_of("m-1") == "judge:m-1@1"
