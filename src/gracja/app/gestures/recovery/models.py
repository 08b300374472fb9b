"""Failures and complaints as cases. Customers stand here by key; what was written of them can be emptied."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.uid import new_uid
from gracja.app.organisation.models import Person, Place

COMPLAINT, FAILURE = "complaint", "failure"


class Deadlines(models.Model):
    """Within how many days a case is to be settled: the company's choice.

    A complaint: 14 days. That is how long a trader in Poland has to answer a consumer (art. 7a of the Act of
    30 May 2014 on consumer rights, as in force since 1 January 2023; before, it was 30) from the day on which
    it was received; silence beyond it counts as agreement. A failure that nobody complained of: 3 days from
    being noted, an assumption.
    """

    only = models.BooleanField(default=True, unique=True, editable=False)
    complaint_days = models.PositiveSmallIntegerField(default=14)
    failure_days = models.PositiveSmallIntegerField(default=3)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(only=True), name="one_deadlines"),
            models.CheckConstraint(
                condition=Q(complaint_days__range=(1, 365), failure_days__range=(1, 365)),
                name="deadlines_within_a_year",
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_days}, {self.failure_days}"

    def days(self, kind: str) -> int:
        return self.complaint_days if kind == COMPLAINT else self.failure_days


class Case(models.Model):
    """One failure or complaint, from being noted to the answer.

    Its remedy is no gesture: it is owed, so it stands in no ledger, counts against no cap, and nobody is held
    out of it. `paid_from` names the company's own budget, where there is one.
    """

    KINDS = (COMPLAINT, FAILURE)
    STATES = ("open", "promised", "done", "refused")
    WAITING = ("open", "promised")
    TOLD = ("yes", "not_yet", "impossible")

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    kind = models.CharField(max_length=9, choices=[(one, one) for one in KINDS])
    customer_key = models.CharField(max_length=22, blank=True, db_index=True)  # empty: nobody known
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    edition = models.CharField(max_length=90, blank=True)  # salon@3
    part = models.CharField(max_length=80, blank=True)
    what = models.TextField(max_length=2000, blank=True)  # empty: erased
    happened_at = models.DateTimeField()
    received_on = models.DateField(null=True, blank=True)  # of a complaint; null: before this was asked
    noted_at = models.DateTimeField(default=now)
    noted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=8, default="open", choices=[(one, one) for one in STATES])
    remedy = models.TextField(max_length=1000, blank=True)
    cost_minor = models.BigIntegerField(null=True, blank=True)  # null: not known
    currency = models.CharField(max_length=3, blank=True)
    paid_from = models.CharField(max_length=120, blank=True)
    answer = models.TextField(max_length=2000, blank=True)
    told = models.CharField(max_length=10, blank=True, choices=[(one, one) for one in TOLD])
    told_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        ordering = ("due_on", "pk")
        indexes = (models.Index(fields=("state", "due_on")), models.Index(fields=("place", "state")))
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("open", "promised"), closed_at=None, told="")
                | Q(
                    state__in=("done", "refused"),
                    closed_at__isnull=False,
                    told__in=("yes", "not_yet", "impossible"),
                ),
                name="case_closed_and_customer_thought_of",
            ),
            models.CheckConstraint(
                condition=Q(cost_minor=None, currency="") | Q(cost_minor__gte=0) & ~Q(currency=""),
                name="case_cost_whole",
            ),
        )

    def __str__(self) -> str:
        return self.uid

    @property
    def waits(self) -> bool:
        return self.state in self.WAITING

    @property
    def cost(self) -> Money | None:
        return None if self.cost_minor is None else Money(self.cost_minor, self.currency)


class Step(models.Model):
    """What was done in a case, by whom and when. Append-only in the database; only `text` can be emptied,
    where the customer is erased.
    """

    KINDS = ("noted", "owner", "promised", "done", "refused", "told")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=8, choices=[(one, one) for one in KINDS])
    at = models.DateTimeField(default=now)
    by_key = models.CharField(max_length=22)  # Person.key
    facts = models.JSONField(default=dict)  # owner's key, due_on, cost, told: never a text of anybody's
    text = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
