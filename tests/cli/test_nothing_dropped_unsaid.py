"""Whatever is rejected is counted, named and kept, also where the step then fails."""

from __future__ import annotations

import json
import os

import pytest

CONTACTS = """\
contact,edition,service_kind,wanted_low,wanted_high,wanted_source
c1,shop@1,encounter,10,30,customer_asked
c2,shop@1,encounter,90,30,customer_asked
c3,shop@1,party,10,30,customer_asked
"""


def rows_in(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def review(number, **changes):
    return {
        "contact": f"c{number}", "employee": f"p{number % 3}", "standard": "greet", "edition": "shop@1",
        "source": "review", "evaluator": "Borys", "status": "marked", "value": float(number % 2),
    } | changes  # fmt: skip


@pytest.fixture
def contacts(tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text(CONTACTS, "utf-8")
    return path


def test_run_says_counts_and_keeps_the_contact_rows_that_it_could_not_use(
    gracja, chats, good, edition, tmp_path, contacts
):
    out = tmp_path / "out"
    source = chats(*(good(n) for n in range(1, 20)), "{")
    done = gracja("run", source, "-e", edition, "-o", out, "--contacts", contacts, "--format", "json")

    assert done.code == 0
    assert "3 contact rows in = 1 used + 2 rejected." in done.err
    assert done.err.count(str(out / "rejected.jsonl")) == 2
    assert [row["file"] for row in rows_in(out / "rejected.jsonl")] == [str(contacts)] * 2 + [str(source)]
    assert done.json["contact_rows"]["rejected"] == 2
    assert sum(done.json["contact_rows"]["rejected_by_code"].values()) == 2
    assert (done.json["rejected"], done.json["rejected_file"]) == (1, str(out / "rejected.jsonl"))


def test_run_without_contacts_counts_none(gracja, chats, good, edition, tmp_path):
    source = chats(*(good(n) for n in range(9)))
    done = gracja("run", source, "-e", edition, "-o", tmp_path / "out", "--format", "json")

    assert done.json["contact_rows"] is None
    assert "contact row" not in done.err


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "2 observations in = 0 used + 2 rejected."), ("pl", "0 użytych + 2")]
)
def test_measure_says_why_when_every_observation_is_rejected(gracja, chats, edition, tmp_path, lang, said):
    source = chats(review(1, value=3), review(2, value=3), name="reviews.jsonl")
    done = gracja("measure", source, "-e", edition, "-o", tmp_path / "r.parquet", "--lang", lang)

    assert done.code == 2
    assert said in done.err
    assert "number_out_of_range: 2" in done.err
    assert str(tmp_path / "rejected_observations.jsonl") in done.err
    assert len(rows_in(tmp_path / "rejected_observations.jsonl")) == 2
    assert not (tmp_path / "r.parquet").exists()


def test_measure_gives_both_counts_as_data(gracja, chats, edition, tmp_path, contacts):
    source = chats(*(review(n) for n in range(24)), review(30, value=3), name="reviews.jsonl")
    done = gracja(
        "measure", source, "-e", edition, "-o", tmp_path / "r.parquet", "--contacts", contacts,
        "--format", "json",
    )  # fmt: skip

    assert (done.json["observation_rows"]["used"], done.json["observation_rows"]["rejected"]) == (24, 1)
    assert (done.json["contact_rows"]["used"], done.json["contact_rows"]["rejected"]) == (1, 2)
    assert len(rows_in(tmp_path / "rejected_observations.jsonl")) == 3


@pytest.mark.parametrize("command", ["run", "score"])
def test_counts_stand_before_the_error_where_no_conversation_could_be_used(
    gracja, chats, edition, tmp_path, command
):
    out = tmp_path / "out"
    where = out if command == "run" else out / "observations.parquet"
    done = gracja(command, chats("{", "["), "-e", edition, "-o", where)

    assert done.code == 2
    assert "2 conversations in = 0 scored + 2 rejected." in done.err
    assert "json_broken: 2" in done.err
    assert str(out / "rejected.jsonl") in done.err
    assert done.err.strip().splitlines()[-1].startswith("Not one conversation could be scored")
    assert os.listdir(out) == ["rejected.jsonl"]  # noqa: PTH208


def test_strict_says_the_counts_before_the_error(gracja, chats, good, edition, tmp_path):
    talks = chats(good(1), good(2), "{", good(3))
    done = gracja("score", talks, "-e", edition, "-o", tmp_path / "o.parquet", "--strict")
    assert done.code == 2
    assert "3 conversations in = 2 scored + 1 rejected." in done.err
    assert str(tmp_path / "rejected.jsonl") in done.err

    marks = chats(review(1), review(2), review(3, value=3), name="marks.jsonl")
    done = gracja("measure", marks, "-e", edition, "-o", tmp_path / "r.parquet", "--strict")
    assert done.code == 2
    assert "3 observations in = 2 used + 1 rejected." in done.err
    assert str(tmp_path / "rejected_observations.jsonl") in done.err


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "5 conversations in = 4 read + 1 rejected"), ("pl", "4 wczytanych + 1")]
)
def test_report_counts_the_conversations_that_it_cannot_quote(
    gracja, chats, good, edition, tmp_path, lang, said
):
    gracja("run", chats(*(good(n) for n in range(9))), "-e", edition, "-o", tmp_path)
    talks = chats(*(good(n) for n in range(4)), "{", name="again.jsonl")
    done = gracja(
        "report", tmp_path / "results.parquet", "--observations", tmp_path / "observations.parquet",
        "-e", edition, "-o", tmp_path / "p.html", "--conversations", talks, "--lang", lang,
    )  # fmt: skip

    assert done.code == 0
    assert said in done.err
    assert "json_broken: 1" in done.err


@pytest.mark.parametrize("command", ["run", "score"])
def test_rejected_jsonl_is_there_and_empty_when_all_could_be_used(
    gracja, chats, good, edition, tmp_path, command
):
    out = tmp_path / "out"
    where = out if command == "run" else out / "observations.parquet"
    done = gracja(command, chats(*(good(n) for n in range(9))), "-e", edition, "-o", where)

    assert done.code == 0
    assert (out / "rejected.jsonl").read_bytes() == b""
    assert "rejected.jsonl" not in done.err
