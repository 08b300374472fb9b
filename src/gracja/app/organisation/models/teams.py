"""People who work together."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from gracja.app.common.uid import new_uid
from gracja.app.organisation.models.people import Person
from gracja.app.organisation.models.places import Place


class Team(models.Model):
    """People who work together at one place."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    name = models.CharField(max_length=120)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="teams")
    people = models.ManyToManyField(Person, related_name="teams", blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("name"), "place", name="team_name_once"),)

    def __str__(self) -> str:
        return self.name
