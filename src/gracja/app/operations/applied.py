"""Which migrations a database knows that this code does not."""

from __future__ import annotations

from django.db.migrations.executor import MigrationExecutor


def of_newer_code(executor: MigrationExecutor) -> list[str]:
    """Migrations of our apps that are in the database and not in the code: a newer version wrote there.

    Those that a squashed one replaces are of an older version, though their files are gone.
    """
    known = set(executor.loader.disk_migrations or ())
    apps = {app for app, _ in known}
    known.update(old for one in executor.loader.replacements.values() for old in one.replaces)
    applied = executor.recorder.applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app in apps and (app, name) not in known)
