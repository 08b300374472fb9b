"""Work that is killed at any moment, and work that two processes do at once: each a process of its own."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from gracja.archive.proof import scan
from gracja.archive.tidy import sweep

WORK = Path(__file__).with_name("work.py")
COUNT, AT_ONCE = 300, 10


class Worker:
    """A process that forks one for each job."""

    def __init__(self):
        self.running = subprocess.Popen(
            [sys.executable, str(WORK)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def begin(self, job, folder, *, first=0, count=COUNT, at_once=AT_ONCE, most_bytes=-1):
        self._say(json.dumps([job, str(folder), first, count, at_once, most_bytes]))

    def end(self, how):
        """The exit status: `kill` now, or `wait` for its end."""
        self._say(how)
        return int(self.running.stdout.readline())

    def _say(self, line):
        self.running.stdin.write(line + "\n")
        self.running.stdin.flush()


@pytest.fixture(scope="module")
def workers():
    both = [Worker(), Worker()]
    yield both
    for worker in both:
        worker.running.communicate()


@pytest.fixture
def killed(workers):
    """Kill a job at random moments, look each time at what it left, and at last let it come to its end."""
    moments = random.Random(11)  # noqa: S311  moments, not secrets

    def many_times(job, folder, after_each, *, within_seconds=0.4, kills=16):
        died = 0
        for _ in range(kills):
            workers[0].begin(job, folder)
            time.sleep(moments.uniform(0, within_seconds))
            in_the_midst = workers[0].end("kill") == signal.SIGKILL
            died += in_the_midst
            within_seconds *= 1.0 if in_the_midst else 0.7  # a faster machine is killed sooner
            after_each()
        workers[0].begin(job, folder)
        assert workers[0].end("wait") == 0
        assert died > 3, "the kills must fall in the midst of the work"

    return many_times


def test_an_import_killed_at_any_moment_shows_whole_batches_and_goes_on_where_it_stopped(
    tmp_path, call, open_shop, killed
):
    shop = open_shop(tmp_path / "killed")
    seen = []

    def look():
        rows = shop.conversations()
        seen.append(len(rows))
        assert len(rows) % AT_ONCE == 0
        assert max(Counter(row["contact"] for row in rows).values(), default=1) == 1

    killed("import", shop.folder, look)

    whole = open_shop(tmp_path / "whole")
    whole.takes(*(call(number) for number in range(COUNT)))
    assert shop.conversations() == whole.conversations()
    assert seen == sorted(seen)


def test_a_scoring_killed_at_any_moment_shows_whole_batches_and_goes_on_where_it_stopped(
    tmp_path, call, open_shop, killed
):
    shop, whole = open_shop(tmp_path / "killed"), open_shop(tmp_path / "whole")
    for each in (shop, whole):
        each.takes(*(call(number) for number in range(COUNT)))
    whole.scores()
    of_each = Counter(row["contact"] for row in whole.observations())
    seen = []

    def look():
        found = Counter(row["contact"] for row in shop.observations())
        seen.append(len(found))
        assert all(found[contact] == of_each[contact] for contact in found)

    killed("score", shop.folder, look)

    assert shop.observations() == whole.observations()
    assert seen == sorted(seen)


@pytest.mark.parametrize("job", ["customer", "employee"])
def test_an_erasure_killed_at_any_moment_is_repeated_to_its_end(tmp_path, call, open_shop, killed, job):
    shop = open_shop(tmp_path / "killed")
    shop.takes(*(call(number) for number in range(COUNT)), at_once=50)
    shop.scores(at_once=50)
    before = len(shop.conversations())

    def look():
        rows = shop.conversations()
        assert len(rows) in (before, before - COUNT // 20)
        assert {row["contact"] for row in shop.observations()} <= {row["contact"] for row in rows}

    killed(job, shop.folder, look, kills=8)

    assert not scan(shop.folder, "customer-003" if job == "customer" else "Darek Wiśniewski").places


def test_what_a_killed_run_left_on_the_disk_is_swept_away(tmp_path, call, open_shop):
    shop = open_shop(tmp_path / "swept")
    shop.takes(call(1))
    orphan = next((shop.folder / "conversations").glob("month=*")) / "half.parquet"
    orphan.write_bytes(b"PAR1 half a file")

    assert sweep(shop.archive) == 1
    assert not orphan.exists()
    assert len(shop.conversations()) == 1


def test_two_processes_that_import_the_same_leave_each_contact_once(tmp_path, call, open_shop, workers):
    folder = tmp_path / "both"
    workers[0].begin("import", folder)
    workers[1].begin("import", folder)
    assert [worker.end("wait") for worker in workers] == [0, 0]

    whole = open_shop(tmp_path / "whole")
    whole.takes(*(call(number) for number in range(COUNT)))
    assert open_shop(folder).conversations() == whole.conversations()


def test_two_processes_that_import_different_files_both_get_in(tmp_path, open_shop, workers):
    folder = tmp_path / "both"
    workers[0].begin("import", folder)
    workers[1].begin("import", folder, first=COUNT)
    assert [worker.end("wait") for worker in workers] == [0, 0]

    assert len(open_shop(folder).conversations()) == 2 * COUNT


def test_two_processes_that_score_the_same_leave_each_row_once(tmp_path, call, open_shop, workers):
    shop, whole = open_shop(tmp_path / "both"), open_shop(tmp_path / "whole")
    for each in (shop, whole):
        each.takes(*(call(number) for number in range(COUNT)))
    whole.scores()
    workers[0].begin("score", shop.folder)
    workers[1].begin("score", shop.folder)
    assert [worker.end("wait") for worker in workers] == [0, 0]

    assert shop.observations() == whole.observations()


@pytest.mark.parametrize("time", range(4))
def test_two_processes_that_compact_at_once_leave_each_row_once(tmp_path, call, open_shop, workers, time):
    shop = open_shop(tmp_path / "both")
    shop.takes(*(call(number, started_at=None) for number in range(90)), at_once=10)
    shop.scores(at_once=10)
    assert len(shop.archive.conversation_files().files()) == 9
    before = shop.conversations(), shop.observations()
    for worker in workers:
        worker.begin("tidy", shop.folder)
    assert [worker.end("wait") for worker in workers] == [0, 0]

    assert len(shop.archive.conversation_files().files()) == 1
    assert (shop.conversations(), shop.observations()) == before
    assert (len(before[0]), len(before[1])) == (90, 180)


@pytest.mark.parametrize("most_bytes", [3, 200, 5_000, 7_000])
def test_a_full_disk_is_said_and_the_archive_stays_readable(tmp_path, call, open_shop, workers, most_bytes):
    shop = open_shop(tmp_path / "full")
    shop.takes(*(call(number) for number in range(60)))
    before = shop.conversations()
    workers[0].begin("import", shop.folder, first=1000, count=3000, at_once=3000, most_bytes=most_bytes)
    status = os.waitstatus_to_exitcode(workers[0].end("wait"))

    assert status == errno.ENOSPC
    assert shop.conversations() == before
    assert len(list((shop.folder / "conversations").rglob("*.parquet"))) == 2, "no half file is left"
    assert shop.takes(call(60)).new == 1
