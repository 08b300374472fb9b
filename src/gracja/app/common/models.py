"""The audit log: every change, who, what, before and after, when. Append-only, in the database too."""

from __future__ import annotations

from django.db import models

from gracja.app.common.clock import now


class AuditEntry(models.Model):
    """One change. People and customers stand here by key only, so that a person can be erased."""

    at = models.DateTimeField(default=now, db_index=True)
    by_key = models.CharField(max_length=22, blank=True, db_index=True)  # Person.key; empty: the system
    action = models.CharField(max_length=60, db_index=True)  # place.rename, edition.publish
    subject_kind = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=60, db_index=True)
    place_key = models.CharField(max_length=22, blank=True, db_index=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("subject_kind", "subject_key")),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject_key}"
