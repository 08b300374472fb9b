"""Customers: as little as serving them well needs. Rows elsewhere hold their key, never a personal value."""

from __future__ import annotations

import re
from typing import Final

from django.db import models
from django.db.models import F, Q

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.uid import new_uid
from gracja.app.organisation.models import LANGUAGES, Folded, Person, Place

_TELEPHONE: Final = re.compile(r"\+?[0-9 ()./\-\u00a0\u202f]+")
_LONGEST: Final = 17  # 15 by E.164, and 00
_LONGEST_AT_HOME: Final = 11  # with 48 before nine; a card has thirteen


def last_digits(phone: str) -> str:
    """What a telephone number is found by, however it is written: its last nine digits, or all of seven."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return digits[-9:] if len(digits) >= 7 else ""


def telephone_digits(typed: str) -> str:
    """As `last_digits`, of what looks like a telephone number alone: a card or an e-mail is none, whatever
    digits it ends in.
    """
    if not _TELEPHONE.fullmatch(typed.strip()):
        return ""
    digits = "".join(sign for sign in typed if sign.isdigit())
    abroad = typed.strip().startswith(("+", "00"))
    return last_digits(typed) if len(digits) <= (_LONGEST if abroad else _LONGEST_AT_HOME) else ""


class Customer(models.Model):
    """Somebody whom we serve. `key` stands in contacts, gestures and ratings; the rest can be erased."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    key = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    name = models.CharField(max_length=120, blank=True)
    found_by = Folded("name")
    phone = models.CharField(max_length=40, blank=True)
    phone_digits = models.CharField(max_length=9, blank=True, editable=False, db_index=True)  # the last nine
    email = models.EmailField(blank=True, db_index=True)  # in small letters
    # written down although another record has the same, as in a family: two who save at once do not share
    phone_shared = models.BooleanField(default=False, editable=False)
    email_shared = models.BooleanField(default=False, editable=False)
    phone_wrong = models.BooleanField(default=False, editable=False)  # somebody else answered there
    language = models.CharField(max_length=2, choices=LANGUAGES, blank=True)
    birthday_month = models.PositiveSmallIntegerField(null=True, blank=True)
    birthday_day = models.PositiveSmallIntegerField(null=True, blank=True)
    do_not_contact = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    made_at = models.DateTimeField(default=now)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(birthday_month=None, birthday_day=None)
                | Q(birthday_month__range=(1, 12), birthday_day__range=(1, 31)),
                name="birthday_whole",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="customer_not_merged_into_itself",
            ),
            models.UniqueConstraint(
                fields=("phone_digits",),
                condition=~Q(phone_digits="") & Q(phone_shared=False),
                name="customer_phone_once",
            ),
            models.UniqueConstraint(
                fields=("email",), condition=~Q(email="") & Q(email_shared=False), name="customer_email_once"
            ),
        )
        indexes = (
            # the list: who is there, by name; one of 100,000 is turned over as fast as one of ten
            models.Index(
                fields=("name", "id"), condition=Q(merged_into=None, erased_at=None), name="customer_listed"
            ),
        )

    def __str__(self) -> str:
        return self.uid


class CustomerNumber(models.Model):
    """How another system names a customer. Apart from ExternalId: people and places are few and read whole,
    customers may be a million.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="numbers")
    system = models.CharField(max_length=60)
    value = models.CharField(max_length=200, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("system", "value"), name="customer_number_once"),)

    def __str__(self) -> str:
        return f"{self.system}:{self.customer_id}"


class Consent(models.Model):
    """What a customer agreed to, when and before whom; a withdrawn one stays as a row."""

    PURPOSES = ("club", "call", "card", "study")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=8, choices=[(one, one) for one in PURPOSES])
    given_at = models.DateTimeField(default=now)
    taken_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-given_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "purpose"), condition=Q(withdrawn_at=None), name="consent_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.purpose}"


class Purchase(models.Model):
    """What a customer paid, as the till or the shop numbered it; a refund lowers it, and may end it."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="purchases")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=60)
    number = models.CharField(max_length=100)
    at = models.DateTimeField(db_index=True)
    amount_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.UniqueConstraint(fields=("system", "number"), name="purchase_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0, refunded_minor__gte=0)
                & Q(refunded_minor__lte=F("amount_minor")),
                name="purchase_refunded_at_most_whole",
            ),
        )
        indexes = (models.Index(fields=("customer", "at"), name="purchase_of_customer"),)

    def __str__(self) -> str:
        return f"{self.system}:{self.number}"

    @property
    def kept(self) -> Money:
        """What is left of it after refunds."""
        return Money(self.amount_minor - self.refunded_minor, self.currency)


class Refund(models.Model):
    """What was given back of a purchase, as the till numbered it: known again when it comes twice."""

    purchase = models.ForeignKey(Purchase, on_delete=models.CASCADE, related_name="refunds")
    system = models.CharField(max_length=60)
    number = models.CharField(max_length=100)
    at = models.DateTimeField()
    amount_minor = models.BigIntegerField()

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.UniqueConstraint(fields=("system", "number"), name="refund_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="refund_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.system}:{self.number}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.purchase.currency)
