"""STAR end to end: 24 service flows, 5,333 chats, 110 agents. See convert.py for what goes in.

`--eval FOLDER`: another folder of the same form; its `dev`-like rows are all that it has, unless it has a
dev split. `--keep FOLDER`: leave the results and the report there to look at.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from checks import labels, score
from convert import conversation, dialogues
from figure import figure

from gracja.engine.edition.read import read_edition
from gracja.engine.measure import measure
from gracja.engine.tables import OBSERVATIONS

HERE = Path(__file__).parent
FEW = 5


def main() -> None:
    options = _options()
    data = options.eval or Path(os.environ.get("GRACJA_DATA", HERE.parents[2] / "shared" / "data"))
    read = list(dialogues(data))
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        _all_conversations(read, folder)
        judged = [d for d in read if d["split"] == "dev"] or read
        _checks(judged, folder)
        _agents(folder)
        _calm_and_helpful(read)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path)
    parser.add_argument("--keep", type=Path)
    return parser.parse_args()


def _all_conversations(read: list[dict[str, Any]], folder: Path) -> None:
    """`gracja run` on every conversation, as a user would: a process of its own, timed from outside."""
    source = folder / "star.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for dialogue in read:
            file.write(json.dumps(conversation(dialogue), ensure_ascii=False) + "\n")
    command = [sys.executable, "-m", "gracja", "run", str(source), "--edition", str(HERE / "edition.yaml")]
    started = time.perf_counter()
    done = subprocess.run(
        [*command, "--out", str(folder), "--lang", "en", "--format", "json"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds = time.perf_counter() - started
    said = json.loads(done.stdout)
    whole = len(read) > 5000
    figure("conversations in", said["conversations_in"])
    figure("conversations scored", said["scored"])
    figure("conversations rejected (no turns)", said["rejected"])
    for stage, spent in said["seconds"].items():
        figure(f"gracja run, {stage}", round(spent, 2), "s")
    figure("gracja run, whole process", round(seconds, 2), "s", "< 60 s", seconds < 60 if whole else None)
    figure(
        "gracja run, peak memory",
        round(said["peak_megabytes"]),
        "MB",
        "< 1500 MB",
        said["peak_megabytes"] < 1500,
    )


def _checks(judged: list[dict[str, Any]], folder: Path) -> None:
    """F1 of the six checks of a whole conversation, from phrases alone."""
    truth = {d["id"]: found for d in judged if (found := labels(d)) is not None}
    observations = pq.read_table(folder / "observations.parquet", columns=["contact", "standard", "value"])
    marks = {
        (row["contact"], row["standard"]): row["value"]
        for row in observations.to_pylist()
        if row["value"] is not None
    }
    published = {
        "greet": ".898/.952",
        "ask_name": ".954/.973",
        "offer_more_help": ".856/.936",
        "farewell": ".503/.972",
        "apologise_out_of_scope": ".588/.812",
        "confirm_before_acting": ".429/.853",
    }
    figure("conversations with labels", len(truth))
    scores = score(truth, marks)
    for one in scores:
        figure(f"F1 {one.check}", round(one.f1, 4), peer=f"regex/trained {published[one.check]}")
    mean = sum(one.f1 for one in scores) / len(scores)
    figure("mean F1 of the six checks", round(mean, 4), "", ">= 0.80", mean >= 0.80, peer="regex .705")


def _agents(folder: Path) -> None:
    """What the results say of the agents."""
    results = pq.read_table(folder / "results.parquet")
    agents = results.filter(pc.field("subject_kind") == "employee")
    few = pc.sum(pc.less(agents["contacts"], FEW)).as_py()
    unknown = agents.filter(pc.field("contacts") < FEW)
    figure("agents", agents.num_rows)
    figure("agents with under five contacts", few)
    ranked = unknown.num_rows - unknown["tier"].null_count + (unknown.num_rows - unknown["grade"].null_count)
    figure("... of them ranked or graded", ranked, "", "0", ranked == 0)
    compared, people, pairs, _ = told_apart(agents)
    figure("agents compared", compared)
    figure("... of them told apart from somebody", people)
    figure("pairs of agents told apart", pairs, f"of {compared * (compared - 1) // 2}")
    figure("groups that can be told apart", len(agents["tier"].drop_null().unique()))


def told_apart(agents: pa.Table) -> tuple[int, int, int, bool]:
    """How many are compared, how many of them can be told apart from anybody, and how many pairs can.

    Of n compared, rank_low is 1 + those surely better and rank_high n - those surely worse, so every pair
    told apart is counted once in each sum; the last answer is whether everybody's range is the whole one.
    """
    ranked = agents.filter(pc.is_valid(agents["rank_low"])).select(["rank_low", "rank_high"]).to_pylist()
    count = len(ranked)
    apart = [row for row in ranked if (row["rank_low"], row["rank_high"]) != (1, count)]
    return count, len(apart), sum(row["rank_low"] - 1 for row in ranked), not apart


def _calm_and_helpful(read: list[dict[str, Any]]) -> None:
    """A mark per contact that carries no stable signal of the agent: an honest system ranks nobody on it."""
    edition = read_edition((HERE / "calm_and_helpful.yaml").read_text(encoding="utf-8")).edition
    rows = [
        {
            "contact": d["id"],
            "segment": 0,
            "employee": d["agent_id"],
            "standard": "calm_and_helpful",
            "edition": edition.name,
            "source": "review",
            "status": "marked",
            "value": float(d["labels"]["calm_and_helpful"]),
            "evidence": [],
            "revision": 1,
        }
        for d in read
        if d["labels"]["calm_and_helpful"] is not None
    ]
    measured = measure(pa.Table.from_pylist(rows, schema=OBSERVATIONS), edition)
    agents = measured.results.filter(pc.field("subject_kind") == "employee")
    compared, people, pairs, nobody = told_apart(agents)
    figure("calm_and_helpful: marks", len(rows))
    figure("calm_and_helpful: agents compared", compared)
    figure("calm_and_helpful: pairs told apart", pairs)
    figure("calm_and_helpful: agents told apart from somebody", people, "", "0", nobody and compared > 0)


if __name__ == "__main__":
    main()
