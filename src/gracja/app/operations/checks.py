"""What a doctor looks at: each check says what it found, as a code with facts."""

from __future__ import annotations

import os
import shutil
import smtplib
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

from django.conf import settings
from django.core import mail
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django_tasks_db.models import DBTaskResult

import gracja
from gracja.app.common.clock import now
from gracja.app.contacts.archive import archive_if_there
from gracja.app.home import heartbeat
from gracja.app.operations.applied import of_newer_code
from gracja.archive.stat import stat as archive_stat
from gracja.engine.errors import EngineInputError

State = Literal["well", "warning", "wrong"]
LEAST_FREE: Final = 1_000_000_000  # bytes
OLDEST_BEAT_SECONDS: Final = 60
MOST_DRIFT_SECONDS: Final = 5
LONGEST_WAIT: Final = timedelta(minutes=15)
OLDEST_POSTGRES: Final = 140_000


@dataclass(frozen=True)
class Finding:
    """What one check found. The sentence, with the remedy, stands in wording/doctor.yaml by its code."""

    code: str
    state: State = "well"
    facts: dict[str, Any] = field(default_factory=dict)


def look() -> Iterator[Finding]:
    """Every check, one after another; one that breaks is a finding itself."""
    yield Finding("version", facts={"version": gracja.__version__})
    yield from _configuration()
    yield from _folder(settings.HOME)
    database = list(_database())
    yield from database
    checks: list[Callable[[], Iterator[Finding]]] = [_archive, _mail]
    if all(one.state != "wrong" for one in database):
        checks += [_clock, _worker]
    for check in checks:
        yield from check()


def _configuration() -> Iterator[Finding]:
    if settings.DEBUG:
        yield Finding("debug_on", "wrong")
    if len(settings.SECRET_KEY) < 32:
        yield Finding("secret_short", "wrong", {"length": len(settings.SECRET_KEY)})
    hosts = [host for host in settings.ALLOWED_HOSTS if host not in ("localhost", "127.0.0.1", "[::1]")]
    if hosts and not settings.HTTPS:
        yield Finding("no_https", "warning", {"hosts": ", ".join(hosts)})
    else:
        yield Finding("hosts", facts={"hosts": ", ".join(hosts) or "localhost"})


def _folder(home: Path) -> Iterator[Finding]:
    mode = home.stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("folder_open", "warning", {"path": str(home)})
    strange = [
        path.name
        for path in home.iterdir()
        if not os.access(path, os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0))
    ]
    if strange or not os.access(home, os.W_OK | os.X_OK):
        yield Finding("folder_not_ours", "wrong", {"path": str(home), "names": ", ".join(strange[:5])})
    else:
        yield Finding("folder", facts={"path": str(home)})
    free = shutil.disk_usage(home).free
    gigabytes = round(free / 1e9, 1)
    yield Finding("disk", "warning" if free < LEAST_FREE else "well", {"gigabytes": gigabytes})


def _database() -> Iterator[Finding]:
    try:
        executor = MigrationExecutor(connection)
        strange = of_newer_code(executor)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        broken = _integrity()
    except DatabaseError as wrong:
        yield Finding("database_unreachable", "wrong", {"problem": str(wrong).strip()})
        return
    if not executor.recorder.has_table():
        yield Finding("database_empty", "wrong", {"path": str(settings.HOME)})
    elif strange:
        yield Finding("database_newer", "wrong", {"names": ", ".join(strange[:3])})
    elif missing:
        yield Finding("database_behind", "warning", {"count": len(missing)})
    elif broken:
        yield Finding("database_broken", "wrong", {"problem": broken})
    else:
        yield Finding("database", facts={"kind": _kind()})
    if connection.vendor == "postgresql" and connection.pg_version < OLDEST_POSTGRES:  # type: ignore[attr-defined]
        yield Finding("postgres_old", "warning", {"version": _kind()})


def _integrity() -> str:
    """What SQLite says of its file; empty where it is whole."""
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        said = str(cursor.execute("PRAGMA quick_check(1)").fetchone()[0])
    return "" if said == "ok" else said


def _kind() -> str:
    if connection.vendor == "sqlite":
        from sqlite3 import sqlite_version  # noqa: PLC0415  (not where PostgreSQL is used)

        return f"SQLite {sqlite_version}"
    number = connection.pg_version  # type: ignore[attr-defined]
    return f"PostgreSQL {number // 10_000}.{number % 10_000}"


def _archive() -> Iterator[Finding]:
    try:
        archive = archive_if_there()
        if archive is None:
            yield Finding("archive_none")
            return
        said = archive_stat(archive)
    except EngineInputError as error:
        yield Finding("archive_wrong", "wrong", {"code": error.code, "facts": dict(error.facts)})
        return
    yield Finding("archive", facts={"conversations": said.conversations, "observations": said.observations})


def _mail() -> Iterator[Finding]:
    if not settings.EMAIL_CONFIGURED:
        yield Finding("mail_none")
        return
    server = mail.mailers["default"]
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as wrong:
        yield Finding("mail_wrong", "wrong", {"problem": str(wrong)})
    else:
        server.close()
        yield Finding("mail")


def _clock() -> Iterator[Finding]:
    """The machine's clock against the database's, and against the files that it wrote."""
    drift = 0.0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            drift = abs((cursor.fetchone()[0] - now()).total_seconds())
    beat = heartbeat(settings.HOME)
    if beat.exists():
        drift = max(drift, beat.stat().st_mtime - time.time())
    if drift > MOST_DRIFT_SECONDS:
        yield Finding("clock_off", "wrong", {"seconds": round(drift)})
    else:
        yield Finding("clock", facts={"now": now().strftime("%Y-%m-%d %H:%M UTC")})


def _worker() -> Iterator[Finding]:
    beat = heartbeat(settings.HOME)
    if not beat.exists() or time.time() - beat.stat().st_mtime > OLDEST_BEAT_SECONDS:
        yield Finding("worker_none", "warning")
    else:
        yield Finding("worker")
    failed = DBTaskResult.objects.failed().count()
    if failed:
        yield Finding("tasks_failed", "warning", {"count": failed})
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=now() - LONGEST_WAIT).count()
    if waiting:
        yield Finding("tasks_waiting", "warning", {"count": waiting})
