"""Texts as customers write them come through reading and scoring as they are, from every form of file."""

from __future__ import annotations

import csv
import io
import json

import pyarrow.parquet as pq
import pytest

from gracja.cli.files import write_parquet
from gracja.engine.tables import CONVERSATIONS
from gracja.files.batches import batches

TEXTS = {
    "emoji": "👩‍👩‍👧‍👦 hello 😀",
    "right to left": "שלום hello عربى",
    "combining accents": "he\u0301 hello o\u0308\u0328",
    "another plane": "𝄞🜁 hello",
    "a megabyte": "😀 ż " * 200_000 + "hello",
    "line ends": "one\ntwo\u2028three hello",
}


@pytest.fixture(params=["jsonl", "csv", "parquet"])
def source(request, chats, good, tmp_path):
    """The texts as agents' only turns, in a file of this kind."""
    rows = [
        good(number, contact=name, turns=[{"speaker": "agent", "text": text}])
        for number, (name, text) in enumerate(TEXTS.items())
    ]
    path = chats(*rows)
    if request.param == "jsonl":
        return path
    out = tmp_path / f"texts.{request.param}"
    if request.param == "parquet":
        write_parquet(batches([path], on_rejected=print), out, CONVERSATIONS)
        return out
    cells = io.StringIO()
    writer = csv.writer(cells)
    writer.writerow(["contact", "employee", "channel", "language", "speaker", "text"])
    for row in rows:
        writer.writerow(
            [row[name] for name in ("contact", "employee", "channel", "language")]
            + ["agent", row["turns"][0]["text"]]
        )
    out.write_bytes(cells.getvalue().encode())
    return out


def test_the_evidence_is_found_where_it_stands_in_the_text_that_came_in(gracja, source, edition, tmp_path):
    done = gracja("score", source, "-e", edition, "-o", tmp_path / "o.parquet", "--format", "json")

    assert (done.json["scored"], done.json["rejected"], done.json["notices"]) == (len(TEXTS), 0, [])
    greetings = [
        row for row in pq.read_table(tmp_path / "o.parquet").to_pylist() if row["standard"] == "greet"
    ]
    for row in greetings:
        (span,) = row["evidence"]
        assert TEXTS[row["contact"]][span["start"] : span["end"]] == "hello"


def test_nul_and_half_characters_are_replaced_one_for_one_and_said(gracja, chats, good, edition, tmp_path):
    line = json.dumps(good(1)).replace("Hello,", r"\u0000\ud83d Hello,")
    done = gracja("score", chats(line), "-e", edition, "-o", tmp_path / "o.parquet", "--format", "json")

    assert [notice["code"] for notice in done.json["notices"]] == ["character_replaced"]
    (greeting,) = [
        row for row in pq.read_table(tmp_path / "o.parquet").to_pylist() if row["standard"] == "greet"
    ]
    assert greeting["evidence"] == [{"turn": 0, "start": 3, "end": 8}]
