"""Who was erased, by key, beside the database: so that a backup from before does not bring them back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from gracja.app.common.clock import now

NAME = "erasures.jsonl"


def note_erasure(key: str) -> None:
    """One line more; it names nobody."""
    line = json.dumps({"person": key, "at": now().isoformat(timespec="seconds")})
    with _file(settings.HOME).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def erased(home: Path) -> dict[str, str]:
    """Key -> when, of everybody erased so far."""
    file = _file(home)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {one["person"]: one["at"] for one in map(json.loads, lines)}


def keep_erasures(home: Path, found: Iterable[tuple[str, str]]) -> None:
    """Write the list anew."""
    lines = (json.dumps({"person": key, "at": at}) + "\n" for key, at in found)
    _file(home).write_text("".join(lines), encoding="utf-8")


def _file(home: Path) -> Path:
    return home / NAME
