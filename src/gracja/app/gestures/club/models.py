"""The club: its rules, who joined, their cards; and gifts: what lies on which shelf."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.uid import new_uid
from gracja.app.contacts.models import Customer
from gracja.app.gestures.models import Gesture, Policy
from gracja.app.organisation.models import LANGUAGES, Person, Place


class ClubRules(models.Model):
    """One version of what the club is (rules.py). Append-only: members keep the text that they agreed to."""

    version = models.PositiveIntegerField(unique=True)
    document = models.JSONField()
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"club@{self.version}"


class Member(models.Model):
    """A customer in the club, from joining to leaving.

    level: the rung that they hold, 0 none; `rules.py` says what the rungs are. holds_until: the day to which
    it is theirs whatever they buy.
    """

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="memberships")
    rules = models.ForeignKey(ClubRules, on_delete=models.PROTECT, related_name="+")  # what was agreed to
    language = models.CharField(max_length=2, choices=LANGUAGES)  # in which the text was shown
    joined_at = models.DateTimeField(default=now)
    taken_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    birthday_agreed_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    level_since = models.DateField(null=True, blank=True)
    holds_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("joined_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("customer",), condition=Q(left_at=None), name="member_once"),
        )

    def __str__(self) -> str:
        return self.uid


class Card(models.Model):
    """A member's card. Its number names nobody; a lost card is stopped, and another made."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="cards")
    number = models.CharField(max_length=12, unique=True)  # 60 random bits
    made_at = models.DateTimeField(default=now)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("member",), condition=Q(stopped_at=None), name="card_one_works"),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def grouped(self) -> str:
        """ABCD-EFGH-JKLM: as it is read and typed."""
        return "-".join(self.number[at : at + 4] for at in range(0, len(self.number), 4))


class Seen(models.Model):
    """A day on which a member was here, noted at the counter: one a day, as one day of purchases is."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="seen")
    day = models.DateField()

    class Meta:
        ordering = ("-day",)
        constraints = (models.UniqueConstraint(fields=("member", "day"), name="seen_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.member_id} {self.day}"


class Gift(models.Model):
    """Something small to give, by which policy, and what one costs."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    title_pl = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="gifts")
    value_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    low_at = models.PositiveIntegerField(default=3)  # so few on a shelf are said to be few
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title_pl", "pk")
        constraints = (models.CheckConstraint(condition=Q(value_minor__gte=0), name="gift_value_from_zero"),)

    def __str__(self) -> str:
        return self.uid

    @property
    def value(self) -> Money:
        return Money(self.value_minor, self.currency)

    @property
    def title(self) -> dict[str, str]:
        return {"pl": self.title_pl, "en": self.title_en}


class Shelf(models.Model):
    """How many of a gift a place has: the sum of its movements, kept here so that the database itself
    refuses to give one that is not there; `selectors.stock.proof` counts it anew.
    """

    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="shelves")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    balance = models.IntegerField(default=0)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("gift", "place"), name="shelf_once"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="shelf_not_below_zero"),
        )

    def __str__(self) -> str:
        return f"{self.gift_id} {self.place_id}"


class Movement(models.Model):
    """What came onto a shelf or left it. Append-only, in the database too. counted: how many there were, as
    the difference to what was believed.
    """

    KINDS = ("received", "given", "damaged", "counted")

    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in KINDS])
    change = models.IntegerField()
    after = models.IntegerField()  # the balance, this movement included
    key = models.CharField(max_length=64, blank=True)  # idempotency of what was entered by hand
    gesture = models.OneToOneField(
        Gesture, null=True, blank=True, on_delete=models.PROTECT, related_name="movement"
    )
    at = models.DateTimeField(default=now)
    by_key = models.CharField(max_length=22, blank=True)  # Person.key

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("shelf", "key"), condition=~Q(key=""), name="movement_once"),
            models.CheckConstraint(
                condition=Q(kind="received", change__gt=0)
                | Q(kind="damaged", change__lt=0)
                | Q(kind="given", change=-1, gesture__isnull=False)
                | Q(kind="counted"),
                name="movement_direction",
            ),
            models.CheckConstraint(condition=Q(after__gte=0), name="movement_after"),
        )

    def __str__(self) -> str:
        return f"{self.shelf_id} {self.kind} {self.change}"


class YearlyLimit(models.Model):
    """Up to what value a customer's gifts of one year are small, as the company sets it for its own books."""

    currency = models.CharField(max_length=3, unique=True)
    amount_minor = models.BigIntegerField()

    class Meta:
        ordering = ("currency",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="yearly_limit_from_zero"),
        )

    def __str__(self) -> str:
        return str(self.amount)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
