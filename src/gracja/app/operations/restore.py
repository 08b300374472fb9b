"""A backup brought back into an empty data folder and an empty database."""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from gracja.app.common.erasures import NAME, erased, keep_erasures
from gracja.app.common.jobs import take_up
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Forgetting, PurchaseImport, Scoring, Upload
from gracja.app.contacts.services.customers.files.imports import carry_out_purchases
from gracja.app.contacts.services.forgetting import carry_out_forgetting
from gracja.app.contacts.services.importing import carry_out_upload
from gracja.app.contacts.services.scoring import carry_out_scoring
from gracja.app.measurement.models import Run
from gracja.app.measurement.services.runs import carry_out_run
from gracja.app.observations.models import VisitImport
from gracja.app.observations.services.imports import carry_out_import
from gracja.app.operations.backup import FILES
from gracja.app.operations.erasure import erase_again
from gracja.app.operations.manifest import ROWS, Manifest, checked
from gracja.app.operations.rows import LEFT_OUT, load_rows, tables
from gracja.app.organisation.models import ImportFile
from gracja.app.organisation.services.imports.background import work_at_file


@dataclass(frozen=True)
class Restored:
    """listed: whether a list of erasures lay in the folder. again: how many people and customers were erased
    anew. marks: of how many telephones, e-mails and numbers the backup did not know yet that whoever had them
    was erased.
    """

    manifest: Manifest
    listed: bool
    again: int
    marks: int


def restore(path: Path) -> Restored:
    """Bring everything back. The backup is read to its end and checked before anything is written.

    Raises Refused: those of `manifest.checked`; restore_not_empty (facts: what), restore_needs_newer_code
    (facts: names), restore_differs (facts: table, expected, found).
    """
    manifest = checked(path)
    # laid into the empty folder by whoever restores: erasures since the backup
    listed, here = (settings.HOME / NAME).exists(), erased(settings.HOME)
    _must_be_empty()
    _must_be_known(manifest)
    home: Path = settings.HOME
    with tarfile.open(path) as tar:
        for member in tar:
            if member.name == ROWS:
                rows = tar.extractfile(member)
                assert rows is not None
                _bring_back_rows(rows, manifest)  # type: ignore[arg-type]
            elif member.name in FILES or member.name.startswith(("archive/", "files/")):
                tar.extract(member, home, filter="data")
    call_command("migrate", verbosity=0)
    gone = erased(home) | here
    keep_erasures(home, gone)  # first: whoever is erased again adds to it
    again, marks = erase_again(gone)
    _go_on()
    return Restored(manifest, listed, again, marks)


def _go_on() -> None:
    """The queue is in no backup: what waited when it was made, or was at work, begins anew."""
    take_up(work_at_file, ImportFile.objects.all())
    take_up(carry_out_upload, Upload.objects.all())
    take_up(carry_out_scoring, Scoring.objects.all())
    take_up(carry_out_forgetting, Forgetting.objects.all())
    take_up(carry_out_purchases, PurchaseImport.objects.all())
    take_up(carry_out_import, VisitImport.objects.all())
    take_up(carry_out_run, Run.objects.all())


def _bring_back_rows(rows: tarfile.ExFileObject, manifest: Manifest) -> None:
    """Tables as they were when the backup was made, then their rows; newer migrations come after."""
    executor = MigrationExecutor(connection)
    left_out = [node for node in executor.loader.graph.leaf_nodes() if node[0] in LEFT_OUT]
    targets = [*manifest.migrations.items(), *left_out]
    executor.migrate(targets)
    state = MigrationExecutor(connection).loader.project_state(targets)
    counts = load_rows(rows, state.apps)
    for table, expected in manifest.rows.items():
        if counts.get(table, 0) != expected:
            raise Refused("restore_differs", table=table, expected=expected, found=counts.get(table, 0))


def _must_be_empty() -> None:
    home: Path = settings.HOME
    there = [name for name in ("archive", "files") if (home / name).exists() and any((home / name).iterdir())]
    if there:
        raise Refused("restore_not_empty", what=f"{home}: {', '.join(there)}")
    made = set(connection.introspection.table_names())
    filled = [
        model._meta.db_table
        for model in tables()
        if model._meta.db_table in made and model._base_manager.exists()
    ]
    if filled:
        raise Refused("restore_not_empty", what=", ".join(filled[:3]))


def _must_be_known(manifest: Manifest) -> None:
    known = MigrationExecutor(connection).loader.disk_migrations or {}
    strange = [f"{app}.{name}" for app, name in manifest.migrations.items() if (app, name) not in known]
    if strange:
        raise Refused("restore_needs_newer_code", names=", ".join(strange))
