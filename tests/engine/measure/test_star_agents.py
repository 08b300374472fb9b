"""On real conversations: what has no signal of the agent ranks nobody."""

from __future__ import annotations

import gzip
import json

import pytest

from gracja.engine.measure import measure

pytestmark = pytest.mark.real_data


def test_customers_word_of_a_calm_agent_has_no_agent_signal_and_ranks_nobody(
    data_folder, edition, observations, rows
):
    """The published split-half correlation of this question over agents is .043: there is nothing to rank."""
    with gzip.open(data_folder / "open" / "star_dialogues.jsonl.gz", "rt", encoding="utf-8") as lines:
        conversations = [json.loads(line) for line in lines]
    marks = [
        {
            "contact": c["id"],
            "employee": c["agent_id"],
            "standard": "calm",
            "value": float(c["labels"]["calm_and_helpful"]),
        }
        for c in conversations
        if c.get("agent_id") and c["labels"].get("calm_and_helpful") is not None
    ]
    people = rows("employee", measure(observations(marks), edition([{"standard": "calm"}])))
    ranked = [row for row in people.values() if row["tier"] is not None]

    assert len(ranked) > 30
    assert {row["tier"] for row in ranked} == {1}
    assert {(row["rank_low"], row["rank_high"]) for row in ranked} == {(1, len(ranked))}
