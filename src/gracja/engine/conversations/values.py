"""Single values as they stand in JSON, a cell of CSV or a column of Parquet: ids, times, numbers, texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from gracja.engine.conversations.lines import unbroken
from gracja.engine.conversations.outcome import WrongError

LONGEST_ID_CHARACTERS: Final = 500
EARLIEST_YEAR: Final = (
    1990  # before it stand the defaults of programs (0001, 1900, 1970), and seconds from a start
)
LATEST_YEAR: Final = 2099
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
EARLIEST: Final = (datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND
LATEST: Final = (datetime(LATEST_YEAR + 1, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND - 1
_UNREADABLE_IN_ID: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_UNREADABLE_IN_TEXT: Final = re.compile(r"[\x00\ud800-\udfff]")
_NUMBER: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)
_YES: Final = ("true", "1", "yes", "tak")
_NO: Final = ("false", "0", "no", "nie")


def id_of(record: Mapping[str, Any], name: str) -> str | None:
    """An id or name: text, or a whole number as helpdesks write them; blank is none.

    Raises WrongError: field_type, id_unreadable, id_too_long.
    """
    value = record.get(name)
    if value is None:
        return None
    if type(value) is int:
        value = str(value)
    if type(value) is not str:
        raise WrongError("field_type", name, given=short(value), expected='"abc"')
    if len(value) > LONGEST_ID_CHARACTERS:
        raise WrongError("id_too_long", name, given=short(value), most=LONGEST_ID_CHARACTERS)
    if _UNREADABLE_IN_ID.search(value):
        raise WrongError("id_unreadable", name, given=short(value))
    return value if value.strip() else None


def required_id(record: Mapping[str, Any], name: str) -> str:
    """As `id_of`. Raises WrongError field_missing too."""
    value = id_of(record, name)
    if value is None:
        raise WrongError("field_missing", name, name=name)
    return value


def instant(value: object, field: str) -> int:
    """Microseconds since 1970 UTC, from ISO 8601 with a zone, from seconds since 1970, or a datetime.

    Raises WrongError: time_unreadable, time_without_zone, time_out_of_range, field_type.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise WrongError("time_unreadable", field, given=short(value)) from None
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise WrongError("time_without_zone", field, given=value.isoformat())
        micros = (value - _EPOCH) // _MICROSECOND
    elif type(value) is int or type(value) is float:
        micros = round(value * 1_000_000) if abs(value) < 1e11 else -1  # NaN, too, is not less
    else:
        raise WrongError("field_type", field, given=short(value), expected="2026-03-01T09:30:00Z")
    if not EARLIEST <= micros <= LATEST:
        given = value.isoformat() if isinstance(value, datetime) else short(value)
        raise WrongError("time_out_of_range", field, given=given, first=EARLIEST_YEAR, last=LATEST_YEAR)
    return micros


def instant_in_cell(value: str, field: str) -> int:
    """As `instant`, from a cell of CSV, where seconds since 1970 are digits."""
    value = value.strip()
    return instant(float(value) if _NUMBER.fullmatch(value) else value, field)


def yes_or_no_in_cell(value: str, field: str) -> bool:
    """True or false from a cell of CSV. Raises WrongError field_choice."""
    folded = value.strip().lower()
    if folded in _YES or folded in _NO:
        return folded in _YES
    raise WrongError("field_choice", field, given=short(value), expected=", ".join(_YES + _NO))


def isoformat(micros: int) -> str:
    """The instant as people read it, in UTC."""
    return (_EPOCH + micros * _MICROSECOND).isoformat()


def readable(text: str) -> tuple[str, bool]:
    """The text with NUL and half characters replaced one for one (offsets stay), and whether any was."""
    if text.isascii() and "\0" not in text:
        return text, False
    clean = _UNREADABLE_IN_TEXT.sub("\ufffd", text)
    return clean, clean != text


def short(value: object) -> str:
    """A value as a sentence can quote it: at most 60 characters of it."""
    if isinstance(value, dict | list | tuple):
        return "{…}" if isinstance(value, dict) else "[…]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = unbroken(str(value))
    return text if len(text) <= 60 else text[:57] + "..."


def wrong_byte(broken: UnicodeDecodeError) -> WrongError:
    """The first byte that is not UTF-8, counted from 1 in its line."""
    return WrongError("not_utf8", byte=broken.start + 1, given=f"0x{broken.object[broken.start]:02X}")
