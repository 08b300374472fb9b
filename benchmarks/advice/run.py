"""How many times a second `POST /api/v1/advice` is answered, and how long one answer takes.

./run bench advice [--seconds 20] [--rate 200] [--clients 8] [--record]

A real `gracja serve --workers 2` on SQLite, asked over HTTP by clients of the same run, on the same machine:
they share its cores with the server and with whoever else is at work, so the clients are one loop over kept
connections that sends bytes made beforehand and reads of an answer only its status and its length. The CPU
per request, of the server and of the clients, is told as well: it changes less with who else is at work.
Requests come at a fixed rate, whether or not the ones before are answered, so that a slow answer is not
hidden by asking less; a time is counted from when its request was due.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from figure import figure, machine

from gracja.cli.serving.server import QUIET_SECONDS
from gracja.engine.dial.columns import read_dials
from gracja.engine.dial.read import bundled_rules

CUES = ("hurried", "tired", "browsing", "asks_advice", "embittered", "left_alone")
GOAL_RATE, GOAL_P99_MS, GOAL_BATCH_MILLION = 200, 60, 1
_SEED = """
import django; django.setup()
import sys
from datetime import date
from gracja.app.organisation.models import Company, Membership, Person, Place, User
from gracja.app.organisation.services.setup import make_built_in_roles
from gracja.app.standards.models import Edition
from gracja.app.tokens.services.tokens import make_token
from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.read import read_edition
from gracja.engine.edition.write import as_json, edition_digest
from django.core.management import call_command
call_command("migrate", verbosity=0)
Company.objects.create(name="Bench")
role = make_built_in_roles()["administrator"]
person = Person.objects.create(name="Bench")
Membership.objects.create(person=person, role=role)
user = User.objects.create(person=person, login="bench")
document = read_edition(bundled_text("salon")).edition
Edition.objects.create(edition_id=document.id, version=document.version, document=as_json(document),
    digest=edition_digest(document), effective_from=date(2026, 9, 1))
print(make_token(by=user, title="bench", scopes=["advice.ask"], days=1).secret)
"""


def main(arguments: list[str]) -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=float, default=20)
    asked.add_argument("--rate", type=float, default=GOAL_RATE)
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--record", action="store_true")
    options = asked.parse_args(arguments)
    machine()
    home = tempfile.mkdtemp(prefix="gracja-bench-")
    environment = os.environ | {"GRACJA_HOME": home, "DJANGO_SETTINGS_MODULE": "gracja.app.settings"}
    environment.pop("DATABASE_URL", None)
    seeded = subprocess.run(
        [sys.executable, "-c", _SEED], env=environment, check=True, capture_output=True, text=True
    )
    port = _free_port()
    server = subprocess.Popen(
        [str(Path(sys.executable).with_name("gracja")), "serve", "--port", str(port), "--workers", "2"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        token = seeded.stdout.split()[-1]
        _wait(port)
        _ask(port, token, 40, 2.0, options.clients, record=False)  # what each worker reads once
        _until_idle(server.pid)
        for record in (False, True) if options.record else (False,):
            began, spent, own = time.perf_counter(), _cpu_of(server.pid), time.process_time()
            took = _ask(port, token, options.rate, options.seconds, options.clients, record=record)
            seconds, own = time.perf_counter() - began, time.process_time() - own
            _tell(took, seconds, (_cpu_of(server.pid) - spent, own), options, record=record)
        _batch()
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def _tell(
    took: list[float], seconds: float, cpu: tuple[float, float], options: argparse.Namespace, *, record: bool
) -> None:
    named = f"POST /api/v1/advice{', recorded' if record else ''}"
    rate, p99 = len(took) / seconds, float(np.percentile(took, 99)) * 1000
    about = f"asked {options.rate:g} times a second by {options.clients} clients; shared machine"
    figure(
        f"{named}: answered",
        round(rate, 1),
        f"a second, {about}",
        f">= {GOAL_RATE * 0.98:g}",
        rate >= GOAL_RATE * 0.98,
    )
    figure(f"{named}: p50", round(float(np.percentile(took, 50)) * 1000, 1), "ms")
    figure(f"{named}: p99", round(p99, 1), "ms", f"<= {GOAL_P99_MS} ms", p99 <= GOAL_P99_MS)
    for whose, spent in zip(("server", "clients"), cpu, strict=True):
        if spent:
            figure(f"{named}: CPU of the {whose}", round(spent / len(took) * 1000, 2), "ms a request")


def _cpu_of(pid: int) -> float:
    """Seconds of CPU that a process and all below it have used; 0 where the system does not tell."""
    try:
        of = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    except OSError:
        return 0.0
    own = (int(of[11]) + int(of[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(_cpu_of(int(child)) for child in below)


def _until_idle(pid: int) -> None:
    """The worker beside the server reads much as it starts, and each of the server's processes a while after
    its own start; that is no request's.
    """
    time.sleep(QUIET_SECONDS)
    for _ in range(30):
        before = _cpu_of(pid)
        time.sleep(1)
        if _cpu_of(pid) - before < 0.1:
            return


def _batch() -> None:
    """The pure dial, of a table of situations at once."""
    draw = np.random.default_rng(5)
    rules, rows = bundled_rules(), 2_000_000
    jobs = np.asarray([one.occupation for one in rules.occupations])
    situations = pa.table(
        {"occupation": pa.array(jobs[draw.integers(0, len(jobs), rows)])}
        | {cue: pa.array(draw.random(rows) < 0.2) for cue in ("hurried", "tired", "asks_advice")}
        | {"queue": pa.array(draw.integers(0, 8, rows)), "known": pa.array(draw.integers(0, 5, rows))}
    )
    read_dials(situations.slice(0, 1000), rules)
    took = min(_seconds(lambda: read_dials(situations, rules)) for _ in range(3))
    reached = rows / took / 1e6
    figure(
        "the pure dial, of a table", round(reached, 2), "million situations a second on one core",
        f">= {GOAL_BATCH_MILLION}", reached >= GOAL_BATCH_MILLION,
    )  # fmt: skip


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


@dataclass(slots=True)
class _Line:
    """A kept connection, and the request that waits on it for an answer."""

    socket: socket.socket
    due: float = 0.0
    heard: bytes = b""

    def whole(self) -> bool:
        """Hear what has come; whether that was the last of an answer."""
        more = self.socket.recv(65536)
        if not more:
            raise SystemExit("the server hung up")
        self.heard += more
        head, _, body = self.heard.partition(b"\r\n\r\n")
        length = head.lower().partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0]
        return bool(length) and len(body) == int(length)


def _ask(port: int, token: str, rate: float, seconds: float, clients: int, *, record: bool) -> list[float]:
    """Seconds from when each request was due to its whole answer; every answer must be right."""
    requests = [
        _request(port, token, {cue: 1, "queue": queue}, record=record) for cue in CUES for queue in range(6)
    ]
    waiting = deque(np.arange(0, seconds, 1 / rate).tolist())
    free = deque(_Line(socket.create_connection(("127.0.0.1", port), timeout=30)) for _ in range(clients))
    ready, took = selectors.DefaultSelector(), list[float]()
    for line in free:
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ready.register(line.socket, selectors.EVENT_READ, line)
    began, lines = time.perf_counter(), list(free)
    while waiting or len(free) < clients:
        now = time.perf_counter() - began
        while waiting and free and waiting[0] <= now:
            line = free.popleft()
            line.due, line.heard = waiting.popleft(), b""
            line.socket.sendall(random.choice(requests))  # noqa: S311  (which situation comes; no secret)
        for key, _ in ready.select(max(0.0, waiting[0] - now) if waiting and free else 30):
            if key.data.whole():
                took.append(time.perf_counter() - began - key.data.due)
                assert key.data.heard.startswith(b"HTTP/1.1 200 "), key.data.heard
                free.append(key.data)
    for line in lines:
        line.socket.close()
    return took


def _request(port: int, token: str, cues: dict[str, int], *, record: bool) -> bytes:
    """One situation as it goes over the wire."""
    body = json.dumps({"occupation": "hairdresser", "cues": cues, "record": record}).encode()
    head = (
        f"POST /api/v1/advice HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(240):
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/counter/worker.js")
            line.getresponse().read()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the server did not come up")


if __name__ == "__main__":
    main(sys.argv[1:])
