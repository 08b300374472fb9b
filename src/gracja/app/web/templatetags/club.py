"""Amounts as the reader's language writes them, for the pages of the club."""

from __future__ import annotations

from django import template

from gracja.app.common.money import Money
from gracja.app.web.templatetags.words import reader

register = template.Library()


@register.filter
def amount(given: Money) -> str:
    """1 234,50 zł."""
    return given.in_words(reader())


@register.filter
def amount_in(minor: int, currency: str) -> str:
    """The same, of minor units of a currency."""
    return Money(minor, currency).in_words(reader())
