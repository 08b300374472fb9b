"""How programs come in: tokens that act as a person, and answers kept so that nothing is done twice."""

from __future__ import annotations

from django.db import models

from gracja.app.common.clock import now
from gracja.app.common.uid import new_uid
from gracja.app.organisation.models import Person


class ApiToken(models.Model):
    """A token acts as the person who made it, within its scopes, until it expires. Only its hash is kept."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    title = models.CharField(max_length=80)  # what it is for, in its maker's words
    token_hash = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)  # of the secret, so that its maker knows which one it is
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)  # lately; not every time is written down
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="token_expires_after_it_is_made"
            ),
        )

    def __str__(self) -> str:
        return self.uid

    @property
    def valid(self) -> bool:
        return self.withdrawn_at is None and self.expires_at > now()


class KeptAnswer(models.Model):
    """What a write was answered under its Idempotency-Key, for a day: sent again, it gets the same answer."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)  # null only within the transaction that answers
    body = models.TextField(blank=True)
    made_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "key_hash"), name="answered_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.status}"
