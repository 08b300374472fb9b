"""Money in the smallest unit of its currency, so that sums are exact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from babel.numbers import format_currency, get_currency_precision

from gracja.app.common.refused import Refused

MOST_MINOR: Final = 10**12  # beyond it somebody mistyped; sums stay far below 2**63
_CODE: Final = re.compile(r"[A-Z]{3}")


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
        """As that language writes amounts: 1 234,50 zł."""
        return format_currency(self.decimal, self.currency, locale=language)


def money(amount: str, currency: str) -> Money:
    """The amount that somebody typed, with a comma or a point.

    Raises Refused: currency_unknown (given), amount_unreadable (given), amount_too_fine (given, places),
    amount_out_of_range (given).
    """
    if not _CODE.fullmatch(currency):
        raise Refused("currency_unknown", given=currency)
    typed = re.sub(r"[\s\u00a0\u202f]", "", amount).replace(",", ".")
    try:
        number = Decimal(typed)
    except InvalidOperation:
        raise Refused("amount_unreadable", given=amount) from None
    if not number.is_finite():
        raise Refused("amount_unreadable", given=amount)
    places = get_currency_precision(currency)
    minor = number.scaleb(places)
    if minor != minor.to_integral_value():
        raise Refused("amount_too_fine", given=amount, places=places)
    if not 0 <= minor <= MOST_MINOR:
        raise Refused("amount_out_of_range", given=amount)
    return Money(int(minor), currency)
