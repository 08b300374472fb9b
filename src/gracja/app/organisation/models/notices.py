"""What staff were told, and who read it."""

from __future__ import annotations

from django.db import models

from gracja.app.common.clock import now
from gracja.app.common.uid import new_uid
from gracja.app.organisation.models.people import Person


class StaffNotice(models.Model):
    """What staff were told will be measured, from which day: dated, kept, never edited once given."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    text_pl = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    sources = models.JSONField(default=list)  # visit, review, automatic, customer
    given_at = models.DateTimeField(null=True, blank=True)  # null: a draft
    measured_from = models.DateField()

    class Meta:
        ordering = ("-measured_from",)

    def __str__(self) -> str:
        return f"{self.measured_from}"


class NoticeRead(models.Model):
    """That a person read a notice, and when."""

    notice = models.ForeignKey(StaffNotice, on_delete=models.CASCADE, related_name="reads")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices_read")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("notice", "person"), name="notice_read_once"),)

    def __str__(self) -> str:
        return f"{self.notice_id} {self.person_id}"
