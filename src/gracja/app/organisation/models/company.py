"""The company of this installation."""

from __future__ import annotations

from django.db import models

from gracja.app.common.clock import now

LANGUAGES = (("pl", "Polski"), ("en", "English"))


class Company(models.Model):
    """The one company of this installation; its existence means that set-up is done."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="pl")
    zone = models.CharField(max_length=60, default="Europe/Warsaw")
    checklist_hidden = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(only=True), name="one_company"),)

    def __str__(self) -> str:
        return self.name
