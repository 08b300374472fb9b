"""Everything of an installation in one file: database, archive, files, the secret that signs cookies."""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

import gracja
from gracja.app.common import erasures
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.contacts.archive import archive_if_there
from gracja.app.operations.manifest import FORMAT, MANIFEST, ROWS, Manifest, sha256
from gracja.app.operations.rows import LEFT_OUT, dump_rows

FILES: Final = ("secret_key", "demo.json", erasures.NAME)


def make_backup(target: Path) -> Manifest:
    """Write the backup; the file takes its name only when it is whole. People may go on working.

    Raises Refused: backup_exists (facts: path), backup_no_room (facts: path, problem).
    """
    if target.exists():
        raise Refused("backup_exists", path=str(target))
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # it holds everything that the installation holds: for its owner's eyes only
        with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:
            manifest = _write(out)
        part.replace(target)
    except OSError as wrong:
        raise Refused("backup_no_room", path=str(target), problem=wrong.strerror or str(wrong)) from None
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(out: io.BufferedWriter) -> Manifest:
    members: dict[str, str] = {}
    with tarfile.open(fileobj=out, mode="w") as tar:
        with tempfile.TemporaryFile(dir=settings.HOME) as rows:
            counts = dump_rows(rows)
            size = rows.tell()
            rows.seek(0)
            members[ROWS] = sha256(rows)
            rows.seek(0)
            _add(tar, ROWS, rows, size)
        archive = archive_if_there()
        # shared: nobody takes files away meanwhile; what comes late is not in the log that was copied
        with archive.shared() if archive else nullcontext():
            for path in _files(settings.HOME):
                # an import that is done meanwhile takes its file away
                with suppress(FileNotFoundError), path.open("rb") as file:
                    name = path.relative_to(settings.HOME).as_posix()
                    members[name] = sha256(file)
                    size = file.tell()
                    file.seek(0)
                    _add(tar, name, file, size)
        manifest = Manifest(
            format=FORMAT,
            gracja=gracja.__version__,
            made_at=now().isoformat(timespec="seconds"),
            migrations=_migrations(),
            rows=counts,
            members=members,
        )
        content = manifest.as_bytes()
        _add(tar, MANIFEST, io.BytesIO(content), len(content))
    return manifest


def _add(tar: tarfile.TarFile, name: str, file: io.IOBase, size: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(now().timestamp())
    tar.addfile(info, file)


def _files(home: Path) -> Iterator[Path]:
    """The files of the data folder that are not made anew; Delta's logs before the data they speak of."""
    yield from (home / name for name in FILES if (home / name).is_file())
    for folder in ("archive", "files"):
        found = sorted(path for path in (home / folder).rglob("*") if path.is_file())
        yield from sorted(found, key=lambda path: "_delta_log" not in path.parts)


def _migrations() -> dict[str, str]:
    """App -> the last migration that this database has of it."""
    applied = MigrationRecorder(connection).applied_migrations()
    return {app: name for app, name in sorted(applied) if app not in LEFT_OUT}  # the last one stays
