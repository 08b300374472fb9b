"""What a backup holds, and whether it is whole."""

from __future__ import annotations

import hashlib
import json
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from gracja.app.common.refused import Refused

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
ROWS: Final = "database.jsonl.gz"
_AT_ONCE: Final = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """migrations: app -> its last one. rows: table -> count. members: name -> SHA-256."""

    format: int
    gracja: str
    made_at: str
    migrations: dict[str, str]
    rows: dict[str, int]
    members: dict[str, str]

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def checked(path: Path) -> Manifest:
    """The manifest of this backup, after every member was read and compared with it.

    Raises Refused: backup_not_found, backup_unreadable (facts: path, problem), backup_newer (facts: format),
    backup_damaged (facts: path, member).
    """
    if not path.is_file():
        raise Refused("backup_not_found", path=str(path))
    try:
        with tarfile.open(path) as tar:
            manifest, found = _read(tar, path)
    except (tarfile.TarError, EOFError, ValueError, TypeError, OSError) as wrong:
        raise Refused("backup_unreadable", path=str(path), problem=str(wrong)) from None
    if manifest is None:
        raise Refused("backup_unreadable", path=str(path), problem=MANIFEST)
    if manifest.format != FORMAT:
        raise Refused("backup_newer", format=manifest.format)
    for name in sorted(manifest.members.keys() | found.keys()):
        if manifest.members.get(name) != found.get(name):
            raise Refused("backup_damaged", path=str(path), member=name)
    return manifest


def _read(tar: tarfile.TarFile, path: Path) -> tuple[Manifest | None, dict[str, str]]:
    """The manifest, and member -> SHA-256 of what is there."""
    manifest: Manifest | None = None
    found: dict[str, str] = {}
    for member in tar:
        if member.isdir():
            continue
        if not member.isreg():  # a backup holds no links: they may lead nowhere, or outside
            raise Refused("backup_damaged", path=str(path), member=member.name)
        file = tar.extractfile(member)
        assert file is not None
        if member.name == MANIFEST:
            manifest = Manifest(**json.load(file))
        else:
            found[member.name] = sha256(file)
    return manifest, found


def sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_AT_ONCE):
        digest.update(piece)
    return digest.hexdigest()
