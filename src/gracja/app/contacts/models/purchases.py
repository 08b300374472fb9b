"""Spreadsheets of purchases, and what was learnt from all purchases about how customers come back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from gracja.app.common.clock import now
from gracja.app.common.jobs import Job
from gracja.app.organisation.models import Person


class PurchaseImport(Job):
    """A spreadsheet of purchases: given, its columns mapped, tried, put in; then the file itself is gone.

    looking: what is done, or failed, is the trying of a large one; once it is done, the file is `given`.
    looked_by: who asked for that trying, whether or not they gave the file.
    """

    STATES = ("given", *Job.STATES)
    GONE: ClassVar[str] = "purchase_import_gone"

    state = models.CharField(max_length=10, default="given", choices=[(s, s) for s in STATES])
    file_name = models.CharField(max_length=200)
    looking = models.BooleanField(default=False)
    stored_as = models.CharField(max_length=200)  # below GRACJA_HOME/files/purchases
    mapping = models.JSONField(default=dict)  # services/customers/files/mapping.py
    outcome = models.JSONField(default=dict)  # what the dry run found, counted
    applied = models.PositiveIntegerField(default=0)  # rows looked at so far
    given_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=now)
    looked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    added_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-given_at",)

    @property
    def under_way(self) -> bool:
        # between being tried and being given back lies a moment
        return super().under_way or (self.looking and self.state == "done")

    def __str__(self) -> str:
        return self.uid


class ValueFit(models.Model):
    """How the company's customers come back and what they spend, fitted on a day; names nobody."""

    fitted_at = models.DateTimeField(default=now, db_index=True)
    currency = models.CharField(max_length=3)
    customers = models.PositiveIntegerField()  # with a purchase
    repeaters = models.PositiveIntegerField()  # with purchases on two days
    buying = models.JSONField(default=dict)  # engine/gesture/value/buying.py; empty: not fitted
    spending = models.JSONField(default=dict)
    usual_minor = models.BigIntegerField(null=True, blank=True)  # expected of a customer on average, a year
    trouble = models.JSONField(default=dict)  # code and facts, where it could not be fitted

    class Meta:
        ordering = ("-fitted_at",)

    def __str__(self) -> str:
        return f"{self.fitted_at:%Y-%m-%d} {self.currency}"
