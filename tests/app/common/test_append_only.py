from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from gracja.app.common.audit import HIDDEN, record
from gracja.app.common.models import AuditEntry


def test_the_log_cannot_be_changed_or_shortened_even_past_the_application(db):
    record("place.rename", by=None, subject=("place", "x"), before={"name": "A"}, after={"name": "B"})

    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        AuditEntry.objects.update(action="nothing")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        AuditEntry.objects.all().delete()
    assert AuditEntry.objects.get().after == {"name": "B"}


def test_the_log_keeps_what_changed_and_hides_what_is_personal(db):
    record(
        "person.change",
        by=None,
        subject=("person", "key"),
        before={"name": "Darek Lis", "email": "", "code": "D1"},
        after={"name": "Darek Nowak", "email": "d@x.example", "code": "D1"},
        personal=("name", "email"),
    )

    entry = AuditEntry.objects.get()
    assert (entry.before, entry.after) == (
        {"name": HIDDEN, "email": ""},
        {"name": HIDDEN, "email": HIDDEN},
    )
