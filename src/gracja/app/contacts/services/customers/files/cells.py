"""Cells of a spreadsheet of purchases: amounts and moments, as tills and people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from gracja.app.common.money import money
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import in_utc, read_day, read_time

NOON: Final = time(12)  # of a purchase of which only the day is known
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
_DAY: Final = re.compile(r"(\d{1,4}[./-]\d{1,2}[./-]\d{1,4})[ ,T]*")
_WHOLE: Final = re.compile(r"(\d+)[.,]0")
_ROUNDED: Final = re.compile(r"\d([.,]\d+)?[Ee]\+\d+")
_TELEPHONE: Final = re.compile(r"[1-9]\d{8,14}")  # nine digits at home, fifteen with the country at most
_MINUS: Final = ("-", "\u2212", "\u2013")


@lru_cache(maxsize=65536)
def amount_of(cell: str, currency: str) -> int:
    """In the smallest unit; below zero for what was given back: -12,50, 12,50-, (12,50).

    Raises Refused: currency_unknown, amount_unreadable (given), amount_too_fine (given, places),
    amount_out_of_range (given), purchase_other_currency (currency, wanted).
    """
    typed = re.sub(r"[\s\u00a0\u202f]", "", cell)
    if unit := re.fullmatch(r"(.*[^A-Za-z\u0080-\u02ff])(z\u0142|[A-Za-z]{3})", typed):
        said = "PLN" if unit[2] == "z\u0142" else unit[2].upper()
        if said != currency:
            raise Refused("purchase_other_currency", currency=said, wanted=currency)
        typed = unit[1]
    below = typed.startswith(("(", *_MINUS)) or typed.endswith(_MINUS)
    digits = typed.strip("()" + "".join(_MINUS))
    if "," in digits and "." in digits:  # 1.234,50 or 1,234.50: the last one parts off the cents
        thousands = "." if digits.rindex(",") > digits.rindex(".") else ","
        digits = digits.replace(thousands, "")
    if not digits[:1].isdigit():
        raise Refused("amount_unreadable", given=cell)
    minor = money(digits, currency).minor
    return -minor if below else minor


def number_of(cell: str) -> str:
    """A document's or customer's number as it was before a spreadsheet took it for an amount: 10234.0 is
    10234. Raises Refused: purchase_number_rounded, where digits are gone (4,86001E+10).
    """
    if _ROUNDED.fullmatch(cell):
        raise Refused("purchase_number_rounded")
    return whole[1] if (whole := _WHOLE.fullmatch(cell)) else cell


def variants_of(number: str) -> tuple[str, ...]:
    """How else a number that looks like a telephone may stand elsewhere: a spreadsheet that takes it for an
    amount loses a plus or zeros before it. Empty for any other number.
    """
    bare = number.removeprefix("+").removeprefix("00").removeprefix("0")
    if not _TELEPHONE.fullmatch(bare):
        return ()
    return tuple(one for one in (bare, f"+{bare}", f"00{bare}", f"0{bare}") if one != number)


@lru_cache(maxsize=65536)
def moment_of(cell: str, hour: str, zone: ZoneInfo) -> datetime:
    """In UTC: 2026-11-22, 22.11.2026 17:30, or with its own zone; the day before the month, unless the year
    comes first.

    Raises Refused: purchase_time_missing, purchase_time_unreadable.
    """
    text = cell.strip()
    if not text:
        raise Refused("purchase_time_missing")
    if (zoned := _with_zone(text)) is not None:
        return _reached(in_utc(zoned))
    found = _DAY.match(text)
    day = read_day(found[1] if found else text)
    clock = hour.strip() or (text[found.end() :] if found else "")
    at = read_time(clock.split(".")[0] if clock.count(":") == 2 else clock) if clock else NOON
    if day is None or at is None:
        raise Refused("purchase_time_unreadable")
    return _reached(in_utc(datetime.combine(day, at, zone)))


def _reached(at: datetime | None) -> datetime:
    if at is None:
        raise Refused("purchase_time_unreadable")
    return at


def _with_zone(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else None
