"""Policies, budgets, gestures and the ledger. Customers stand here by key only."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.uid import new_uid
from gracja.app.organisation.models import Person, Place

KINDS = ("gift", "discount", "covered_cost", "personal_contact")


class Policy(models.Model):
    """What may be given under one name. Its terms change by a new version; gestures keep theirs."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS])
    salt = models.CharField(max_length=22, default=new_uid, editable=False)  # who is held out, for ever
    made_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("made_at",)

    def __str__(self) -> str:
        return self.uid


class Terms(models.Model):
    """One version of a policy: title, who may give, to whom, caps, limits (services/terms.py)."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    document = models.JSONField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("policy", "-version")
        constraints = (models.UniqueConstraint(fields=("policy", "version"), name="terms_version_once"),)

    def __str__(self) -> str:
        return f"{self.policy_id}@{self.version}"


class Budget(models.Model):
    """What a place may spend on gestures in a period, both days included, by the place's own clock.

    `reserved` and `spent` are sums of the ledger's entries, kept here so that the database itself refuses to
    overdraw; `selectors.ledger.proof` counts them anew.
    """

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="budgets")
    first_day = models.DateField()
    last_day = models.DateField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reserved_minor = models.BigIntegerField(default=0)
    spent_minor = models.BigIntegerField(default=0)

    class Meta:
        ordering = ("place", "first_day")
        constraints = (
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="budget_period_forward"),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=F("reserved_minor") + F("spent_minor"))
                & Q(reserved_minor__gte=0, spent_minor__gte=0),
                name="budget_not_overdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.place_id} {self.first_day} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def left(self) -> Money:
        return Money(self.amount_minor - self.reserved_minor - self.spent_minor, self.currency)


class Gesture(models.Model):
    """One gesture towards one customer, from being asked for to its end.

    asked: waits for a second person, its cost reserved. reserved: granted, not yet spent. committed: spent.
    released: given back, or refused by the second person. expired: not used in time.
    """

    STATES = ("asked", "reserved", "committed", "released", "expired")
    OPEN = ("asked", "reserved")

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    key = models.CharField(max_length=64, unique=True)  # idempotency: who repeats it gets this gesture
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="gestures")
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="gestures")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    customer_key = models.CharField(max_length=22, db_index=True)
    contact = models.CharField(max_length=200, blank=True)
    given_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="gestures")
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    cost_minor = models.BigIntegerField()  # set aside: the most that it may cost
    spent_minor = models.BigIntegerField(null=True, blank=True)  # what it cost in the end
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=300)
    details = models.JSONField(default=dict)  # of its kind: the item, the discount, what was covered
    state = models.CharField(max_length=9, choices=[(s, s) for s in STATES])
    made_at = models.DateTimeField(default=now, db_index=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at",)
        indexes = (models.Index(fields=("state", "expires_at")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(cost_minor__gte=0)
                & (Q(spent_minor=None) | Q(spent_minor__gte=0, spent_minor__lte=F("cost_minor"))),
                name="gesture_cost_in_range",
            ),
        )

    def __str__(self) -> str:
        return self.uid

    @property
    def cost(self) -> Money:
        return Money(self.cost_minor, self.currency)


class Entry(models.Model):
    """A line of the ledger: money set aside, spent, or given back. Append-only, in the database too.

    reserve: left -> reserved. commit: reserved -> spent. release, expire: reserved -> left; a release goes
    before a commit that needs less than was reserved. return: spent -> left, where a purchase was refunded.
    """

    KINDS = ("reserve", "commit", "release", "expire", "return")

    gesture = models.ForeignKey(Gesture, on_delete=models.PROTECT, related_name="entries")
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=7, choices=[(kind, kind) for kind in KINDS])
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField(default=now)
    by_key = models.CharField(max_length=22, blank=True)  # Person.key; empty: nobody, it expired

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("gesture", "kind"), name="entry_kind_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="entry_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.gesture_id} {self.kind}"


class Eligible(models.Model):
    """A customer for whom a policy was first open, and whether they are held out of it, for its study."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="eligible")
    customer_key = models.CharField(max_length=22)
    place = models.ForeignKey(Place, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=now)
    held_out = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("policy", "customer_key"), name="eligible_once"),)

    def __str__(self) -> str:
        return f"{self.policy_id} {self.customer_key}"


class Code(models.Model):
    """What a customer shows at the till for a discount: used once, by whoever holds it."""

    gesture = models.OneToOneField(Gesture, on_delete=models.PROTECT, related_name="code")
    code = models.CharField(max_length=14, unique=True)  # 60 random bits
    redeemed_at = models.DateTimeField(null=True, blank=True)
    redeemed_in = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    redeemed_key = models.CharField(max_length=64, blank=True)  # idempotency: who repeats it is answered anew
    purchase_minor = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.gesture_id}"
