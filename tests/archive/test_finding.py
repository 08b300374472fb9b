from __future__ import annotations

from datetime import UTC, datetime

from gracja.archive.find import find_conversations, observations_of


def test_a_conversation_is_found_by_its_contact_with_the_month_under_which_it_lies(full):
    found = find_conversations(full.archive, ["call 8", "call 7", "call 999"])

    assert set(found) == {"call 7", "call 8"}
    assert (found["call 7"].month, found["call 8"].month) == ("unknown", "2026-09")
    assert found["call 8"].row["turns"][1]["text"] == "My order number 8, please"
    assert found["call 8"].row["started_at"] == datetime(2026, 9, 3, 9, tzinfo=UTC)


def test_only_the_months_that_are_asked_for_are_looked_into(full):
    assert not find_conversations(full.archive, ["call 8"], months=["2026-10", "unknown"])


def test_observations_of_one_contact_say_which_edition_they_are_of(full):
    found = observations_of(full.archive, "call 8", "2026-09")

    assert {(row["contact"], row["standard"]) for row in found} == {("call 8", "greet"), ("call 8", "thank")}
    assert {"edition_digest", "scored_by", "evidence"} <= found[0].keys()
    assert not observations_of(full.archive, "call 8", "2026-10")
