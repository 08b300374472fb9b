"""A server of Gracja that is killed, in part or whole, and started again."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

START_SECONDS = 1800.0  # on a machine with much else to do


class Server:
    """`gracja serve` with two workers, started again after every kill on the same port."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._said = Path(environment["GRACJA_HOME"]) / "said.log"
        self.killed = {"worker": 0, "server": 0}
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = int(one.getsockname()[1])
        self._start()

    def _start(self) -> None:
        command = [str(Path(sys.executable).with_name("gracja")), "serve", "--workers", "2"]
        with self._said.open("ab") as said:
            self._process = subprocess.Popen(
                [*command, "--port", str(self.port)],
                env=self._environment, stdout=subprocess.DEVNULL, stderr=said,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                last = self._said.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise SystemExit(f"the server did not come up; the last that it said:\n{last}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", "/health/")
            line.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        else:
            return True  # not until the worker beside it is well, too: no client waits for that one
        finally:
            line.close()

    def kill_worker(self, draw: random.Random) -> None:
        """One of the two, in the middle of whatever it does."""
        if below := _below(self._process.pid):
            _kill(draw.choice(below))
            self.killed["worker"] += 1

    def kill_and_start(self) -> None:
        """Everything at once, as when the power goes."""
        self.kill()
        self.killed["server"] += 1
        self._start()

    def kill(self) -> None:
        below = _below(self._process.pid)
        self._process.kill()
        for pid in below:
            _kill(pid)
        self._process.wait(30)


def _below(pid: int) -> list[int]:
    """All processes below one, the nearest first."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    except OSError:
        return []
    children = [int(child) for child in text.split()]
    return [*children, *(further for child in children for further in _below(child))]


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it was quicker
        os.kill(pid, signal.SIGKILL)
