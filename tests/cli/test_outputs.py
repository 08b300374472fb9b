"""What lies in the output's place afterwards: this run's files, or nothing."""

from __future__ import annotations

import pytest

OURS = ["observations.parquet", "rejected.jsonl", "report.html", "results.parquet"]


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def earlier(gracja, chats, good, edition, tmp_path):
    """A folder with the result of an earlier run, and a file of the person's own."""
    out = tmp_path / "out"
    assert gracja("run", chats(*(good(n) for n in range(9))), "-e", edition, "-o", out).code == 0
    (out / "rejected_observations.jsonl").write_text("old", "utf-8")
    (out / "notes.txt").write_text("mine", "utf-8")
    return out


def test_a_run_that_fails_leaves_no_report_of_an_earlier_one(gracja, chats, good, edition, earlier):
    bad = chats(good(1), "{", name="bad.jsonl")
    done = gracja("run", bad, "-e", edition, "-o", earlier, "--strict")

    assert done.code == 2
    assert names_in(earlier) == ["notes.txt", "rejected.jsonl"]


def test_a_run_removes_what_an_earlier_one_left_and_nothing_else(gracja, chats, good, edition, earlier):
    gracja("run", chats(*(good(n) for n in range(9)), name="new.jsonl"), "-e", edition, "-o", earlier)

    assert names_in(earlier) == sorted([*OURS, "notes.txt"])


def test_an_earlier_result_stays_where_the_input_cannot_be_read_at_all(
    gracja, chats, good, edition, earlier, tmp_path
):
    before = {path.name: path.read_bytes() for path in earlier.iterdir()}
    talks = chats(good(1), name="new.jsonl")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("version: one", "utf-8")

    for arguments in (
        [tmp_path / "gone.jsonl", "-e", edition],
        [talks, "-e", edition, "--contacts", tmp_path / "gone.csv"],
        [talks, "-e", tmp_path / "gone.yaml"],
        [talks, "-e", wrong],
        [tmp_path, "-e", edition],
    ):
        assert gracja("run", *arguments, "-o", earlier).code == 2
        assert {path.name: path.read_bytes() for path in earlier.iterdir()} == before


@pytest.mark.parametrize("command", ["run", "score", "measure"])
def test_a_missing_input_leaves_nothing_behind(gracja, edition, tmp_path, command):
    out = tmp_path / "out"
    done = gracja(
        command, tmp_path / "gone.jsonl", "-e", edition, "-o", out if command == "run" else out / "x.parquet"
    )

    assert done.code == 2
    assert "There is no such file." in done.err
    assert not out.exists()


@pytest.mark.parametrize("name", ["observations.parquet", "results.parquet", "rejected.jsonl", "link.jsonl"])
@pytest.mark.parametrize(
    ("lang", "said"), [("en", "would also be written over"), ("pl", "zostałby też nadpisany")]
)
def test_run_refuses_to_read_what_it_would_write_over(gracja, edition, earlier, name, lang, said):
    (earlier / "link.jsonl").symlink_to(earlier / "rejected.jsonl")
    before = {path.name: path.read_bytes() for path in earlier.iterdir()}
    done = gracja("run", earlier / name, "-e", edition, "-o", earlier, "--lang", lang)

    assert done.code == 2
    assert said in done.err
    assert {path.name: path.read_bytes() for path in earlier.iterdir()} == before


def test_score_measure_and_report_refuse_it_too(gracja, chats, good, edition, earlier, tmp_path):
    talks = chats(good(1), name="new.jsonl")
    marks, results = earlier / "observations.parquet", earlier / "results.parquet"
    for arguments in (
        ["score", talks, "-e", edition, "-o", talks],
        ["score", talks, "-e", edition, "-o", edition],
        ["score", talks, "-e", edition, "-o", tmp_path / "o.parquet", "--rejected", talks],
        ["measure", marks, "-e", edition, "-o", marks],
        ["report", results, "--observations", marks, "-e", edition, "-o", results],
    ):
        done = gracja(*arguments)
        assert (done.code, "would also be written over" in done.err) == (2, True), arguments


def test_two_outputs_in_one_file_are_refused(gracja, chats, good, edition, tmp_path):
    one = tmp_path / "one"
    done = gracja("score", chats(good(1)), "-e", edition, "-o", one, "--rejected", one)

    assert (done.code, one.exists()) == (2, False)
    assert "Two outputs" in done.err
