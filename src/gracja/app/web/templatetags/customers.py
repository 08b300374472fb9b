"""Customers in the reader's words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import template
from django.utils.formats import date_format

from gracja.app.common.money import Money
from gracja.app.web.customers import shown
from gracja.app.web.templatetags.words import reader

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer, Refund

register = template.Library()
_LEAP: Final = 2028  # so that 29 February is a day
NBSP: Final = "\u00a0"


@register.filter
def called(one: Customer) -> str:
    """The name, or a pseudonym."""
    return shown.called(one)


@register.filter
def number_of(system: str) -> str:
    """What a number of this system is called."""
    return shown.number_of(system)


@register.filter
def purpose(code: str) -> Any:
    """What a consent is for."""
    return shown.PURPOSES[code]


@register.filter
def amount(one: Money) -> str:
    """1 234,50 zł."""
    return one.in_words(reader())


@register.filter
def amount_back(refund: Refund, currency: str) -> str:
    """What was given back, in the currency of its purchase."""
    return Money(refund.amount_minor, currency).in_words(reader())


@register.simple_tag
def birthday(one: Customer) -> str:
    """22 listopada, 22 November: without a year."""
    if not (one.birthday_month and one.birthday_day):
        return "–"
    return _day(date(_LEAP, one.birthday_month, one.birthday_day))


@register.filter
def day_or_text(value: date | str | None) -> str:
    """A cell of the comparison of two records."""
    if isinstance(value, date):
        return _day(value)
    return value or "–"


def _day(day: date) -> str:
    return date_format(day, "j E" if reader() == "pl" else "j F").replace(" ", NBSP)
