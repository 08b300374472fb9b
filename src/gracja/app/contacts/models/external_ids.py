"""How other systems name our people and places."""

from __future__ import annotations

from django.db import models

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
