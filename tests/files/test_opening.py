"""Files, pipes and standard input: opened whatever they are, or refused with their name."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import threading

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gracja.cli.files import write_parquet
from gracja.cli.flat_files import read_contacts, read_observations
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONVERSATIONS
from gracja.files.batches import batches
from gracja.files.opening import size_bytes
from gracja.wording.sentences import LANGUAGES, say_error


def test_standard_input_holds_json_lines(written, monkeypatch, talk, reading, refused):
    data = gzip.compress(json.dumps(talk()).encode())
    for given_bytes in (data, json.dumps(talk()).encode()):
        for stream in (io.BytesIO(given_bytes), io.BufferedReader(io.BytesIO(given_bytes))):
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
            run = reading(batches, ["-"])
            assert [row["contact"] for row in run.rows] == ["c1"]
    assert refused(batches, "-", "-") == "standard_input_twice"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_is_read_once_and_whole(tmp_path, talk, reading, refused):
    rows = "".join(json.dumps(talk(f"c{number}", "x" * 2_000)) + "\n" for number in range(1_000))
    for name in ("pipe", "turns.csv"):
        os.mkfifo(tmp_path / name)
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=[rows])
    writer.start()

    run = reading(batches, [tmp_path / "pipe"], progress=print)
    writer.join()

    assert run.tally.accepted == 1_000
    assert refused(batches, tmp_path / "turns.csv") == "file_is_pipe"


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.csv", "empty.parquet", "empty.jsonl.gz"])
def test_an_empty_file_is_said_and_does_not_stop_the_others(tmp_path, written, name, talk, reading):
    (tmp_path / name).write_bytes(gzip.compress(b"") if name == "empty.jsonl.gz" else b"")

    run = reading(batches, [tmp_path / name, written("talk.jsonl", talk())])

    assert [error.code for error in run.tally.notices()] == ["file_empty"]
    assert run.tally.accepted == 1


FILES = {
    "gone.jsonl": (None, "file_not_found"),
    "sheet.xlsx": (b"PK\x03\x04", "file_kind_unknown"),
    "zip.csv": (b"PK\x03\x04", "file_kind_unknown"),
    "notes.txt": (b"hello", "file_kind_unknown"),
    "excel.csv": ("contact\tspeaker\ttext".encode("utf-16"), "file_utf16"),
    "plain.jsonl.gz": (b"{}", "gzip_broken"),
    "cut.jsonl.gz": (
        gzip.compress(
            b'{"contact": "c1", "channel": "chat", "turns": [{"speaker": "agent", "text": "hi"}]}\n' * 100
        )[:-9],
        "gzip_broken",
    ),
    "flipped.jsonl.gz": (gzip.compress(b"{}")[:-8] + b"\0" * 8, "gzip_broken"),
    "not.parquet": (b"hello", "parquet_broken"),
    "cut.parquet": (b"PAR1hello", "parquet_broken"),
    "list.csv": (b"a,b\n1,2\n", "columns_missing"),
}


@pytest.mark.parametrize(("name", "data", "code"), [(name, *rest) for name, rest in FILES.items()], ids=FILES)
def test_what_is_wrong_with_a_whole_file_is_refused_with_its_name(tmp_path, name, data, code):
    if data is not None:
        (tmp_path / name).write_bytes(data)

    with pytest.raises(EngineInputError) as error:
        list(batches([tmp_path / name], on_rejected=print))

    assert (error.value.code, error.value.where.file) == (code, str(tmp_path / name))
    for lang in LANGUAGES:
        assert say_error(error.value, lang).startswith(str(tmp_path / name))


def test_a_folder_and_an_unreadable_file_are_refused(tmp_path, monkeypatch, refused):
    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied")

    assert refused(batches, tmp_path) == "file_is_directory"
    (tmp_path / "a.jsonl").write_bytes(b"{}")
    monkeypatch.setattr("pathlib.Path.open", forbidden)
    assert refused(batches, tmp_path / "a.jsonl") == "file_unreadable"


def test_all_paths_are_looked_at_before_the_first_is_read(written):
    seen = []

    with pytest.raises(EngineInputError):
        list(batches([written("bad.jsonl", b"{"), "gone.jsonl"], on_rejected=seen.append))

    assert not seen


def test_a_parquet_file_of_something_else_is_refused(tmp_path, refused):
    pq.write_table(pa.table({"id": [1]}), tmp_path / "other.parquet")

    assert refused(batches, tmp_path / "other.parquet") == "columns_missing"
    assert refused(read_observations, tmp_path / "other.parquet") == "columns_missing"


def test_progress_adds_up_to_the_size_of_the_files(written, tmp_path, talk):
    paths = [written("a.jsonl", talk()), written("b.jsonl.gz", talk("c2"))]
    turns = tmp_path / "c.csv"
    turns.write_text("contact,speaker,text\nc3,agent,hej\n")
    write_parquet(batches([paths[0]], on_rejected=print), tmp_path / "d.parquet", CONVERSATIONS)
    paths += [turns, tmp_path / "d.parquet"]
    steps = []

    list(batches(paths, on_rejected=lambda _: None, progress=steps.append))

    assert sum(steps) == size_bytes(paths)
    assert size_bytes(["-"]) is None


QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


@QUIET
@given(data=st.binary(max_size=200), kind=st.sampled_from(["jsonl", "csv", "parquet", "jsonl.gz"]))
@pytest.mark.parametrize("read", [batches, read_observations, read_contacts])
def test_any_file_is_read_or_refused_with_a_code(tmp_path, read, data, kind, reading):
    path = tmp_path / f"any.{kind}"
    heads = {"csv": b"contact,speaker,text,edition,service_kind,standard,source,status\n"}
    path.write_bytes(heads.get(kind, b"") + data)
    try:
        reading(read, [path])
    except EngineInputError as error:
        assert say_error(error, "en")  # noqa: PT017
