"""Who served where and when."""

from __future__ import annotations

from django.db import models

from gracja.app.organisation.models.files import ImportFile
from gracja.app.organisation.models.people import Person
from gracja.app.organisation.models.places import Place


class Shift(models.Model):
    """The roster: who served where and when."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="shifts")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # the file that put it in or changed it last, so that the whole file can be taken back
    file = models.ForeignKey(
        ImportFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="shifts"
    )
    ends_before = models.DateTimeField(null=True, blank=True)  # when it ended before the file changed it

    class Meta:
        ordering = ("starts_at",)
        indexes = (models.Index(fields=("place", "starts_at")),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start"
            ),
            models.UniqueConstraint(fields=("person", "place", "starts_at"), name="shift_once"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_at:%Y-%m-%d %H:%M}"
