"""How other systems name our people and places, and the conversations that came from them."""

from __future__ import annotations

from django.db import models

from gracja.app.common.clock import now
from gracja.app.common.uid import new_uid
from gracja.app.organisation.models import Person, Place


class ExternalId(models.Model):
    """What an export calls somebody or some place: mapped once, used for every row."""

    system = models.CharField(max_length=60)  # upload, a connector's name
    value = models.CharField(max_length=200)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.CASCADE, related_name="external_ids"
    )
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.CASCADE, related_name="external_ids"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(place__isnull=True),
                name="external_id_of_one",
            ),
            models.UniqueConstraint(
                fields=("system", "value"),
                condition=models.Q(person__isnull=False),
                name="external_person_once",
            ),
            models.UniqueConstraint(
                fields=("system", "value"),
                condition=models.Q(place__isnull=False),
                name="external_place_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.system}:{self.value}"


class Upload(models.Model):
    """A file of conversations: given, mapped to our columns, checked, put in the archive, scored."""

    STATES = ("given", "mapped", "queued", "importing", "scoring", "done", "failed")

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    file_name = models.CharField(max_length=200)
    stored_as = models.CharField(max_length=200)  # below GRACJA_HOME/files/uploads
    size_bytes = models.BigIntegerField()
    kind = models.CharField(max_length=10)  # csv, jsonl, parquet
    mapping = models.JSONField(default=dict)  # our column -> the file's
    options = models.JSONField(default=dict)  # encoding, separator, language, agent's word for a speaker
    state = models.CharField(max_length=10, default="given", choices=[(s, s) for s in STATES])
    share_done = models.FloatField(default=0)
    counts = models.JSONField(default=dict)  # rows, conversations, rejected, observations, seconds
    trouble = models.JSONField(default=dict)  # code and facts, where it failed
    attempts = models.PositiveSmallIntegerField(default=0)
    given_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-given_at",)

    def __str__(self) -> str:
        return self.uid
