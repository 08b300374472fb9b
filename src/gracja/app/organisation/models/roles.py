"""What people may do, and where."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce

from gracja.app.common.clock import today
from gracja.app.organisation.models.people import Person
from gracja.app.organisation.models.places import Place


class Role(models.Model):
    """What somebody may do, as data: a name and permissions (see permissions.py)."""

    slug = models.SlugField(unique=True)
    title_pl = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60)
    permissions = models.JSONField(default=list)
    built_in = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.slug

    def title(self, language: str) -> str:
        return self.title_pl if language == "pl" else self.title_en


class Membership(models.Model):
    """A person's role, at a place and all below it, or in the whole company (place null).

    One that is taken away ends and stays: results of its days are read by whoever led there then. The same
    given again is another row.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="memberships")
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "person",
                "role",
                Coalesce("place", 0),
                condition=models.Q(until=None),
                name="membership_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.role_id} {self.place_id}"

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until < today()
