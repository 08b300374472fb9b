"""Who was erased, beside the database: so that a backup from before does not bring them back.

A file of lines, each an event: a person or customer erased (by key), a mark of what an erased customer was
known by (contacts.models.erased), or such a mark taken away, because they came back. It names nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from gracja.app.common.clock import now

NAME = "erasures.jsonl"


@dataclass(frozen=True)
class Erasures:
    """keys: of everybody erased -> when. marks: -> the day, and whether it is kept (else: taken away)."""

    keys: dict[str, str] = field(default_factory=dict)
    marks: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def __or__(self, later: Erasures) -> Erasures:
        """Both; where they speak of the same, what `later` says."""
        return Erasures(self.keys | later.keys, self.marks | later.marks)


def note_erasure(key: str) -> None:
    """One line more."""
    _append([{"person": key, "at": now().isoformat(timespec="seconds")}])


def note_marks(marks: Iterable[str], *, kept: bool) -> None:
    """These are kept from now on, or taken away. By the day alone: the hour would say whose they are."""
    day = now().date().isoformat()
    _append([{"mark": mark, "at": day, "kept": kept} for mark in sorted(marks)])


def erased(home: Path) -> Erasures:
    """All that the file of this folder says; of one mark its last line."""
    file, found = _file(home), Erasures()
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        said = json.loads(line)
        if "mark" in said:
            found.marks[said["mark"]] = (said["at"], said["kept"])
        else:
            found.keys[said["person"]] = said["at"]
    return found


def keep_erasures(home: Path, found: Erasures) -> None:
    """Write the list anew; marks in an order that says nothing of whose they are."""
    lines: list[dict[str, Any]] = [{"person": key, "at": at} for key, at in found.keys.items()]
    lines += [{"mark": mark, "at": at, "kept": kept} for mark, (at, kept) in sorted(found.marks.items())]
    _file(home).write_text("".join(map(_line, lines)), encoding="utf-8")


def _append(lines: Iterable[dict[str, Any]]) -> None:
    with _file(settings.HOME).open("a", encoding="utf-8") as file:
        file.write("".join(map(_line, lines)))  # in one go: another process may write, too


def _line(event: dict[str, Any]) -> str:
    return json.dumps(event) + "\n"


def _file(home: Path) -> Path:
    return home / NAME
