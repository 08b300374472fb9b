from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import threading
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gracja.cli.files import (
    batches,
    read_contacts,
    read_observations,
    rejected_to,
    replacing,
    write_jsonl,
    write_parquet,
)
from gracja.cli.opening import size_bytes
from gracja.engine.conversations.outcome import Tally
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONTACTS, CONVERSATIONS, OBSERVATIONS
from gracja.wording.sentences import LANGUAGES, catalogue, say_error


def talk(contact="c1", text="Dzień dobry", **changes):
    turns = [{"speaker": "agent", "text": text, "at": "2026-03-01T09:30:00Z"}]
    return {"contact": contact, "employee": "darek", "channel": "chat", "turns": turns} | changes


def mark(**changes):
    record = {
        "contact": "c1",
        "employee": "darek",
        "standard": "greet",
        "edition": "salon@3",
        "source": "review",
        "evaluator": "borys",
        "status": "marked",
        "value": 0.5,
    }
    return {name: value for name, value in (record | changes).items() if value is not ...}


@pytest.fixture
def written(tmp_path):
    """Files of JSON lines (bytes as they are), by name."""

    def write(name, *records):
        path = tmp_path / name
        rows = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in records]
        data = b"".join(row + b"\n" for row in rows)
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return str(path)

    return write


class Run:
    """One reading: what was kept, what was rejected, and the counts."""

    def __init__(self, read, paths, **options):
        self.rejected, self.tally = [], Tally()
        found = read(paths, on_rejected=self.rejected.append, tally=self.tally, **options)
        self.tables = [found] if isinstance(found, pa.Table) else list(found)
        self.rows = [row for table in self.tables for row in table.to_pylist()]
        self.codes = [one.code for one in self.rejected]
        kept = sum(table.num_rows for table in self.tables)
        assert (self.tally.accepted, self.tally.rejected) == (kept, len(self.rejected))
        assert self.tally.read == kept + len(self.rejected)
        for error in [*(one.error() for one in self.rejected), *self.tally.notices()]:
            assert all(say_error(error, lang) for lang in LANGUAGES)


def refused(read, *paths, **options):
    with pytest.raises(EngineInputError) as error:
        Run(read, list(paths), **options)
    assert all(say_error(error.value, lang) for lang in LANGUAGES)
    return error.value.code


def test_line_seven_of_ten_thousand_is_rejected_and_the_others_go_on(written):
    records = [talk(f"c{number}") for number in range(1, 10_001)]
    path = written("talk.jsonl", *records[:6], b'{"contact": "c7", "turns"', *records[7:])

    run = Run(batches, [path])

    assert run.tally.accepted == 9_999
    (one,) = run.rejected
    assert (one.code, one.where.file, one.where.line, one.contact) == ("json_broken", path, 7, "c7")
    assert [table.num_rows for table in run.tables] == [2_000, 2_000, 2_000, 2_000, 1_999]
    assert run.tables[0].schema == CONVERSATIONS


def test_strict_stops_at_the_first_rejection_and_has_reported_it(written):
    path, seen = written("talk.jsonl", talk(), b"{", talk("c2")), []

    with pytest.raises(EngineInputError) as stopped:
        list(batches([path], on_rejected=seen.append, strict=True))

    assert (stopped.value.code, stopped.value.where.line) == ("json_broken", 2)
    assert len(seen) == 1


def test_every_form_of_a_file_gives_the_same_table(written, tmp_path):
    plain = written("talk.jsonl", talk(), talk("c2"))
    table = pa.concat_tables(batches([plain], on_rejected=print))
    paths = [written("a.jsonl.gz", talk(), talk("c2")), written("no_ending", talk(), talk("c2"))]
    for name in ("b.parquet", "c.jsonl", "d.jsonl.gz"):
        path = tmp_path / name
        write_parquet([table], path, CONVERSATIONS) if "parquet" in name else write_jsonl([table], path)
        paths.append(path)
    turns = "contact,speaker,text,employee,channel,at\n" + "".join(
        f"{one},agent,Dzień dobry,darek,chat,2026-03-01T09:30:00Z\n" for one in ("c1", "c2")
    )
    (tmp_path / "e.csv").write_text(turns, encoding="utf-8-sig")
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(turns.encode()))
    paths += [tmp_path / "e.csv", tmp_path / "f.csv.gz"]

    for path in paths:
        assert Run(batches, [path]).tables[0].equals(table), path


def test_a_contact_is_read_once_from_all_files_together(written):
    first = written("a.jsonl", talk(), talk("c2"))
    second = written("b.jsonl", talk(), talk("c2", "Witam"), talk("c3"))

    run = Run(batches, [first, second])

    assert run.codes == ["conversation_repeated", "contact_twice"]
    assert [row["contact"] for row in run.rows] == ["c1", "c2", "c3"]
    assert run.rejected[1].facts == {"contact": "c2", "first": f"{first}:2"}


def test_standard_input_holds_json_lines(written, monkeypatch):
    data = gzip.compress(json.dumps(talk()).encode())
    for given_bytes in (data, json.dumps(talk()).encode()):
        for stream in (io.BytesIO(given_bytes), io.BufferedReader(io.BytesIO(given_bytes))):
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
            run = Run(batches, ["-"])
            assert [row["contact"] for row in run.rows] == ["c1"]
    assert refused(batches, "-", "-") == "standard_input_twice"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_is_read_once_and_whole(tmp_path):
    rows = "".join(json.dumps(talk(f"c{number}", "x" * 2_000)) + "\n" for number in range(1_000))
    for name in ("pipe", "turns.csv"):
        os.mkfifo(tmp_path / name)
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=[rows])
    writer.start()

    run = Run(batches, [tmp_path / "pipe"], progress=print)
    writer.join()

    assert run.tally.accepted == 1_000
    assert refused(batches, tmp_path / "turns.csv") == "file_is_pipe"


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.csv", "empty.parquet", "empty.jsonl.gz"])
def test_an_empty_file_is_said_and_does_not_stop_the_others(tmp_path, written, name):
    (tmp_path / name).write_bytes(gzip.compress(b"") if name == "empty.jsonl.gz" else b"")

    run = Run(batches, [tmp_path / name, written("talk.jsonl", talk())])

    assert [error.code for error in run.tally.notices()] == ["file_empty"]
    assert run.tally.accepted == 1


FILES = {
    "gone.jsonl": (None, "file_not_found"),
    "sheet.xlsx": (b"PK\x03\x04", "file_kind_unknown"),
    "zip.csv": (b"PK\x03\x04", "file_kind_unknown"),
    "notes.txt": (b"hello", "file_kind_unknown"),
    "excel.csv": ("contact\tspeaker\ttext".encode("utf-16"), "file_utf16"),
    "plain.jsonl.gz": (b"{}", "gzip_broken"),
    "cut.jsonl.gz": (gzip.compress(json.dumps(talk()).encode() * 100)[:-9], "gzip_broken"),
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


def test_a_folder_and_an_unreadable_file_are_refused(tmp_path, monkeypatch):
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


def test_a_parquet_file_of_something_else_is_refused(tmp_path):
    pq.write_table(pa.table({"id": [1]}), tmp_path / "other.parquet")

    assert refused(batches, tmp_path / "other.parquet") == "columns_missing"
    assert refused(read_observations, tmp_path / "other.parquet") == "columns_missing"


def test_progress_adds_up_to_the_size_of_the_files(written, tmp_path):
    paths = [written("a.jsonl", talk()), written("b.jsonl.gz", talk("c2"))]
    turns = tmp_path / "c.csv"
    turns.write_text("contact,speaker,text\nc3,agent,hej\n")
    write_parquet(batches([paths[0]], on_rejected=print), tmp_path / "d.parquet", CONVERSATIONS)
    paths += [turns, tmp_path / "d.parquet"]
    steps = []

    list(batches(paths, on_rejected=lambda _: None, progress=steps.append))

    assert sum(steps) == size_bytes(paths)
    assert size_bytes(["-"]) is None


def test_notices_are_counted_by_file_code_and_name(written):
    path = written(
        "a.jsonl", talk(mood=1), b"", talk("c2", employee=None, mood=2), talk("c1", "Witam", mood=3)
    )

    run = Run(batches, [path])

    assert {(error.code, error.facts["count"]) for error in run.tally.notices()} == {
        ("field_ignored", 2),
        ("employee_missing", 1),
    }
    assert (run.tally.blank, run.codes) == (1, ["contact_twice"])


def test_a_long_conversation_closes_its_batch_early(written, monkeypatch):
    monkeypatch.setattr("gracja.cli.files.CHARACTERS_AT_ONCE", 10)
    path = written("a.jsonl", *(talk(f"c{number}", "123456") for number in range(5)))

    assert [table.num_rows for table in batches([path], on_rejected=print)] == [2, 2, 1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rejected_rows_are_written_with_their_reason(written, tmp_path, lang):
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

    for write in (
        lambda: write_jsonl(failing(), path),
        lambda: write_parquet(failing(), path, CONVERSATIONS),
    ):
        with pytest.raises(OSError, match="disk full"):
            write()
    with pytest.raises(OSError, match="disk full"), replacing(path):
        raise OSError("disk full")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_json_lines_go_to_standard_output(written, capfdbinary):
    write_jsonl(batches([written("a.jsonl", talk())], on_rejected=print), "-")

    row = json.loads(capfdbinary.readouterr().out)
    assert row["contact"] == "c1"
    assert row["turns"][0]["at"] == "2026-03-01T09:30:00Z"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells the peak of one process")
def test_fifty_megabytes_in_one_turn_stay_under_three_hundred_megabytes_of_memory(tmp_path):
    path = tmp_path / "big.jsonl"
    with path.open("w", encoding="utf-8") as out:
        out.write('{"contact": "big", "channel": "chat", "turns": [{"speaker": "agent", "text": "')
        for _ in range(50):
            out.write("ż😀 \\n" * (2**20 // 8))
        out.write('"}]}\n' + json.dumps(talk()) + "\n")
    program = (
        "import sys; from gracja.cli.files import batches\n"
        "codes = []; tables = list(batches(sys.argv[1:], on_rejected=lambda r: codes.append(r.code)))\n"
        "peak = next(row for row in open('/proc/self/status') if row.startswith('VmHWM')).split()[1]\n"
        "print(*codes, tables[0].num_rows, int(peak) // 1024)"  # ru_maxrss would count our own memory too
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    code, rows, peak_megabytes = done.stdout.split()

    assert (code, rows) == ("turn_too_long", "1")
    assert int(peak_megabytes) < 300


def test_without_a_place_for_rejections_the_first_one_raises(written):
    with pytest.raises(EngineInputError) as error:
        read_observations([written("marks.jsonl", mark(), mark(value=2))])

    assert error.value.code == "number_out_of_range"


def test_observations_have_the_same_rows_in_every_form(written, tmp_path):
    marks = [
        mark(occurred_at="2026-03-01T09:30:00Z", evidence=[{"turn": 0, "start": 1, "end": 4}], segment=1),
        mark(status="not_seen", value=None, source="automatic", evaluator=None, detector="phrases@1"),
    ]
    table = read_observations([written("marks.jsonl", *marks)])
    write_parquet([table], tmp_path / "marks.parquet", OBSERVATIONS)
    write_jsonl([table], tmp_path / "again.jsonl.gz")
    (tmp_path / "marks.csv").write_text(
        "contact;segment;employee;standard;edition;source;evaluator;status;value;occurred_at;evidence;detector\n"
        'c1;1;darek;greet;salon@3;review;borys;marked;0,5;2026-03-01T09:30:00Z;"[{""turn"":0,""start"":1,""end"":4}]";\n'
        "c1;;darek;greet;salon@3;automatic;;not_seen;;;;phrases@1\n"
    )

    assert table.schema == OBSERVATIONS
    for name in ("marks.parquet", "again.jsonl.gz", "marks.csv"):
        assert read_observations([tmp_path / name]).equals(table), name


def test_nothing_read_is_an_empty_table_of_the_right_shape(tmp_path):
    (tmp_path / "empty.jsonl").write_bytes(b"")

    assert read_observations([tmp_path / "empty.jsonl"]).schema == OBSERVATIONS
    assert read_contacts([]).schema == CONTACTS


@pytest.mark.real_data
def test_the_chats_of_star_are_read_in_seconds_and_all_counted(data_folder, tmp_path):
    path, count = tmp_path / "star.jsonl", 0
    with gzip.open(data_folder / "open" / "star_dialogues.jsonl.gz", "rt", encoding="utf-8") as rows:
        lines = []
        for row in map(json.loads, rows):
            said = [
                {"speaker": one["speaker"], "text": one["text"], "at": one["time"]}
                for one in row["turns"]
                if one.get("kind") != "customer_instruction"
            ]
            lines.append(json.dumps(talk(row["id"], employee=row.get("agent_id"), turns=said)))
            count += 1
    path.write_text("\n".join(lines), encoding="utf-8")
    started = time.perf_counter()

    run = Run(batches, [path])

    assert time.perf_counter() - started < 10
    assert run.tally.read == count
    assert set(run.codes) <= {"turns_empty"}


QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


@QUIET
@given(data=st.binary(max_size=200), kind=st.sampled_from(["jsonl", "csv", "parquet", "jsonl.gz"]))
@pytest.mark.parametrize("read", [batches, read_observations, read_contacts])
def test_any_file_is_read_or_refused_with_a_code(tmp_path, read, data, kind):
    path = tmp_path / f"any.{kind}"
    heads = {"csv": b"contact,speaker,text,edition,service_kind,standard,source,status\n"}
    path.write_bytes(heads.get(kind, b"") + data)
    try:
        Run(read, [path])
    except EngineInputError as error:
        assert say_error(error, "en")  # noqa: PT017


def test_every_sentence_has_both_languages():
    for code, sentence in catalogue("errors").items():
        assert set(sentence) == set(LANGUAGES), code
