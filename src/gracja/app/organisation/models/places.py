"""Regions and the places where customers are served."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce, Lower

from gracja.app.common.uid import new_uid


class Place(models.Model):
    """A region or a place where customers are served; regions hold places and regions."""

    REGION, PLACE = "region", "place"

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    kind = models.CharField(max_length=6, choices=((REGION, "region"), (PLACE, "place")), default=PLACE)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=60, blank=True)  # as other systems name it
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    # uids from the root to here, each between slashes: one LIKE finds everything below
    path = models.CharField(max_length=400, editable=False, db_index=True)
    zone = models.CharField(max_length=60, default="Europe/Warsaw")  # IANA
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("path",)
        constraints = (
            models.UniqueConstraint(Lower("name"), Coalesce("parent", 0), name="place_name_once"),
            models.UniqueConstraint(Lower("code"), condition=~models.Q(code=""), name="place_code_once"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path = f"{self.parent.path if self.parent else '/'}{self.uid}/"
        super().save(*args, **kwargs)

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2
