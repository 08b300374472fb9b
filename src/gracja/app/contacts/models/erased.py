"""What erased customers were known by, kept so that nobody reads it and no file brings them back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import models
from django.utils.crypto import salted_hmac

from gracja.app.common.clock import now

NUMBER, PHONE, EMAIL = "number", "phone", "email"
_SALT: Final = "gracja.erased_customer"


def mark_of(kind: str, value: str, system: str = "") -> str:
    """An identifier under the installation's secret: the same one gives the same mark, and without the
    secret nobody comes back from the mark. value: a telephone by its last nine digits, an e-mail in small
    letters.
    """
    return salted_hmac(_SALT, f"{kind}\0{system}\0{value}", algorithm="sha256").hexdigest()


def marks_of_number(system: str, value: str) -> list[str]:
    """Of a number in another system; a shop may have taken the e-mail for one."""
    as_number = mark_of(NUMBER, value, system)
    return [as_number, mark_of(EMAIL, value.strip().lower())] if "@" in value else [as_number]


class ErasedMark(models.Model):
    """An identifier of somebody who was erased. Of whom, no row says: two marks are never known to be one
    customer's.
    """

    mark = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.mark[:8]


def erased_among(marks: Iterable[str]) -> set[str]:
    """Those of the marks that stand for somebody who was erased."""
    return set(ErasedMark.objects.filter(mark__in=list(marks)).values_list("mark", flat=True))
