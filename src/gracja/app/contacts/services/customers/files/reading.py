"""Rows of a spreadsheet become purchases and refunds; what cannot be read becomes a fault with its cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from gracja.app.common.clock import now
from gracja.app.common.kept_sheets import Fault
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Sheet
from gracja.app.contacts.models.customers import last_digits
from gracja.app.contacts.selectors.known import Known, KnownPlace
from gracja.app.contacts.services.customers.files.cells import EARLIEST, amount_of, moment_of, number_of
from gracja.app.contacts.services.customers.files.mapping import EMAIL, PHONE, Columns

LONGEST_NUMBER: Final = 100
LONGEST_CUSTOMER: Final = 200
LONGEST_SHOWN: Final = 80
TOLD_AFTER: Final = 1000  # rows


class Read(NamedTuple):
    """One row. customer: as the file names them, in the form in which they are looked up. minor: below zero
    for a refund. refund_of: the document that it corrects; empty: not said.
    """

    line: int
    number: str
    customer: str
    at: datetime
    minor: int
    place: int | None
    refund_of: str

    @property
    def said(self) -> tuple[object, ...]:
        """What two rows of one document have in common."""
        return self[2:]


@dataclass
class Reading:
    """What a file holds, in its order. number -> row, so that a document stands once."""

    purchases: dict[str, Read] = field(default_factory=dict)
    refunds: dict[str, Read] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0
    repeated: int = 0


class _FaultyError(Exception):
    """A row that cannot be used: which of our fields, and why."""

    def __init__(self, field_: str, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.field, self.code = field_, code
        self.facts: Mapping[str, Any] = facts


class Reader:
    """Reads the rows of one sheet. zone: of rows without a place."""

    def __init__(self, sheet: Sheet, columns: Columns, known: Known, *, zone: ZoneInfo) -> None:
        self._sheet, self._columns, self._known, self._zone = sheet, columns, known, zone
        self._latest = now() + timedelta(days=1)
        self._place_of = cache(known.place)  # a file names few of them, in every row

    def read(self, told: Callable[[int], None] | None = None) -> Reading:
        """told: is told now and then how many rows were read."""
        reading = Reading()
        for row in self._sheet.rows:
            reading.rows += 1
            if told is not None and reading.rows % TOLD_AFTER == 0:
                told(reading.rows)
            try:
                self._take(reading, self._row(row.line, row.values))
            except _FaultyError as wrong:
                reading.faults.append(self._fault(row.line, row.values, wrong))
        return reading

    def _take(self, reading: Reading, one: Read) -> None:
        kept = reading.refunds if one.minor < 0 else reading.purchases
        before = kept.setdefault(one.number, one)
        if before is one:
            return
        if before.said != one.said:
            raise _FaultyError("number", "purchase_twice", line=before.line)
        reading.repeated += 1

    def _fault(self, line: int, cells: Sequence[str], wrong: _FaultyError) -> Fault:
        value = self._cell(cells, wrong.field)[:LONGEST_SHOWN]
        return Fault(line, self.heading(wrong.field), value, wrong.code, dict(wrong.facts))

    def heading(self, field_: str) -> str:
        """What the file calls the column that holds this field of ours."""
        column = self._columns.fields.get(field_, -1)
        return self._sheet.heading[column] if 0 <= column < len(self._sheet.heading) else ""

    def _row(self, line: int, cells: Sequence[str]) -> Read:
        number = self._number(cells, "number")
        if not number:
            raise _FaultyError("number", "purchase_number_missing")
        if len(number) > LONGEST_NUMBER:
            raise _FaultyError("number", "purchase_number_too_long", most=LONGEST_NUMBER)
        place = self._place(cells)
        currency = self._cell(cells, "currency").upper().replace("Z\u0141", "PLN")
        if currency and currency != self._columns.currency:
            wanted = self._columns.currency
            raise _FaultyError("currency", "purchase_other_currency", currency=currency, wanted=wanted)
        return Read(
            line,
            number,
            self._customer(cells),
            self._at(cells, place),
            self._amount(cells),
            place.pk if place else None,
            self._number(cells, "refund_of"),
        )

    def _amount(self, cells: Sequence[str]) -> int:
        given = self._cell(cells, "amount")
        if not given:
            raise _FaultyError("amount", "purchase_amount_missing")
        try:
            return amount_of(given, self._columns.currency)
        except Refused as refused:
            raise _FaultyError("amount", refused.code, **refused.facts) from None

    def _at(self, cells: Sequence[str], place: KnownPlace | None) -> datetime:
        zone = place.zone if place else self._zone
        try:
            at = moment_of(self._cell(cells, "at"), self._cell(cells, "hour"), zone)
        except Refused as refused:
            raise _FaultyError("at", refused.code) from None
        if at > self._latest:
            raise _FaultyError("at", "purchase_in_future")
        if at < EARLIEST:
            raise _FaultyError("at", "purchase_too_old")
        return at

    def _customer(self, cells: Sequence[str]) -> str:
        given = self._number(cells, "customer")
        if not given:
            raise _FaultyError("customer", "purchase_customer_missing")
        if len(given) > LONGEST_CUSTOMER:
            raise _FaultyError("customer", "purchase_number_too_long", most=LONGEST_CUSTOMER)
        if self._columns.customer_by == PHONE:
            if not (given := last_digits(given)):
                raise _FaultyError("customer", "purchase_phone_unreadable")
        elif self._columns.customer_by == EMAIL:
            given = given.lower()
            try:
                validate_email(given)
            except ValidationError:
                raise _FaultyError("customer", "purchase_email_unreadable") from None
        return given

    def _place(self, cells: Sequence[str]) -> KnownPlace | None:
        given = self._cell(cells, "place")
        if not given:
            return self._known.places_by_uid.get(self._columns.place_uid)
        place = self._place_of(given)
        if place is None:
            raise _FaultyError("place", "purchase_place_unknown")
        return place

    def _number(self, cells: Sequence[str], name: str) -> str:
        try:
            return number_of(self._cell(cells, name))
        except Refused as refused:
            raise _FaultyError(name, refused.code) from None

    def _cell(self, cells: Sequence[str], name: str) -> str:
        column = self._columns.fields.get(name, -1)
        return cells[column].strip() if 0 <= column < len(cells) else ""
