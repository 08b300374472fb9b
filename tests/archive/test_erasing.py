"""A person leaves the archive, and no file holds their id any more."""

from __future__ import annotations

import hashlib

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from gracja.archive.erase import erase, traces
from gracja.archive.people import BLOCK, Person
from gracja.archive.proof import scan
from gracja.archive.tidy import tidy
from gracja.engine.errors import EngineInputError


def everything_in(folder):
    """All bytes of the folder, each Parquet column unpacked: read in another way than the proof reads."""
    found = []
    for path in folder.rglob("*"):
        found.append(str(path.relative_to(folder)).encode())
        if path.is_file():
            found.append(path.read_bytes())
        if path.suffix == ".parquet":
            found.append(repr(pq.read_table(path, partitioning=None).to_pylist()).encode())
    return b"\n".join(found)


def state_of(folder):
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()
    }


def test_a_customer_goes_with_all_conversations_and_their_observations(full):
    person = Person("customer", "customer-003")
    theirs = {row["contact"] for row in full.conversations() if row["customer"] == "customer-003"}
    kept = [row for row in full.observations() if row["contact"] not in theirs]
    assert b"customer-003" in everything_in(full.folder)

    found, proof = erase(full.archive, person)

    assert (found.conversations, found.observations, found.texts) == (3, 6, 0)
    assert proof.places == []
    assert b"customer-003" not in everything_in(full.folder)
    assert len(full.conversations()) == 57
    assert full.observations() == kept
    assert full.scores().conversations == 0


def test_an_employees_marks_stay_without_the_employee(full):
    before = full.observations()
    found, proof = erase(full.archive, Person("employee", "Darek Wiśniewski"))

    stand_ins = {row["employee"] for row in full.observations()} - {"Ola"}
    assert (found.conversations, found.observations) == (30, 60)
    assert proof.places == []
    everything = everything_in(full.folder)
    assert "Darek Wiśniewski".encode() not in everything
    assert b"Wi\\u015bniewski" not in everything
    assert len(stand_ins) == 1
    assert {row["employee"] for row in full.conversations()} == {"Ola", *stand_ins}
    assert [row["value"] for row in full.observations()] == [row["value"] for row in before]


def test_an_employee_who_only_spoke_in_a_turn_is_found(shop, call, said):
    shop.takes(call(1, employee="Ola", turns=[said("agent", "Good morning", employee="Darek Wiśniewski")]))
    found, proof = erase(shop.archive, Person("employee", "Darek Wiśniewski"))

    assert found.conversations == 1
    assert proof.places == []
    assert shop.conversations()[0]["employee"] == "Ola"


def test_the_id_in_a_text_is_masked_and_evidence_still_points(shop, call, said):
    text = "Darek Wiśniewski: good morning 🙂, darek wiśniewski here; Darek Wiśniewskiego"
    shop.takes(call(1, turns=[said("agent", text)]))
    shop.scores()
    evidence = shop.observations()[0]["evidence"]
    found, proof = erase(shop.archive, Person("employee", "Darek Wiśniewski"))

    masked = shop.conversations()[0]["turns"][0]["text"]
    block = BLOCK * len("Darek Wiśniewski")
    assert found.texts == 1
    assert masked == f"{block}: good morning 🙂, {block} here; Darek Wiśniewskiego"
    assert masked[evidence[0]["start"] : evidence[0]["end"]] == "good morning"
    assert [place.column for place in proof.places] == ["turns.list.element.text"], "another word holds it"


def test_the_id_in_an_event_is_masked(shop, call, said):
    turns = [said("agent", "Good morning"), said("agent", "", event="transfer to Darek Wiśniewski")]
    shop.takes(call(1, turns=turns), call(2))
    found, proof = erase(shop.archive, Person("employee", "Darek Wiśniewski"))

    events = [turn["event"] for turn in shop.conversations()[0]["turns"]]
    assert (found.texts, proof.places) == (1, [])
    assert events == [None, "transfer to " + BLOCK * len("Darek Wiśniewski")]


def test_a_short_id_is_not_masked_in_texts_and_the_proof_says_where_it_stands(shop, call):
    shop.takes(call(1, customer="17"), call(17, customer="18"))
    found, proof = erase(shop.archive, Person("customer", "17"))

    assert (found.conversations, found.texts) == (1, 0)
    assert [row["contact"] for row in shop.conversations()] == ["call 17"]
    assert "turns.list.element.text" in {place.column for place in proof.places}


def test_counting_changes_nothing(full):
    before = state_of(full.folder)
    found = traces(full.archive, Person("customer", "customer-003"))

    assert (found.conversations, found.observations) == (3, 6)
    assert state_of(full.folder) == before


def test_erasing_the_last_conversation_leaves_an_archive_that_works(shop, call):
    shop.takes(call(1))
    shop.scores()
    erase(shop.archive, Person("customer", "customer-001"))

    assert shop.conversations() == shop.observations() == []
    assert shop.takes(call(1)).new == 1


def test_erasing_somebody_who_is_not_there_is_harmless(full):
    found, proof = erase(full.archive, Person("customer", "customer-999"))

    assert (found.conversations, found.observations, found.texts) == (0, 0, 0)
    assert proof.files > 0
    assert len(full.conversations()) == 60


def test_an_erased_employee_does_not_come_back_with_the_same_file(full, call):
    erase(full.archive, Person("employee", "Darek Wiśniewski"))
    again = full.takes(*(call(number) for number in range(60)))

    assert (again.known, again.new, again.changed) == (60, 0, 0)


def test_what_was_erased_is_in_no_older_version_after_compaction_and_checkpoint(full, call):
    full.takes(*(call(number) for number in range(60, 200)), at_once=5)
    full.scores(at_once=5)
    tidy(full.archive, at_least=2)
    DeltaTable(full.folder / "conversations").create_checkpoint()
    erase(full.archive, Person("customer", "customer-003"))

    assert b"customer-003" not in everything_in(full.folder)


def test_the_proof_finds_what_another_program_wrote_into_the_log(full, rows, call):
    other = full.folder / "copy of another program"
    write_deltalake(other, rows(call(3)).drop_columns("turns"))
    proof = scan(full.folder, "customer-003")

    assert any("_delta_log" in place.file for place in proof.places if place.column is None)
    assert any(place.column == "customer" for place in proof.places)


def test_an_empty_id_is_refused(full):
    with pytest.raises(EngineInputError) as refused:
        erase(full.archive, Person("customer", " "))
    assert refused.value.code == "archive_id_empty"
