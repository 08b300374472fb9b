"""Contacts that we start. Customers stand here by key; what was noted of them can be emptied."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gracja.app.common.clock import now
from gracja.app.common.uid import new_uid
from gracja.app.gestures.models import Gesture, Policy
from gracja.app.organisation.models import Person, Place

# In the order in which they are proposed, where a customer bears no more than one
REASONS = ("after_failure", "thanks_purchase", "thanks_visits", "anniversary_first", "anniversary_joined")
BY_HAND = ("promised", "other")  # no rule proposes these: somebody plans them
WAYS = ("call", "card")


class Reason(models.Model):
    """The manager's rule for one reason. Until one is turned on, nothing is proposed for it.

    days: how long after what happened (an anniversary: 0, on its day). least: from which purchase on, in the
    smallest unit of `currency`; or from how many visits on.
    """

    name = models.CharField(max_length=20, unique=True, choices=[(one, one) for one in REASONS])
    on = models.BooleanField(default=False)
    way = models.CharField(max_length=4, default="call", choices=[(one, one) for one in WAYS])
    days = models.PositiveSmallIntegerField(default=2)
    least = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="PLN")
    text_pl = models.TextField(max_length=600, blank=True)
    text_en = models.TextField(max_length=600, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(days__lte=60, least__gte=0), name="reason_in_range"),
        )

    def __str__(self) -> str:
        return self.name

    def text(self, language: str) -> str:
        """What is said or written, in that language, else in the other."""
        first, second = (self.text_pl, self.text_en) if language == "pl" else (self.text_en, self.text_pl)
        return first or second


class Batch(models.Model):
    """Cards that are printed together, and later marked as sent together."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=now)
    policy = models.ForeignKey(Policy, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.uid


class Call(models.Model):
    """One contact with one customer that we start: proposed by a rule or planned by hand, then made, or not.

    cause: what it is for, once (`after_failure:<case>`, `hand:<key of the form>`). why: facts of it, no
    personal value. text: what is said or written; empty: the words of the rule for this reason.
    """

    STATES = ("proposed", "ended")
    OUTCOMES = ("reached", "sent", "no_answer", "asked_not", "wrong_number", "not_needed", "withdrawn")

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    cause = models.CharField(max_length=80, unique=True)
    customer_key = models.CharField(max_length=22, db_index=True)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=20, choices=[(one, one) for one in (*REASONS, *BY_HAND)])
    way = models.CharField(max_length=4, choices=[(one, one) for one in WAYS])
    why = models.JSONField(default=dict)
    text = models.TextField(max_length=600, blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=8, default="proposed", choices=[(one, one) for one in STATES])
    outcome = models.CharField(max_length=12, blank=True, choices=[(one, one) for one in OUTCOMES])
    note = models.TextField(max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True, blank=True)  # when we first tried
    made_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    batch = models.ForeignKey(Batch, null=True, blank=True, on_delete=models.SET_NULL, related_name="calls")
    gesture = models.OneToOneField(
        Gesture, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # where it costs something

    class Meta:
        ordering = ("due_on", "pk")
        indexes = (models.Index(fields=("state", "due_on")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="proposed", ended_at=None, outcome="")
                | Q(state="ended", ended_at__isnull=False) & ~Q(outcome=""),
                name="call_ended_with_outcome",
            ),
        )

    def __str__(self) -> str:
        return self.uid
