"""The demo next door: started from the set-up page, in a folder and a process of its own.

Its one-click sign-ins must never reach a company's data, so it is another installation; it answers on this
machine alone, and ends with the server that it was started from.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.conf import settings

from gracja.app.common.refused import Refused
from gracja.app.home import replace_whole
from gracja.app.organisation.selectors.company import company

State = Literal["none", "filling", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """state: of the demo next door. port: where it answers."""

    state: State
    port: int = 0


def may_have_neighbour() -> bool:
    """Only while nobody has set up the company, and where no other machine reaches this page."""
    return company() is None and not settings.SETUP_CODE_NEEDED


def start_neighbour(*, language: str) -> None:
    """Begin to fill the demo; one that runs already is left alone.

    Raises Refused: no_demo_next_door.
    """
    if not may_have_neighbour():
        raise Refused("no_demo_next_door")
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if neighbour().state in ("filling", "ready"):
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("GRACJA_", "DATABASE_URL"))
    }
    command = [sys.executable, "-m", "gracja", "--lang", language, "demo", "--no-open"]
    log = str(folder / "log")
    pid = os.posix_spawn(
        sys.executable,
        [*command, "--out", str(folder), "--port", str(port)],
        own,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,  # a group of its own, which ends whole
    )
    replace_whole(_mark(), json.dumps({"pid": pid, "port": port}).encode())


def neighbour() -> Neighbour:
    """How far the demo next door is."""
    try:
        kept = json.loads(_mark().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Neighbour("none")
    if not _is_alive(kept["pid"]):
        return Neighbour("failed")
    return Neighbour("ready" if _answers(kept["port"]) else "filling", kept["port"])


def stop_neighbour() -> None:
    """End it with the server. Where none runs, nothing is done."""
    try:
        kept = json.loads(_mark().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    with suppress(ProcessLookupError):
        os.killpg(kept["pid"], signal.SIGTERM)
    _mark().unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.HOME) / "demo"


def _mark() -> Path:
    return _folder() / "next-door.json"


def _is_alive(pid: int) -> bool:
    with suppress(ChildProcessError):  # a child of ours that ended stays until somebody asks
        if os.waitpid(pid, os.WNOHANG)[0]:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _answers(port: int) -> bool:
    address = f"http://127.0.0.1:{port}/demo/"
    with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(address, timeout=5) as answer:
        return bool(answer.status == 200)
    return False
