"""Conversations come into the archive, each contact once."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.archive.content import content_digests
from gracja.archive.layout import months_of
from gracja.engine.tables import CONVERSATIONS


def test_what_came_in_is_read_back_as_it_was(shop, call):
    rows = sorted((call(number) for number in range(50)), key=lambda row: row["contact"])

    assert shop.takes(*rows).new == 50
    assert shop.conversations() == rows


def test_the_same_file_twice_adds_nothing(shop, call):
    rows = [call(number) for number in range(50)]
    shop.takes(*rows)
    again = shop.takes(*rows, call(50))

    assert (again.new, again.known, again.changed) == (1, 50, 0)
    assert len(shop.conversations()) == 51


def test_a_changed_conversation_is_reported_and_the_old_one_stays(shop, call):
    shop.takes(call(1), call(2))
    again = shop.takes(call(1), call(2, place="Targ"))

    assert (again.new, again.known, again.changed) == (0, 1, 1)
    assert shop.changed == ["call 2"]
    assert [row["place"] for row in shop.conversations()] == ["Rynek", "Rynek"]


def test_asked_to_replace_the_new_conversation_stands_and_the_old_observations_go(full, call):
    before = len(full.observations())
    again = full.takes(call(1), call(2, place="Targ"), call(60), replace=True)

    assert (again.new, again.known, again.replaced) == (1, 1, 1)
    assert {row["contact"]: row["place"] for row in full.conversations()}["call 2"] == "Targ"
    assert len(full.conversations()) == 61
    assert len(full.observations()) == before - 2
    assert "call 2" not in {row["contact"] for row in full.observations()}
    assert full.scores().conversations == 2


def test_a_conversation_that_changes_twice_in_one_run_ends_as_it_came_last(shop, call, rows):
    from gracja.archive.imports import import_conversations

    shop.takes(call(1))
    tables = [rows(call(1, place="Targ")), rows(call(1, place="Plac"))]
    done = import_conversations(shop.archive, tables, on_changed=shop.changed.append, replace=True)

    assert (done.new, done.replaced) == (0, 2)
    assert [row["place"] for row in shop.conversations()] == ["Plac"]


def test_a_replaced_conversation_may_move_to_another_month(shop, call):
    shop.takes(call(1))
    shop.takes(call(1, started_at=datetime(2026, 12, 1, tzinfo=UTC)), replace=True)

    assert shop.conversations("2026-09") == []
    assert len(shop.conversations("2026-12")) == 1


def test_conversations_lie_by_the_utc_month_of_their_start_or_first_timed_turn(shop, call, said):
    late = datetime.fromisoformat("2026-11-01T00:30:00+01:00")  # still October by UTC
    turns = [said("system", "queued"), said("agent", "Hello", at=datetime(2026, 12, 31, 23, 59, tzinfo=UTC))]
    shop.takes(
        call(1, started_at=late),
        call(2, started_at=None, turns=turns),
        call(3, started_at=None),
        call(4, started_at=None, turns=[]),
    )
    contacts = {
        month: [row["contact"] for row in shop.conversations(month)]
        for month in ("2026-10", "2026-11", "2026-12", "unknown")
    }

    assert contacts == {
        "2026-10": ["call 1"],
        "2026-11": [],
        "2026-12": ["call 2"],
        "unknown": ["call 3", "call 4"],
    }


texts = st.text(alphabet=st.sampled_from("aą\x000:-🙂"), max_size=3)
times = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(  # noqa: DTZ001  made UTC next
    lambda at: at.replace(tzinfo=UTC)
)
turns = st.fixed_dictionaries(
    {
        "speaker": st.sampled_from(["agent", "customer"]),
        "employee": st.none() | texts,
        "text": texts,
        "event": st.none() | texts,
        "at": times,
    }
)
conversations = st.fixed_dictionaries(
    {
        "contact": texts,
        "employee": st.none() | texts,
        "customer": st.none() | texts,
        "place": st.none() | texts,
        "channel": st.just("chat"),
        "language": st.none() | texts,
        "started_at": times,
        "complete": st.booleans(),
        "turns": st.lists(turns, max_size=3),
    }
)


@given(st.lists(conversations, min_size=1, max_size=6))
def test_two_conversations_have_one_digest_exactly_if_they_say_the_same(given_rows):
    digests = content_digests(pa.Table.from_pylist(given_rows, schema=CONVERSATIONS)).to_pylist()

    for one, digest in zip(given_rows, digests, strict=True):
        for other, its in zip(given_rows, digests, strict=True):
            assert (one == other) == (digest == its)


@given(st.lists(conversations, min_size=2, max_size=6), st.data())
def test_digest_and_month_do_not_depend_on_how_the_rows_lie_in_memory(given_rows, data):
    cut = data.draw(st.integers(1, len(given_rows) - 1))
    table = pa.Table.from_pylist(given_rows, schema=CONVERSATIONS)
    chunked = pa.concat_tables([table.slice(0, cut), table.slice(cut)])

    for measured in (content_digests, months_of):
        whole = measured(table).to_pylist()
        assert measured(chunked).to_pylist() == whole
        assert measured(table.slice(cut)).to_pylist() == whole[cut:]


def test_the_digest_of_today_is_that_of_tomorrow(call, rows):
    assert content_digests(rows(call(1), call(7))).to_pylist() == PINNED


PINNED = [3678032476210707728, -3807179016901305695]


@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_how_many_are_committed_at_once_changes_nothing(shop, call, at_once):
    shop.takes(*(call(number) for number in range(30)), at_once=at_once)

    assert len(shop.conversations()) == 30
