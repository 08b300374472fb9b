from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, RunSQL

OURS = {"common", "organisation", "standards", "contacts", "observations", "measurement"}


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration(capsys):
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


@pytest.mark.django_db
def test_every_migration_of_ours_can_be_taken_back():
    loader = MigrationExecutor(connection).loader
    one_way = [
        f"{app}.{name}"
        for (app, name), migration in loader.disk_migrations.items()
        if app in OURS
        for step in migration.operations
        if isinstance(step, RunPython | RunSQL) and not step.reversible
    ]

    assert one_way == []
    assert {app for app, _ in loader.disk_migrations} >= OURS
