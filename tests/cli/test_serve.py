"""`gracja serve`: a real process on a free port, with its worker beside it; both end together."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gracja.cli.serving import ready
from gracja.cli.serving.refused import CannotServe

GRACJA = [sys.executable, "-m", "gracja"]
PATIENCE_SECONDS = 90  # on a busy machine; seconds on an idle one


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def get(port: int, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def wait_for(true, what: str):
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with suppress(OSError, ValueError):
            if found := true():
                return found
        time.sleep(0.2)
    raise AssertionError(f"waited in vain: {what}")


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@contextmanager
def serving(home: Path, *options: str):
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in ("GRACJA_HOME", "DATABASE_URL")}
    command = [*GRACJA, "--lang", "en", "serve", "--home", str(home), "--port", str(port), *options]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        wait_for(lambda: process.poll() is not None or get(port, "/setup/")[0] == 200, "the set-up page")
        yield process, port
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


def apply(home: Path, app: str, name: str) -> None:
    """Note a migration as applied, as another version of the code would have."""
    with closing(sqlite3.connect(home / "gracja.sqlite3")) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)", (app, name, "2026-01-01")
        )


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("serve") / "home"


@pytest.mark.skipif(sys.platform == "win32", reason="gracja serve says that it does not run there")
def test_it_serves_works_in_the_background_and_ends_with_its_worker(home):
    with serving(home, "--workers", "1") as (process, port):
        health = wait_for(lambda: get(port, "/health/")[0] == 200 and get(port, "/health/"), "health")
        assert json.loads(health[1]) == {
            "status": "ok", "database": "ok", "archive": "ok", "worker": "ok",
        }  # fmt: skip
        page = get(port, "/setup/")[1].decode()
        style = page.split('rel="stylesheet" href="')[1].split('"')[0]
        assert style.count(".") == 2, "a name with the digest of its content"
        assert get(port, style)[0] == 200

        worker = int((home / "worker.lock").read_text())
        os.kill(worker, signal.SIGKILL)
        again = wait_for(
            lambda: (pid := int((home / "worker.lock").read_text())) != worker and pid, "another worker"
        )

        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)

        assert process.returncode == 0, said
        assert f"Gracja is at http://127.0.0.1:{port}/" in said
        assert "The database is up to date" in said
        wait_for(lambda: not is_alive(again), "the end of the worker")
        assert not (home / "worker.beat").exists()


def test_a_later_start_migrates_nothing_and_collects_nothing(home):
    made = (home / "cache" / "static.made-of").stat().st_mtime_ns
    apply(home, "organisation", "0001_initial")  # of old, before it was squashed
    with serving(home, "--workers", "1") as (process, _port):
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)

    assert "up to date" not in said
    assert (home / "cache" / "static.made-of").stat().st_mtime_ns == made


def test_where_others_can_reach_it_the_set_up_page_asks_for_a_printed_code(home):
    with serving(home, "--workers", "1", "--host", "0.0.0.0") as (process, port):  # noqa: S104
        page = get(port, "/setup/")[1].decode()
        kept = (home / "setup_code").read_text()
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)

    assert 'name="code"' in page
    assert f"asks for a code: {kept}" in said
    assert (home / "setup_code").stat().st_mode & 0o777 == 0o600


def test_a_database_newer_than_the_code_is_refused_and_left_alone(home):
    apply(home, "standards", "0099_later")
    command = [*GRACJA, "--lang", "pl", "serve", "--home", str(home), "--port", str(free_port())]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "nowsza Gracja" in done.stderr
    assert "standards.0099_later" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_said_before_anything_is_made(gracja, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = gracja("--lang", "en", "serve", "--home", tmp_path / "home", "--port", port)

    assert done.code == 2
    assert f"127.0.0.1:{port} cannot be used" in done.err
    assert not (tmp_path / "home").exists()


def test_without_the_extra_it_says_how_to_install_it(gracja, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "gunicorn" else found(name))

    done = gracja("--lang", "en", "serve")

    assert done.code == 2
    assert "missing: gunicorn" in done.err
    assert 'pip install "gracja[app]"' in done.err


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("database is locked", "serve_database_locked"),
        ("database or disk is full", "serve_database_full"),
        ("file is not a database", "serve_database_broken"),
        ("could not extend file: No space left on device", "serve_database_full"),
    ],
)
def test_what_is_wrong_with_the_database_has_a_sentence(said, key):
    refused = ready._refusal(DatabaseError(said))

    assert isinstance(refused, CannotServe)
    assert refused.key == key


def task(**given) -> DBTaskResult:
    return DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="gracja.none", backend_name="default",
        run_after=timezone.now(), exception_class_path="", traceback="", **given,
    )  # fmt: skip


def test_a_task_that_was_cut_off_is_begun_again_and_given_up_after_three(db):
    from gracja.cli.serving.worker import put_back_what_was_cut_off

    once = task(status="RUNNING", worker_ids=["me"])
    thrice = task(status="RUNNING", worker_ids=["me"] * 3)
    elsewhere = task(status="RUNNING", worker_ids=["other"])

    put_back_what_was_cut_off("me")

    for one, status in ((once, "READY"), (thrice, "FAILED"), (elsewhere, "RUNNING")):
        one.refresh_from_db()
        assert one.status == status


FORKED_MEANWHILE = """
import os, subprocess, threading, time
from pathlib import Path
from gracja.cli.serving import server

children = []
real = subprocess.Popen

def fork_a_server():
    if (child := os.fork()) == 0:
        time.sleep(60)  # a server's process lives on when the worker is gone
        os._exit(0)
    children.append(child)

def started(command, **given):  # the moment between the pipe's beginning and its being given away
    forking = threading.Thread(target=fork_a_server)
    forking.start()
    forking.join(0.5)
    return real(["true"], **given)

server.subprocess.Popen = started
worker = server.Worker(Path("beat"))
worker._watch = threading.Thread(target=lambda: None)
worker.start()
alive = worker._begin()
threading.Timer(20, lambda: os._exit(3)).start()
print("the end was seen:", os.read(alive, 1), flush=True)
while not children:
    time.sleep(0.01)
os.kill(children[0], 9)
os._exit(0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="gracja serve says that it does not run there")
def test_a_server_process_forked_while_a_worker_starts_does_not_hide_the_worker_s_end(tmp_path):
    said = subprocess.run(
        [sys.executable, "-c", FORKED_MEANWHILE],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert said.returncode == 0, said
    assert said.stdout == "the end was seen: b''\n"
