"""Files that wait to be taken over."""

from __future__ import annotations

from typing import Any

from django.db import models

from gracja.app.common.clock import now
from gracja.app.common.jobs import Job
from gracja.app.organisation.models.people import Person


class ImportFile(Job):
    """A file of people, places or shifts between choosing it and taking it over; emptied afterwards.

    A large one is looked at and taken over in the background: `doing` says which of both.
    """

    KINDS = ("people", "places", "roster")
    STATES = ("given", *Job.STATES)
    LOOK, APPLY, UNDO = "look", "apply", "undo"

    state = models.CharField(max_length=10, default="given", choices=[(s, s) for s in STATES])
    kind = models.CharField(max_length=6, choices=[(kind, kind) for kind in KINDS])
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()  # zlib; it may name people, so it goes once it is applied
    encoding = models.CharField(max_length=12, blank=True)  # empty: found out
    separator = models.CharField(max_length=1, blank=True)
    mapping = models.JSONField(null=True)  # our column -> the file's; null: guessed
    n_rows = models.PositiveIntegerField(default=0)
    head = models.JSONField(default=dict)  # heading, first
    doing = models.CharField(max_length=5, blank=True, choices=((LOOK, LOOK), (APPLY, APPLY), (UNDO, UNDO)))
    found = models.JSONField(default=dict)  # by looking, as far as it is shown
    leave_wrong = models.BooleanField(default=False)  # take over the right rows only
    given_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField(default=now)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)  # a roster: all of it was taken back

    class Meta:
        ordering = ("-given_at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    def save(self, **options: Any) -> None:
        """One that was deleted meanwhile, because it may name somebody who was erased, never comes back."""
        if self.pk and not options.get("update_fields"):
            options["force_update"] = True
        super().save(**options)
