"""Conversations from files: each once, all counted, in tables of a bearable size."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time

import pyarrow as pa
import pytest

from gracja.cli.files import write_parquet
from gracja.engine.conversations.write import json_lines
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONVERSATIONS
from gracja.files.batches import batches


def test_line_seven_of_ten_thousand_is_rejected_and_the_others_go_on(written, talk, reading):
    records = [talk(f"c{number}") for number in range(1, 10_001)]
    path = written("talk.jsonl", *records[:6], b'{"contact": "c7", "turns"', *records[7:])

    run = reading(batches, [path], at_once=2_500)

    assert run.tally.accepted == 9_999
    (one,) = run.rejected
    assert (one.code, one.where.file, one.where.line, one.contact) == ("json_broken", path, 7, "c7")
    assert [table.num_rows for table in run.tables] == [2_500, 2_500, 2_500, 2_499]
    assert run.tables[0].schema == CONVERSATIONS


def test_strict_stops_at_the_first_rejection_and_has_reported_it(written, talk):
    path, seen = written("talk.jsonl", talk(), b"{", talk("c2")), []

    with pytest.raises(EngineInputError) as stopped:
        list(batches([path], on_rejected=seen.append, strict=True))

    assert (stopped.value.code, stopped.value.where.line) == ("json_broken", 2)
    assert len(seen) == 1


def test_every_form_of_a_file_gives_the_same_table(written, tmp_path, talk, reading):
    plain = written("talk.jsonl", talk(), talk("c2"))
    table = pa.concat_tables(batches([plain], on_rejected=print))
    paths = [written("a.jsonl.gz", talk(), talk("c2")), written("no_ending", talk(), talk("c2"))]
    for name in ("c.jsonl", "d.jsonl.gz"):
        path = tmp_path / name
        rows = b"".join(json_lines(table))
        path.write_bytes(gzip.compress(rows) if name.endswith(".gz") else rows)
        paths.append(path)
    write_parquet([table], tmp_path / "b.parquet", CONVERSATIONS)
    turns = "contact,speaker,text,employee,channel,at\n" + "".join(
        f"{one},agent,Dzień dobry,darek,chat,2026-03-01T09:30:00Z\n" for one in ("c1", "c2")
    )
    (tmp_path / "e.csv").write_text(turns, encoding="utf-8-sig")
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(turns.encode()))
    paths += [tmp_path / "b.parquet", tmp_path / "e.csv", tmp_path / "f.csv.gz"]

    for path in paths:
        assert reading(batches, [path]).tables[0].equals(table), path


def test_a_contact_is_read_once_from_all_files_together(written, talk, reading):
    first = written("a.jsonl", talk(), talk("c2"))
    second = written("b.jsonl", talk(), talk("c2", "Witam"), talk("c3"))

    run = reading(batches, [first, second])

    assert run.codes == ["conversation_repeated", "contact_twice"]
    assert [row["contact"] for row in run.rows] == ["c1", "c2", "c3"]
    assert run.rejected[1].facts == {"contact": "c2", "first": f"{first}:2"}


def test_notices_are_counted_by_file_code_and_name(written, talk, reading):
    path = written(
        "a.jsonl", talk(mood=1), b"", talk("c2", employee=None, mood=2), talk("c1", "Witam", mood=3)
    )

    run = reading(batches, [path])

    assert {(error.code, error.facts["count"]) for error in run.tally.notices()} == {
        ("field_ignored", 2),
        ("employee_missing", 1),
    }
    assert (run.tally.blank, run.codes) == (1, ["contact_twice"])


def test_a_long_conversation_closes_its_batch_early(written, monkeypatch, talk):
    monkeypatch.setattr("gracja.files.batches.TEXT_BYTES_AT_ONCE", 10)
    path = written("a.jsonl", *(talk(f"c{number}", "123456") for number in range(5)))

    assert [table.num_rows for table in batches([path], on_rejected=print)] == [2, 2, 1]


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells the peak of one process")
def test_fifty_megabytes_in_one_turn_stay_under_three_hundred_megabytes_of_memory(tmp_path, talk):
    path = tmp_path / "big.jsonl"
    with path.open("w", encoding="utf-8") as out:
        out.write('{"contact": "big", "channel": "chat", "turns": [{"speaker": "agent", "text": "')
        for _ in range(50):
            out.write("ż😀 \\n" * (2**20 // 8))
        out.write('"}]}\n' + json.dumps(talk()) + "\n")
    program = (
        "import sys; from gracja.files.batches import batches\n"
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


@pytest.mark.real_data
def test_the_chats_of_star_are_read_in_seconds_and_all_counted(data_folder, tmp_path, talk, reading):
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
    started = time.process_time()

    run = reading(batches, [path])

    assert time.process_time() - started < 10
    assert run.tally.read == count
    assert set(run.codes) <= {"turns_empty"}
