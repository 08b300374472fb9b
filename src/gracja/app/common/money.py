"""Money in the smallest unit of its currency, so that sums are exact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from babel.numbers import get_currency_precision, list_currencies

from gracja.app.common.refused import Refused
from gracja.wording.amounts import amount_in_words

MOST_MINOR: Final = 10**12  # beyond it somebody mistyped; sums stay far below 2**63
_HUNDRED: Final = 100
_SAID: Final = 40  # letters of what was typed, in a refusal
_CODES: Final = frozenset(list_currencies())
_TYPED: Final = re.compile(r"(-?)([0-9]+)(?:[.,]([0-9]+))?")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount: minor is in groszy, cents ...; currency is an ISO 4217 code."""

    minor: int
    currency: str

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def in_words(self, language: str) -> str:
        """As that language writes amounts: 1 234,50 zł, PLN 1,234.50."""
        return amount_in_words(self.decimal, self.currency, language)

    def about_in_words(self, language: str) -> str:
        """With two digits, which are all that a forecast knows: 1 234,56 zł is about 1 200 zł."""
        minor, size = self.minor, 1
        while minor // size >= _HUNDRED:
            size *= 10
        near = Money(round(minor / size) * size, self.currency)
        whole = near.decimal == near.decimal.to_integral_value()
        return amount_in_words(near.decimal, self.currency, language, whole=whole)


def money(amount: str, currency: str) -> Money:
    """The amount that somebody typed, with a comma or a point.

    Raises Refused: currency_unknown (given), amount_unreadable (given), amount_too_fine (given, places),
    amount_out_of_range (given).
    """
    if currency not in _CODES:
        raise Refused("currency_unknown", given=currency)
    typed = _TYPED.fullmatch(re.sub(r"[\s\u00a0\u202f]", "", amount))
    if typed is None:
        raise Refused("amount_unreadable", given=amount[:_SAID])
    places = get_currency_precision(currency)
    minus, whole, part = typed[1], typed[2].lstrip("0"), (typed[3] or "").rstrip("0")
    if len(part) > places:
        raise Refused("amount_too_fine", given=amount[:_SAID], places=places)
    if len(whole) > len(str(MOST_MINOR)):  # so many digits are not even read
        raise Refused("amount_out_of_range", given=amount[:_SAID])
    minor = int(f"0{whole}{part.ljust(places, '0')}")
    if minor > MOST_MINOR or (minus and minor):
        raise Refused("amount_out_of_range", given=amount[:_SAID])
    return Money(minor, currency)
