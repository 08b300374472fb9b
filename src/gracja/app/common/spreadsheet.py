"""CSV as cash desks, rosters and spreadsheets write it: encoding, separator, heading, rows with their lines.

Knows nothing of Django or of what the columns mean; every import (people, places, roster, visits) uses it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final

from gracja.app.common.refused import Refused

MAX_BYTES: Final = 50_000_000
MAX_ROWS: Final = 200_000
SEPARATORS: Final = (";", ",", "\t", "|")
ENCODINGS: Final = ("utf-8", "cp1250", "iso-8859-2", "utf-16")

# The bytes by which the two old Polish encodings differ: Ą ą Ś ś Ź ź
_CP1250: Final = bytes((0xA5, 0xB9, 0x8C, 0x9C, 0x8F, 0x9F))
_ISO_8859_2: Final = bytes((0xA1, 0xB1, 0xA6, 0xB6, 0xAC, 0xBC))
_PACKED: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")
_SAMPLE_ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file. line: where it begins, counted from 1; values: as many as the heading has."""

    line: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file, read. Rows without any value are left out."""

    encoding: str
    separator: str
    heading: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that an import understands. names: headings by which people call it, in any language."""

    key: str
    names: tuple[str, ...]
    required: bool = False


def read_sheet(content: bytes, *, encoding: str = "", separator: str = "") -> Sheet:
    """Read a CSV file whose first row with a value is its heading.

    encoding, separator: empty to find them out.
    Raises Refused: file_empty, file_not_text, file_is_a_workbook, file_too_large (limit_mb), encoding_wrong
    (encoding), quote_open, quote_broken (line), row_too_long (line, columns, n), too_many_rows (limit).
    """
    if len(content) > MAX_BYTES:
        raise Refused("file_too_large", limit_mb=MAX_BYTES // 1_000_000)
    encoding = encoding or find_encoding(content)
    text = _decoded(content, encoding)
    text, given = _without_hint(text)
    separator = separator or given or find_separator(text)
    lines = _rows(text, separator, first_line=2 if given else 1)
    first = next((row for row in lines if any(value.strip() for value in row.values)), None)
    if first is None:
        raise Refused("file_empty")
    heading = _trimmed(first.values)
    return Sheet(encoding, separator, heading, tuple(_body(lines, len(heading))))


def find_encoding(content: bytes) -> str:
    """UTF-8, UTF-16, else the one of the old Polish encodings whose letters occur more often.

    Raises Refused: file_empty, file_is_a_workbook, file_not_text.
    """
    if not content.strip():
        raise Refused("file_empty")
    if content.startswith(_PACKED):
        raise Refused("file_is_a_workbook")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if without_mark := _utf_16_without_mark(content):
        return without_mark
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    found = {byte: content.count(bytes((byte,))) for byte in {*_CP1250, *_ISO_8859_2, *range(0x80, 0xA0)}}
    old_windows = sum(found[byte] for byte in {*_CP1250, *range(0x80, 0xA0)})
    return "iso-8859-2" if sum(found[byte] for byte in _ISO_8859_2) > old_windows else "cp1250"


def find_separator(text: str) -> str:
    """The separator that cuts the first rows into equally many columns; `;` where none does."""

    def regularity(separator: str) -> tuple[float, int]:
        widths = _widths(text, separator)
        if not widths or widths[0] < 2:
            return (0, 0)
        return (sum(width == widths[0] for width in widths) / len(widths), widths[0])

    best = max(SEPARATORS, key=regularity)
    return best if regularity(best) > (0, 0) else ";"


def guess_columns(heading: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Which column of the file is which of ours: by name, without regard to case, diacritics and signs.

    An exact name wins over one that only begins alike; no column of the file is taken twice.
    """
    folded = [fold(name) for name in heading]
    found: dict[str, int] = {}
    for alike in (_same, _begins_alike):
        for column in columns:
            if column.key in found:
                continue
            names = [fold(name) for name in (column.key, *column.names)]
            for at, said in enumerate(folded):
                if said and at not in found.values() and any(alike(said, name) for name in names):
                    found[column.key] = at
                    break
    return found


def picked(row: Row, mapping: Mapping[str, int]) -> dict[str, str]:
    """The row's values under our names, without the spaces around them."""
    return {key: row.values[at].strip() for key, at in mapping.items() if 0 <= at < len(row.values)}


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Small letters and digits only, without diacritics: `Imię i nazwisko` and `IMIE_I_NAZWISKO` are one."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(letter for letter in plain if letter.isalnum())


_DAY: Final = (
    re.compile(r"(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})(?:[T ]0{1,2}:00(?::00)?)?"),
    re.compile(r"(?P<day>\d{1,2})[-./](?P<month>\d{1,2})[-./](?P<year>\d{4})"),
)
_HOUR: Final = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")


def read_day(text: str) -> date | None:
    """`2026-11-22`, `22.11.2026`, `22/11/2026`; None for what is no day."""
    for form in _DAY:
        if found := form.fullmatch(text.strip()):
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                return None
    return None


def in_utc(at: datetime) -> datetime | None:
    """The same moment; None where no calendar reaches it, as at the end of the year 9999 in New York."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return None


def read_time(text: str) -> time | None:
    """`8:30`, `8.30`, `08:30:00`; None for what is no time."""
    found = _HOUR.fullmatch(text.strip())
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None
    except ValueError:
        return None


def write_sheet(rows: Sequence[Sequence[object]], *, separator: str = ";") -> bytes:
    """A CSV file that spreadsheets open with its letters right, and without running what people typed.

    A value that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_harmless(str(value)) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except (UnicodeDecodeError, LookupError):
        if encoding in ("cp1250", "iso-8859-2"):
            raise Refused("file_not_text") from None
        raise Refused("encoding_wrong", encoding=encoding) from None
    if "\0" in text:
        raise Refused("file_not_text")
    return text.removeprefix("\ufeff")


def _utf_16_without_mark(content: bytes) -> str:
    sample = content[:4096]
    half = len(sample) // 2
    if half and sample[1::2].count(0) > half * 0.4:
        return "utf-16-le"
    return "utf-16-be" if half and sample[0::2].count(0) > half * 0.4 else ""


def _without_hint(text: str) -> tuple[str, str]:
    """Some spreadsheets write `sep=;` above the heading."""
    found = re.match(r"(?i)sep=([;,\t|])\r?\n", text)
    return (text[found.end() :], found[1]) if found else (text, "")


def _rows(text: str, separator: str, first_line: int = 1) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = first_line
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code = "quote_open" if "unexpected end" in str(error) else "quote_broken"
            raise Refused(code, line=begins) from None
        yield Row(begins, tuple(values))
        begins = reader.line_num + first_line


def _body(rows: Iterator[Row], width: int) -> Iterator[Row]:
    n = 0
    for row in rows:
        if not any(value.strip() for value in row.values):
            continue
        n += 1
        if n > MAX_ROWS:
            raise Refused("too_many_rows", limit=MAX_ROWS)
        if len(row.values) > width:
            if any(value.strip() for value in row.values[width:]):
                raise Refused("row_too_long", line=row.line, columns=width, n=len(row.values))
            row = Row(row.line, row.values[:width])  # noqa: PLW2901  (separators at the end of a line)
        elif len(row.values) < width:
            row = Row(row.line, row.values + ("",) * (width - len(row.values)))  # noqa: PLW2901
        yield row


def _same(said: str, name: str) -> bool:
    return said == name


def _begins_alike(said: str, name: str) -> bool:
    return len(name) > 3 and said.startswith(name)


def _trimmed(heading: tuple[str, ...]) -> tuple[str, ...]:
    names = [name.strip() for name in heading]
    while len(names) > 1 and not names[-1]:
        names.pop()
    return tuple(names)


def _widths(text: str, separator: str) -> list[int]:
    widths: list[int] = []
    try:
        for row in _rows(text, separator):
            if any(value.strip() for value in row.values):
                widths.append(len(row.values))
            if len(widths) == _SAMPLE_ROWS:
                break
    except Refused:
        return widths[:-1]
    return widths
