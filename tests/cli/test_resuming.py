"""A run that is killed at any moment goes on where it stopped, and ends as if nothing had happened."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gracja.cli.scoring import Job
from gracja.engine.edition.read import read_edition
from gracja.engine.tables import OBSERVATIONS

posix = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows kills otherwise, and has no file size limit"
)
BATCH = 20


@pytest.fixture
def many(chats, good):
    """A thousand conversations; some are wrong, some come twice."""

    def write(count=1000, name="chats.jsonl"):
        rows = [good(number) for number in range(count)]
        rows[7], rows[count // 2] = "{", good(count // 2, channel="pigeon")
        rows[count - 1], rows[count - 2] = good(3), good(4, place="elsewhere")
        rows[count - 3] = good(count - 3, employee=None, mood="good")
        return chats(*rows, name=name)

    return write


@pytest.fixture
def result(gracja, edition):
    """Score in one go; what lies beside the output, and what was said as data."""

    def score(source, out, *options):
        sources = source if isinstance(source, list) else [source]
        done = gracja(
            "score", *sources, "-e", edition, "-o", out, "--format", "json", "--batch", BATCH, *options
        )
        assert done.code == 0, done.err
        said = {
            name: value
            for name, value in done.json.items()
            if name not in ("out", "seconds", "rejected_file")
        }
        return pq.read_table(out), (out.parent / "rejected.jsonl").read_bytes(), said

    return score


def started(edition, source, out, *options, **more):
    command = [
        sys.executable,
        "-m",
        "gracja",
        "score",
        source,
        "-e",
        edition,
        "-o",
        out,
        "--batch",
        BATCH,
        *options,
    ]
    return subprocess.Popen(
        [str(word) for word in command],
        stderr=subprocess.PIPE,
        env=os.environ | {"GRACJA_LANG": "en"},
        **more,
    )


def parts_in(folder):
    return sorted(folder.glob(".o.parquet.parts/*.part"))


def killed(process, folder, when):
    """Kill it when so many new parts are there, at a random moment; whether it was still at work."""
    before = len(parts_in(folder))
    while process.poll() is None and len(parts_in(folder)) < before + when:
        time.sleep(0.001)
    time.sleep(random.uniform(0, 0.05))  # noqa: S311  (any moment)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def visible(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def killed_until_done(edition, source, out, kills, *options):
    """Kill so many runs; after each nothing half done is to be seen. How many parts each of them left."""
    left = []
    for number in range(kills):
        if not killed(started(edition, source, out, *options), out.parent, number % 4):
            break
        assert visible(out.parent) == []
        for part in parts_in(out.parent):
            assert pq.read_metadata(part).num_row_groups == 1
        left.append(len(parts_in(out.parent)))
    return left


@posix
def test_a_run_killed_midway_goes_on_where_it_stopped(many, result, edition, tmp_path):
    random.seed(3)
    source, out = many(), tmp_path / "killed" / "o.parquet"
    out.parent.mkdir()
    left = killed_until_done(edition, source, out, 3)
    written = {part.name: part.stat().st_mtime_ns for part in parts_in(out.parent)}
    assert left == sorted(left)  # nothing that was scored is lost
    assert left[-1] > 0

    done = started(edition, source, out, "--rejected", out.parent / "rejected.jsonl")
    _, said = done.communicate()

    assert done.returncode == 0
    assert f"going on after {20 * len(written)} conversations" in said.decode()
    table, rejected, counts = result(source, tmp_path / "whole" / "o.parquet")
    assert pq.read_table(out).equals(table)
    assert out.read_bytes() == (tmp_path / "whole" / "o.parquet").read_bytes()
    assert (out.parent / "rejected.jsonl").read_bytes() == rejected
    assert f"{counts['conversations_in']:,} conversations in = {counts['scored']} scored" in said.decode()
    assert sorted(path.name for path in out.parent.iterdir()) == ["o.parquet", "rejected.jsonl"]


@posix
@pytest.mark.simulation
@pytest.mark.parametrize("workers", [1, 2])
def test_twenty_kills_at_random_moments_leave_no_trace(many, result, edition, tmp_path, workers):
    random.seed(workers)
    source, out = many(2_000), tmp_path / "killed" / "o.parquet"
    out.parent.mkdir()
    left = killed_until_done(edition, source, out, 20, "--workers", workers)
    assert len(left) == 20

    table, rejected, counts = result(source, out)

    whole, whole_rejected, whole_counts = result(source, tmp_path / "whole" / "o.parquet")
    assert table.equals(whole)
    assert (rejected, counts) == (whole_rejected, whole_counts)
    assert out.read_bytes() == (tmp_path / "whole" / "o.parquet").read_bytes()
    assert visible(out.parent) == sorted(path.name for path in out.parent.iterdir())


@pytest.fixture
def broken_off(chats, good, gracja, edition, tmp_path):
    """A run that left two parts: it stopped at the first line of the second file."""
    sources = [chats(*(good(n) for n in range(45)), name="a.jsonl"), chats("{", good(50), name="b.jsonl")]
    out = tmp_path / "o.parquet"
    done = gracja("score", *sources, "-e", edition, "-o", out, "--batch", BATCH, "--strict")
    assert (done.code, len(parts_in(tmp_path))) == (2, 2)
    return sources, out


def test_an_unfinished_run_goes_on_and_ends_like_one_in_one_go(broken_off, result, tmp_path):
    sources, out = broken_off
    found = result(sources, out)

    assert found[0].equals(result(sources, tmp_path / "whole" / "o.parquet")[0])
    assert found[1:] == result(sources, tmp_path / "whole" / "o.parquet")[1:]
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("edition", "the edition has changed since: beginning anew"),
        ("input", "the conversations have changed since: beginning anew"),
        ("options", "it was given other options: beginning anew"),
        ("fresh", None),
    ],
)
def test_what_was_made_with_something_else_is_not_gone_on_with(
    gracja, broken_off, edition, tmp_path, change, said
):
    sources, out = broken_off
    arguments = ["score", *sources, "-e", edition, "-o", out, "--batch", BATCH]
    if change == "edition":
        edition.write_text(edition.read_text("utf-8").replace("thank*", "cheers"), "utf-8")
    elif change == "input":
        with sources[0].open("ab") as more:
            more.write(b"\n")
    elif change == "options":
        arguments += ["--conversation-language", "en"]
    else:
        arguments += ["--fresh"]

    done = gracja(*arguments)

    assert done.code == 0
    assert "going on" not in done.err
    assert said is None or said in done.err
    anew = gracja(*arguments[:5], "-o", tmp_path / "whole" / "o.parquet", *arguments[7:])
    assert anew.code == 0
    assert out.read_bytes() == (tmp_path / "whole" / "o.parquet").read_bytes()


def test_another_input_of_the_same_name_size_and_time_is_refused(gracja, broken_off, edition):
    sources, out = broken_off
    at = sources[0].stat()
    sources[0].write_bytes(sources[0].read_bytes().replace(b'"c2"', b'"d2"'))
    os.utime(sources[0], ns=(at.st_atime_ns, at.st_mtime_ns))

    done = gracja("score", *sources, "-e", edition, "-o", out, "--batch", BATCH)

    assert done.code == 2
    assert "--fresh" in done.err
    assert gracja("score", *sources, "-e", edition, "-o", out, "--batch", BATCH, "--fresh").code == 0


def test_a_part_that_the_disk_has_spoilt_is_scored_again_with_all_after_it(
    gracja, broken_off, result, tmp_path
):
    sources, out = broken_off
    first = parts_in(tmp_path)[0]
    first.write_bytes(first.read_bytes()[:-100])

    table, *_ = result(sources, out)

    assert table.equals(result(sources, tmp_path / "whole" / "o.parquet")[0])


def test_standard_input_leaves_nothing_to_go_on_with(gracja, edition, good, tmp_path):
    rows = b"".join(json.dumps(good(number)).encode() + b"\n" for number in range(50)) + b"{"
    done = gracja(
        "score", "-", "-e", edition, "-o", tmp_path / "o.parquet", "--batch", 20, "--strict", stdin=rows
    )

    assert done.code == 2
    assert not list(tmp_path.glob(".o*"))


def test_run_goes_on_too_and_quotes_what_was_scored_before(gracja, many, edition, tmp_path):
    source, out = many(200), tmp_path / "out"
    command = ["run", source, "-e", edition, "--batch", BATCH, "--format", "json"]
    assert gracja(*command, "-o", out, "--strict").code == 2
    bad = json.loads((out / "rejected.jsonl").read_text("utf-8").splitlines()[0])
    assert bad["line"] == 8
    whole = gracja(*command, "-o", tmp_path / "whole").json

    assert gracja(*command, "-o", out).json["observations"] == whole["observations"]
    for name in ("observations.parquet", "report.html", "rejected.jsonl"):
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_two_runs_into_one_file_do_not_mix(gracja, many, edition, tmp_path):
    out = tmp_path / "o.parquet"
    document = read_edition(edition.read_text("utf-8")).edition
    with Job([str(many(60))], document, out).parts():
        done = gracja("score", many(60), "-e", edition, "-o", out)

    assert done.code == 2
    assert "Another process is writing this file." in done.err
    assert not (tmp_path / "rejected.jsonl").exists()


LIMITED = """
import resource, sys
from gracja.cli.main import main
import gracja.cli.commands.score, gracja.engine.detect.batch
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
main(sys.argv[2:])
"""


@posix
@pytest.mark.parametrize(("room", "kept"), [(6_000, 0), (40_000, 996)])
def test_a_full_disk_is_said_and_what_is_scored_stays(many, result, edition, tmp_path, room, kept):
    source, out = many(), tmp_path / "o.parquet"
    command = [
        "score",
        source,
        "-e",
        edition,
        "-o",
        out,
        "--batch",
        BATCH,
        "--rejected",
        tmp_path / "rejected.jsonl",
    ]
    words = [sys.executable, "-c", LIMITED, str(room), *map(str, command), "--lang", "en"]

    done = subprocess.run(words, capture_output=True, text=True, check=False)

    assert done.returncode == 2, done.stderr
    assert "Nothing more can be written (File too large)" in done.stderr
    assert not out.exists()
    assert sum(pq.read_metadata(part).num_rows for part in parts_in(tmp_path)) == 2 * kept
    table, *_ = result(source, out)
    assert table.equals(result(source, tmp_path / "whole" / "o.parquet")[0])


def test_the_joined_file_is_plain_parquet_for_other_programs(many, result, tmp_path):
    out = tmp_path / "o.parquet"
    table, _, said = result(many(200), out)
    file = pq.ParquetFile(out)

    assert file.metadata.num_row_groups == 10
    assert table.num_rows == said["observations"] == file.metadata.num_rows
    assert pl.read_parquet(out).equals(pl.from_arrow(table))
    assert pa.concat_tables(file.read_row_group(group) for group in range(10)).equals(table)
    assert len(set(table["contact"].to_pylist())) == said["scored"]


def test_each_part_counts_from_its_place_however_far_that_is(tmp_path):
    from gracja.cli.parts import _encoded

    rows = dict.fromkeys(OBSERVATIONS.names)
    rows |= {"contact": "c", "segment": 0, "standard": "s", "edition": "e@1", "source": "automatic"}
    rows |= {"status": "marked", "evidence": [], "revision": 1}
    (batch,) = pa.Table.from_pylist([rows], OBSERVATIONS).to_batches()
    far = 5 * 2**30

    content = _encoded(batch, OBSERVATIONS, far)
    footer = pq.read_metadata(pa.BufferReader(content))

    assert footer.row_group(0).column(0).dictionary_page_offset == far
    assert len(content) < 20_000
