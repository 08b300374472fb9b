"""Amounts of money as people of a language write them: 1 234,50 zł, PLN 1,234.50, £1,234.50."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from babel.numbers import format_currency

# CLDR parts a currency's letters from the digits after them; babel leaves them together
_LETTERS_THEN_DIGIT: Final = re.compile(r"(?<=[^\W\d_])(?=\d)")
_WHOLE: Final = {"pl": "#,##0\u00a0¤", "en": "¤#,##0"}


def amount_in_words(amount: Decimal, currency: str, lang: str, *, whole: bool = False) -> str:
    """The amount, never broken between lines. whole: without the smallest unit, for estimates."""
    said = (
        format_currency(round(amount), currency, _WHOLE[lang], locale=lang, currency_digits=False)
        if whole
        else format_currency(amount, currency, locale=lang)
    )
    return _LETTERS_THEN_DIGIT.sub("\u00a0", said)
