"""Somebody who was erased leaves the spreadsheets of purchases that wait, and what is kept of others."""

from __future__ import annotations

from django.db.models import Q

from gracja.app.common import audit
from gracja.app.common.kept_sheets import (
    Fault,
    delete_everything,
    delete_file,
    faults_of,
    keep_faults,
    sheet_of,
)
from gracja.app.common.names import Names
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import PurchaseImport


def imports_under_way() -> bool:
    working = Q(state__in=("queued", "running")) | Q(state="done", looking=True)
    return PurchaseImport.objects.filter(working).exists()


def forget_names(names: Names) -> None:
    """Files that wait and name them are dropped; in what is kept of others they are masked. In the caller's
    transaction.
    """
    for given in PurchaseImport.objects.all():
        if given.state == "done":
            delete_file(given)
        elif _named_in(given, names):
            delete_everything(given)
            given.delete()
            audit.record("purchases.drop", by=None, subject=("purchase_import", given.uid))
            continue
        given.outcome = given.outcome | {
            "shown": [names.masked(fault) for fault in given.outcome.get("shown", [])]
        }
        given.file_name = names.masked(given.file_name)[:200]
        given.save(update_fields=("outcome", "file_name"))
        faults = list(faults_of(given))
        masked = [Fault(*names.masked(list(fault))) for fault in faults]
        if masked != faults:
            keep_faults(given, masked)


def _named_in(given: PurchaseImport, names: Names) -> bool:
    try:
        sheet = sheet_of(given)
    except Refused:
        return True  # gone, or no longer to be read: nobody can use it
    return any(names.stand_in(cell) for row in sheet.rows for cell in row.values)
