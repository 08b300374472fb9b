"""The demo's data folder: made once, marked as a demo, filled through the services."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import gracja
from gracja.cli.screen import Screen
from gracja.cli.serving.ready import bring_database_up_to_date, collect_static_files, configure, set_up
from gracja.cli.serving.refused import CannotServe

_MARK = "demo.json"


def prepare_demo(home: Path, screen: Screen, *, reset: bool) -> None:
    """A filled data folder; one that was begun and not finished is begun anew.

    Raises CannotServe: demo_not_ours (facts: path), demo_not_filled, as the other preparations.
    """
    filled = _is_filled(home) and not reset
    if not filled:
        _clear(home)
        _mark(home, filled=False)
    os.environ.pop("DATABASE_URL", None)  # the demo is never put into somebody's database
    configure(home)
    set_up()
    bring_database_up_to_date()
    if not filled:
        _fill(screen.lang)
        _mark(home, filled=True)
    collect_static_files()


def _fill(lang: str) -> None:
    done = subprocess.run([sys.executable, "-m", "gracja.cli.serving.filling", lang], check=False)  # noqa: S603
    if done.returncode:
        raise CannotServe("demo_not_filled")


def _is_filled(home: Path) -> bool:
    try:
        return bool(json.loads((home / _MARK).read_text(encoding="utf-8"))["filled"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return False


def _clear(home: Path) -> None:
    """Delete a demo's folder, and nothing else's."""
    if home.exists() and any(home.iterdir()):
        if not (home / _MARK).exists():
            raise CannotServe("demo_not_ours", path=home)
        shutil.rmtree(home)


def _mark(home: Path, *, filled: bool) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    said = {"filled": filled, "gracja": gracja.__version__}
    (home / _MARK).write_text(json.dumps(said), encoding="utf-8")
