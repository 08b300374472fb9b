"""Tests with real transactions leave an empty database with its triggers, on both databases."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from gracja.app.common.audit import record
from gracja.app.common.models import AuditEntry


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_a_test_that_commits_leaves_nothing_to_the_next_one_but_the_triggers(time):
    assert not AuditEntry.objects.exists()

    record("place.rename", by=None, subject=("place", "x"), before={"name": "A"}, after={"name": "B"})

    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        AuditEntry.objects.all().delete()
