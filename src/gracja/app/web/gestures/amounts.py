"""Amounts that somebody types, in the currency that stands in the same form."""

from __future__ import annotations

from typing import Final

from django import forms

from gracja.app.common.money import Money, money
from gracja.app.common.refused import Refused
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

CURRENCIES: Final = ("PLN", "EUR", "USD", "GBP", "CZK", "CHF", "SEK", "NOK", "DKK", "HUF", "RON", "UAH")


class AmountInput(forms.TextInput):
    """Digits, on a telephone's keyboard for them."""

    def __init__(self) -> None:
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "ges__amount"})


def currencies(first: str) -> list[tuple[str, str]]:
    """To choose from; the one that is used already stands first."""
    return [(one, one) for one in dict.fromkeys((first, *CURRENCIES))]


def read_amount(form: forms.Form, name: str, currency: str) -> int | None:
    """What was typed, in minor units; None where it is empty or wrong, which is then said at the field."""
    typed = form.cleaned_data.get(name)
    if typed in (None, ""):
        return None
    try:
        return money(str(typed), currency).minor
    except Refused as refused:
        form.add_error(name, say_refusal(refused.code, reader(), **refused.facts))
        return None


def typed(minor: int | None, currency: str) -> str:
    """An amount as somebody would type it: `12,50` in Polish, `12.50` in English."""
    if minor is None:
        return ""
    shown = str(Money(minor, currency).decimal)
    return shown.replace(".", ",") if reader() == "pl" else shown
