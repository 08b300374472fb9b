"""The demo company as files, in the shapes in which people bring their own data."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pyarrow as pa

from gracja.demo.company import EDITION_NAME, demo_company
from gracja.engine.conversations.write import json_lines


@dataclass(frozen=True)
class DemoFiles:
    """Where the files are."""

    conversations: Path
    contacts: Path
    edition: Path


def write_demo(folder: Path, seed: int = 2026) -> DemoFiles:
    """Write conversations.jsonl, contacts.jsonl and edition.yaml into the folder, made if missing."""
    folder.mkdir(parents=True, exist_ok=True)
    company = demo_company(seed)
    written = DemoFiles(folder / "conversations.jsonl", folder / "contacts.jsonl", folder / "edition.yaml")
    _write_lines(written.conversations, company.conversations)
    _write_lines(written.contacts, company.contacts)
    written.edition.write_bytes(bundled_edition())
    return written


def bundled_edition() -> bytes:
    """The edition that the demo is scored with, as it is bundled."""
    bundled = files("gracja.engine.edition") / "bundled" / f"{EDITION_NAME}.yaml"
    return bundled.read_bytes()


def _write_lines(path: Path, table: pa.Table) -> None:
    with path.open("wb") as out:
        out.writelines(json_lines(table))
