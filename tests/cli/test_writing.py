"""Rejected rows and results: a file takes its name only when it is whole."""

from __future__ import annotations

import json

import pytest

from gracja.cli.files import rejected_to, replacing, write_parquet
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONVERSATIONS
from gracja.files.batches import batches
from gracja.wording.sentences import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rejected_rows_are_written_with_their_reason(written, tmp_path, lang, talk):
    path = written("talk.jsonl", talk(text="ok"), b'{"contact": "c7\xb3"}', talk("c2", channel="pigeon"))

    with rejected_to(tmp_path / "rejected.jsonl", lang=lang) as on_rejected:
        list(batches([path], on_rejected=on_rejected))

    rows = [json.loads(line) for line in (tmp_path / "rejected.jsonl").read_text("utf-8").splitlines()]
    assert [list(row) for row in rows] == [["file", "line", "contact", "code", "message", "facts", "raw"]] * 2
    assert [(row["line"], row["code"]) for row in rows] == [(2, "not_utf8"), (3, "channel_unknown")]
    assert "pigeon" in rows[1]["message"]
    assert json.loads(rows[1]["raw"])["contact"] == "c2"


def test_what_was_rejected_before_a_failure_is_kept(tmp_path, written):
    path = tmp_path / "rejected.jsonl"

    with pytest.raises(EngineInputError), rejected_to(path, lang="pl") as on_rejected:
        list(batches([written("a.jsonl", b"{")], on_rejected=on_rejected, strict=True))

    assert len(path.read_text("utf-8").splitlines()) == 1


def test_a_result_that_fails_half_way_leaves_the_old_file(tmp_path):
    path = tmp_path / "out.jsonl"
    path.write_text("old")

    def failing():
        yield CONVERSATIONS.empty_table()
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_parquet(failing(), path, CONVERSATIONS)
    with pytest.raises(OSError, match="disk full"), replacing(path):
        raise OSError("disk full")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
