"""What must be in place before the application answers: its extra, its database, its static files."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import socket
import sys
from pathlib import Path
from typing import Final

import gracja
from gracja.cli.serving.refused import CannotServe

_NEEDED: Final = ("django", "gunicorn", "allauth", "axes", "ninja", "django_tasks_db", "whitenoise")


def look_for_the_extra() -> None:
    """Raises CannotServe: serve_windows, serve_extra_missing (facts: missing)."""
    if sys.platform == "win32":
        raise CannotServe("serve_windows")
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise CannotServe("serve_extra_missing", missing=", ".join(missing))


def configure(home: Path | None) -> None:
    """Name the settings and the data folder, for this process and those that it starts."""
    if home is not None:
        os.environ["GRACJA_HOME"] = str(home.expanduser().resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "gracja.app.settings"
    os.environ["GRACJA_STATIC"] = "collected"
    # Threads of numba and BLAS made the rating model slower on busy cores.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def port_is_free(host: str, port: int) -> None:
    """Raises CannotServe: serve_port (facts: host, port, reason)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise CannotServe(
                "serve_port", host=host, port=port, reason=error.strerror or str(error)
            ) from None


def set_up() -> None:
    """Load Django. Raises CannotServe: serve_settings (facts: reason)."""
    import django  # noqa: PLC0415  (only where the extra is there)
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise CannotServe("serve_settings", reason=str(error)) from None


def look_for_tables() -> None:
    """Raises CannotServe: serve_nothing_here (facts: path), and of the database as the next one."""
    from django.conf import settings  # noqa: PLC0415  (only where the extra is there)
    from django.db import DatabaseError, connection  # noqa: PLC0415
    from django.db.migrations.recorder import MigrationRecorder  # noqa: PLC0415

    try:
        if not MigrationRecorder(connection).has_table():
            raise CannotServe("serve_nothing_here", path=str(settings.HOME))
    except DatabaseError as error:
        raise _refusal(error) from None


def bring_database_up_to_date() -> int:
    """Apply the migrations that are missing; how many they were.

    Raises CannotServe: serve_database_newer (facts: names), serve_database_locked, serve_database_full,
    serve_database_broken (facts: reason).
    """
    from django.core.management import call_command  # noqa: PLC0415  (only where the extra is there)
    from django.db import DatabaseError, connection, connections  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    from gracja.app.operations.applied import of_newer_code  # noqa: PLC0415  (as above)

    try:
        executor = MigrationExecutor(connection)
        if strange := of_newer_code(executor):
            raise CannotServe("serve_database_newer", names=", ".join(strange), version=gracja.__version__)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            call_command("migrate", interactive=False, verbosity=0)
        _take_the_write_lock()
    except DatabaseError as error:
        raise _refusal(error) from None
    finally:
        connections.close_all()  # nothing open is handed to the processes that follow
    return len(plan)


def code_of_set_up() -> str:
    """A new code for the set-up page; empty where the company is there already."""
    from django.db import connections  # noqa: PLC0415  (only where the extra is there)

    from gracja.app.organisation.services.setup_code import setup_code  # noqa: PLC0415  (as above)

    try:
        return setup_code()
    finally:
        connections.close_all()  # as above


def _take_the_write_lock() -> None:
    """What every write needs, taken and let go again."""
    from django.contrib.sessions.models import Session  # noqa: PLC0415  (needs loaded settings)
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        Session.objects.filter(pk="").delete()


def _refusal(error: Exception) -> CannotServe:
    reason = str(error).strip()
    if "locked" in reason:
        return CannotServe("serve_database_locked")
    if "full" in reason or "No space left" in reason:
        return CannotServe("serve_database_full")
    return CannotServe("serve_database_broken", reason=reason.splitlines()[0] if reason else "")


def collect_static_files() -> bool:
    """Gather and compress the static files, once per version and set of files; whether that was needed."""
    from django.conf import settings  # noqa: PLC0415  (needs the extra)
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from gracja.app.web.static_files import LEFT_OUT  # noqa: PLC0415

    said = hashlib.sha256(gracja.__version__.encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list(list(LEFT_OUT)), key=lambda one: one[0]):
            file = Path(storage.path(name)).stat()
            said.update(f"{name}\0{file.st_size}\0{file.st_mtime_ns}\n".encode())
    made_of = Path(settings.STATIC_ROOT).parent / "static.made-of"
    if made_of.is_file() and made_of.read_text(encoding="ascii") == said.hexdigest():
        return False
    made_of.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=list(LEFT_OUT))
    made_of.write_text(said.hexdigest(), encoding="ascii")
    return True
