"""Rows of CSV by the names of their columns; a broken row says which contacts it may have hurt."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from gracja.engine.conversations.check import LONGEST_TURN_CHARACTERS
from gracja.engine.conversations.lines import LONGEST_RAW, Line, head_of, split_lines
from gracja.engine.conversations.outcome import Noticed, Rejected, WrongError
from gracja.engine.conversations.values import LONGEST_ID_CHARACTERS, short, wrong_byte
from gracja.engine.errors import EngineInputError, Where

# The csv module knows one limit, for the whole process; without this it refuses turns that we accept.
csv.field_size_limit(LONGEST_TURN_CHARACTERS)
_SAMPLE_BYTES: Final = 2**16
_DELIMITERS: Final = (",", ";", "\t", "|")


class Row(NamedTuple):
    """One row: its first line in the file, its cells by column, or what is wrong with it."""

    line: int
    contact: str | None
    cells: dict[str, str]
    wrong: WrongError | None
    source: tuple[bytes, ...]

    @property
    def raw(self) -> str:
        """What is shown of the row to the person who mends it."""
        return head_of(b"\n".join(self.source))

    def rejected(self, file: str | None) -> Rejected:
        """The rejection of this row for what is wrong with it."""
        wrong = self.wrong or WrongError("field_missing", "contact", name="contact")
        contact = None if self.contact is None else short(self.contact[:LONGEST_ID_CHARACTERS])
        return Rejected(
            Where(file, self.line, None, wrong.path()), wrong.code, wrong.facts, contact, self.raw
        )


def csv_rows(
    chunks: Iterable[bytes], *, file: str | None, known: Collection[str], required: Sequence[str]
) -> Iterator[Row | Noticed]:
    """The rows below the header. The delimiter (, ; | or tab) is the one that shows most known columns.

    Codes of a row: not_utf8, csv_broken, csv_cells, turn_too_long, line_too_long. Rows that an open quote
    swallowed come back one for each contact that they name. Raises EngineInputError for the whole file:
    csv_not_utf8, columns_missing, column_twice.
    """
    chunks = iter(chunks)
    first = next(chunks, b"")
    _check_encoding(first, file)
    feed = _Feed(split_lines(chain([first], chunks)))
    header = next((line for line in feed.lines if not line.blank), None)
    if header is None:
        yield Noticed("file_empty", Where(file))
        return
    columns, delimiter = _header(header, file, known, required)
    yield from (Noticed("field_ignored", Where(file), short(name)) for name in columns if name not in known)
    rows = _Rows(feed, columns, delimiter)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.forget()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            yield from rows.broken(str(broken))
            continue
        if any(map(str.strip, cells)):
            yield rows.row(cells)
        else:
            yield Noticed("line_blank", Where(file, feed.taken[0].number))


class _Feed:
    """Lines as text for the csv module; remembers those of the row at hand."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self.lines = lines
        self.taken: list[Line] = []
        self.wrong: WrongError | None = None  # the first byte of them that is no UTF-8

    def forget(self) -> None:
        """Begin a new row."""
        self.taken.clear()
        self.wrong = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.taken.append(line)
        try:
            return line.content.decode() + "\n"
        except UnicodeDecodeError as broken:
            self.wrong = self.wrong or wrong_byte(broken)
            return line.content.decode("utf-8", "surrogateescape") + "\n"


class _Rows:
    """Rows of one file, of the lines that the feed has just handed out."""

    def __init__(self, feed: _Feed, columns: list[str], delimiter: str) -> None:
        self._feed, self._columns, self._delimiter = feed, columns, delimiter
        self._contact = columns.index("contact")

    def row(self, cells: list[str]) -> Row:
        wrong = self._wrong_bytes()
        if wrong is None and len(cells) != len(self._columns):
            wrong = WrongError("csv_cells", count=len(cells), expected=len(self._columns))
        named = {} if wrong else dict(zip(self._columns, cells, strict=True))
        return Row(self._feed.taken[0].number, self._contact_in(cells), named, wrong, self._source())

    def broken(self, problem: str) -> Iterator[Row]:
        lines = self._feed.taken
        if "field limit" in problem and len(lines) == 1:
            wrong = WrongError("turn_too_long", "text", most=LONGEST_TURN_CHARACTERS)
        else:
            wrong = self._wrong_bytes() or WrongError("csv_broken", problem=problem, count=len(lines))
        contacts = dict.fromkeys(self._contact_of(line, first=line is lines[0]) for line in lines)
        named = [contact for contact in contacts if contact is not None]
        for contact in named or (None,):
            yield Row(lines[0].number, contact, {}, wrong, self._source())

    def _wrong_bytes(self) -> WrongError | None:
        for line in self._feed.taken:
            if line.too_long:
                return WrongError("line_too_long", size=line.size, most=len(line.content))
        return self._feed.wrong

    def _contact_of(self, line: Line, *, first: bool) -> str | None:
        """The contact of a line inside a broken row, if the line is a row of its own."""
        text = line.content.decode("utf-8", "surrogateescape")
        try:
            cells = next(
                csv.reader([text if first is False else text[:LONGEST_RAW]], delimiter=self._delimiter)
            )
        except (csv.Error, StopIteration):
            return None
        return self._contact_in(cells) if first or len(cells) == len(self._columns) else None

    def _contact_in(self, cells: list[str]) -> str | None:
        return (cells[self._contact].strip() or None) if len(cells) > self._contact else None

    def _source(self) -> tuple[bytes, ...]:
        return tuple(line.content[: LONGEST_RAW * 4] for line in self._feed.taken[:20])


def _header(
    line: Line, file: str | None, known: Collection[str], required: Sequence[str]
) -> tuple[list[str], str]:
    text = line.content.decode("utf-8", "replace")
    choices = [(_names(text, delimiter), delimiter) for delimiter in _DELIMITERS]
    columns, delimiter = max(choices, key=lambda choice: len(set(choice[0]) & set(known)))
    where = Where(file, line.number)
    missing = [name for name in required if name not in columns]
    if missing:
        found = [short(name) for name in columns[:20]]
        raise EngineInputError("columns_missing", where, missing=missing, found=found)
    for name in known:
        if columns.count(name) > 1:
            raise EngineInputError("column_twice", where, name=name)
    return columns, delimiter


def _names(text: str, delimiter: str) -> list[str]:
    try:
        return [name.strip().lower() for name in next(csv.reader([text], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _check_encoding(first: bytes, file: str | None) -> None:
    """Refuse a file of another encoding as a whole: Polish letters of Windows-1250 are no UTF-8 anywhere."""
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(first[:_SAMPLE_BYTES])
    if text.isascii():
        return
    broken = [place for place, sign in enumerate(text) if "\udc80" <= sign <= "\udcff"]
    whole = sum(not sign.isascii() for sign in text) - len(broken)
    if len(broken) > whole:
        line = text.count("\n", 0, broken[0]) + 1
        given = f"0x{ord(text[broken[0]]) - 0xDC00:02X}"
        raise EngineInputError("csv_not_utf8", Where(file, line), given=given)
