"""`gracja learn` and `gracja score --detectors`: from marks to detectors to marks of all."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gracja.engine.detect.name import DETECTOR

GREETINGS = ("good morning", "welcome to us sir", "nice to see you")
OTHERS = ("two tickets please", "the train leaves at nine", "that is ten euro", "pay here")


@pytest.fixture
def files(tmp_path):
    """300 conversations, 200 of them marked by a person for `greet`."""
    random = np.random.default_rng(3)
    talks, marks = [], []
    for i in range(300):
        met = bool(random.integers(0, 2))
        texts = [OTHERS[k] for k in random.integers(0, len(OTHERS), 3)]
        if met:
            texts[0] = GREETINGS[random.integers(0, 3)]
        turns = [{"speaker": "agent", "text": text} for text in texts]
        talk = {"contact": f"c{i}", "employee": "darek", "customer": f"k{i}", "channel": "chat"}
        talks.append(talk | {"language": "en", "turns": turns})
        mark = {"contact": f"c{i}", "standard": "greet", "edition": "shop@1", "source": "review"}
        marks.append(mark | {"evaluator": "borys", "status": "marked", "value": float(met)})
    conversations, observations = tmp_path / "talks.jsonl", tmp_path / "marks.jsonl"
    conversations.write_text("\n".join(map(json.dumps, talks)), encoding="utf-8")
    observations.write_text("\n".join(map(json.dumps, marks[:200])), encoding="utf-8")
    return conversations, observations, [mark["value"] for mark in marks]


def test_what_people_marked_is_learned_and_then_marks_the_rest(gracja, files, edition, tmp_path):
    conversations, observations, met = files
    folder, out = tmp_path / "detectors", tmp_path / "all.parquet"

    learned = gracja(
        "learn", "-e", edition, "--conversations", conversations, "--observations", observations,
        "--out", folder, "--format", "json", "--lang", "en",
    )  # fmt: skip
    scored = gracja("score", conversations, "-e", edition, "-o", out, "--detectors", folder, "--lang", "en")

    assert (learned.code, scored.code) == (0, 0)
    assert "greet: learned from 200 marks" in learned.err
    assert "Without any mark: thank." in learned.err
    (one,) = learned.json["detectors"]
    assert (one["standard"], one["card"]["marks"], learned.json["unmarked"]) == ("greet", 200, ["thank"])
    rows = {row["contact"]: row for row in pq.read_table(out).to_pylist() if row["standard"] == "greet"}
    assert [rows[f"c{i}"]["value"] for i in range(200, 300)] == met[200:]
    assert {row["detector"] for row in rows.values()} == {one["detector"]}


def test_a_detector_cut_short_stops_the_scoring(gracja, files, edition, tmp_path):
    conversations, observations, _ = files
    folder, out = tmp_path / "detectors", tmp_path / "all.parquet"
    gracja(
        "learn", "-e", edition, "--conversations", conversations, "--observations", observations,
        "--out", folder,
    )  # fmt: skip
    path = folder / "greet.parquet"
    path.write_bytes(path.read_bytes()[:-100])

    done = gracja("score", conversations, "-e", edition, "-o", out, "--detectors", folder, "--lang", "en")

    assert done.code == 2
    assert "cut short" in done.err
    assert not out.exists()


def test_a_folder_without_detectors_is_said(gracja, files, edition, tmp_path):
    done = gracja(
        "score", files[0], "-e", edition, "-o", tmp_path / "o.parquet", "--detectors", tmp_path,
        "--lang", "pl",
    )  # fmt: skip
    assert done.code == 2
    assert "nie ma detektorów" in done.err


def test_marks_without_their_conversations_teach_nothing_and_are_said(gracja, files, edition, tmp_path):
    other = tmp_path / "other.jsonl"
    turns = [{"speaker": "agent", "text": "hello"}]
    other.write_text(json.dumps({"contact": "x", "channel": "chat", "turns": turns}), encoding="utf-8")
    done = gracja(
        "learn", "-e", edition, "--conversations", other, "--observations", files[1],
        "--out", tmp_path / "d", "--lang", "en",
    )  # fmt: skip
    assert done.code == 0
    assert "200 marked contacts have no conversation" in done.err


def test_the_whole_job_uses_detectors_too(gracja, files, edition, tmp_path):
    conversations, observations, _ = files
    folder, results = tmp_path / "detectors", tmp_path / "results"
    gracja(
        "learn", "-e", edition, "--conversations", conversations, "--observations", observations,
        "--out", folder, "--lang", "en",
    )  # fmt: skip

    done = gracja("run", conversations, "-e", edition, "-o", results, "--detectors", folder, "--lang", "en")

    assert done.code == 0
    greeted = [
        r for r in pq.read_table(results / "observations.parquet").to_pylist() if r["standard"] == "greet"
    ]
    assert all(row["detector"].startswith("learned:greet@1:") for row in greeted)


@pytest.mark.parametrize(
    ("ledger", "said"),
    [
        ("missing.parquet", "missing.parquet"),
        ("/dev/null", "broken or cut short"),
        ("broken.parquet", "broken or cut short"),
        ("other.parquet", "Columns are missing: stratum, random_inclusion"),
        ("text.parquet", "broken or cut short"),
    ],
)
def test_a_ledger_that_is_none_is_said(gracja, files, edition, tmp_path, ledger, said):
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")
    pq.write_table(pa.table({"contact": ["c1"], "seed": [1]}), tmp_path / "other.parquet")
    words = {"contact": ["c1"], "stratum": ["random"], "random_inclusion": ["often"], "seed": [1]}
    pq.write_table(pa.table(words), tmp_path / "text.parquet")

    done = gracja(
        "learn", "-e", edition, "--conversations", files[0], "--observations", files[1],
        "--ledger", tmp_path / ledger, "--out", tmp_path / "d", "--lang", "en",
    )  # fmt: skip

    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "d").exists()


def test_detectors_that_stay_from_an_earlier_learning_are_named(gracja, files, edition, tmp_path):
    conversations, observations, _ = files
    folder, alike = tmp_path / "detectors", tmp_path / "alike.jsonl"
    marks = map(json.loads, observations.read_text(encoding="utf-8").splitlines())
    alike.write_text("\n".join(json.dumps(one | {"value": 1.0}) for one in marks), encoding="utf-8")
    for given in (observations, alike):
        done = gracja(
            "learn", "-e", edition, "--conversations", conversations, "--observations", given,
            "--out", folder, "--format", "json", "--lang", "en",
        )  # fmt: skip

    assert (done.code, done.json["left_from_before"]) == (0, ["greet"])
    assert "not learned now" in done.err
    assert (folder / "greet.parquet").exists()


def test_a_detector_that_may_decide_nothing_leaves_its_standard_to_the_phrases(
    gracja, files, edition, tmp_path
):
    conversations, observations, _ = files
    few, folder, out = tmp_path / "few.jsonl", tmp_path / "detectors", tmp_path / "all.parquet"
    few.write_text("\n".join(observations.read_text().splitlines()[:30]), encoding="utf-8")

    learned = gracja(
        "learn", "-e", edition, "--conversations", conversations, "--observations", few,
        "--out", folder, "--lang", "en",
    )  # fmt: skip
    gracja("score", conversations, "-e", edition, "-o", out, "--detectors", folder, "--lang", "en")

    assert "until there are more marks phrases judge it" in learned.err
    rows = [row for row in pq.read_table(out).to_pylist() if row["standard"] == "greet"]
    assert {row["detector"] for row in rows} == {DETECTOR}


def test_an_archive_is_scored_with_detectors_beside_the_rows_of_the_phrases(gracja, files, edition, tmp_path):
    conversations, observations, _ = files
    folder, archive = tmp_path / "detectors", tmp_path / "archive"
    direct, stored = tmp_path / "direct.parquet", tmp_path / "stored.parquet"
    gracja(
        "learn", "-e", edition, "--conversations", conversations, "--observations", observations,
        "--out", folder,
    )  # fmt: skip
    gracja("score", conversations, "-e", edition, "-o", direct, "--detectors", folder)
    gracja("archive", "import", conversations, "--archive", archive)
    arguments = ("archive", "score", "-e", edition, "--archive", archive, "--format", "json")

    plain = gracja(*arguments).json
    learned = gracja(*arguments, "--detectors", folder).json
    again = gracja(*arguments, "--detectors", folder).json
    exported = gracja(
        "archive", "export", "-e", edition, "--archive", archive, "--detector", learned["detector"],
        "-o", stored,
    )  # fmt: skip

    assert (plain["detector"], plain["conversations"], learned["conversations"]) == (DETECTOR, 300, 300)
    assert (again["detector"], again["conversations"], exported.code) == (learned["detector"], 0, 0)
    order = [(name, "ascending") for name in ("contact", "standard", "employee")]
    assert pq.read_table(stored).sort_by(order).equals(pq.read_table(direct).sort_by(order))


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Learning greet (1 of 2)."), ("pl", "Nauka: greet (1 z 2).")]
)
def test_each_standard_is_named_while_it_is_learned(gracja, files, edition, tmp_path, lang, said):
    conversations, observations, _ = files
    done = gracja(
        "learn", "-e", edition, "--conversations", conversations, "--observations", observations,
        "--out", tmp_path / "d", "--lang", lang,
    )  # fmt: skip

    lines = done.err.splitlines()
    assert ("300" in lines[0], lines[1]) == (True, said)
    assert "thank (2 " in lines[2]
    assert "" not in lines
