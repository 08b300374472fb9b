"""Conversations: files of them, their scoring, and how personal they should have been."""

from __future__ import annotations

from django.db import models

from gracja.app.common.clock import now
from gracja.app.common.jobs import Job
from gracja.app.organisation.models import Person
from gracja.app.standards.models import Edition


class Wanted(models.Model):
    """How personal a contact should have been, fixed without knowing how it went (tables.CONTACTS)."""

    contact = models.CharField(max_length=200)
    segment = models.PositiveSmallIntegerField(default=0)
    edition = models.CharField(max_length=90)  # salon@3
    service_kind = models.CharField(max_length=12)
    low = models.FloatField(null=True, blank=True)  # 0-100
    high = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=20)
    recorded_at = models.DateTimeField(null=True, blank=True)
    rules_version = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = (models.Index(fields=("edition",)),)
        constraints = (
            models.UniqueConstraint(fields=("contact", "segment"), name="wanted_once"),
            models.CheckConstraint(
                condition=models.Q(low=None, high=None)
                | models.Q(low__gte=0, high__lte=100, low__lte=models.F("high")),
                name="wanted_in_range",
            ),
        )

    def __str__(self) -> str:
        return f"{self.contact}/{self.segment}"


class Scoring(Job):
    """The archive scored with an edition: what has no mark of it yet."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="scorings")
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return self.uid


class Upload(Job):
    """A file of conversations: given, mapped to our columns, put in the archive, which is then scored."""

    STATES = ("given", *Job.STATES)

    state = models.CharField(max_length=10, default="given", choices=[(s, s) for s in STATES])
    file_name = models.CharField(max_length=200)
    stored_as = models.CharField(max_length=200)  # below GRACJA_HOME/files
    size_bytes = models.BigIntegerField()
    kind = models.CharField(max_length=10)  # csv, jsonl, parquet, empty
    mapping = models.JSONField(default=dict)  # contacts/services/mapping.py
    edition = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="+")
    scoring = models.ForeignKey(Scoring, null=True, on_delete=models.SET_NULL, related_name="uploads")
    given_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-given_at",)

    def __str__(self) -> str:
        return self.uid


class Forgetting(Job):
    """Somebody who was erased leaves the archive. names: what exports call them, until none is left there."""

    kind = models.CharField(max_length=8, default="employee", choices=(("employee",) * 2, ("customer",) * 2))
    key = models.CharField(max_length=22)  # Person.key or Customer.key, which stands in their place
    names = models.JSONField(default=list)
    asked_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.uid
