"""Rows of a spreadsheet become visits; what cannot be read becomes a fault with its line and column."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from gracja.app.common.clock import now
from gracja.app.common.kept_sheets import Fault
from gracja.app.common.spreadsheet import Sheet, in_utc
from gracja.app.contacts.selectors.known import Known, KnownPerson, KnownPlace
from gracja.app.observations.services.cells import Marks, Value, WrongCellError, blind_of, hour_of, moment_of
from gracja.app.observations.services.mapping import LONG, Columns, named, standard_named
from gracja.app.observations.services.visits_read import Read, Reading
from gracja.app.observations.services.wanted import band_of
from gracja.app.organisation.access import Days, is_among
from gracja.engine.edition.model import Edition
from gracja.engine.tables import CHANNELS
from gracja.engine.words.tokens import fold

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
LONGEST_CONTACT: Final = 120
LONGEST_SHOWN: Final = 80
NOBODY: Final = ""  # stands where a name was said to be nobody of ours
_CHANNEL_WORDS: Final = {
    "osobiscie": "in_person", "na miejscu": "in_person", "in person": "in_person", "wizyta": "in_person",
    "telefon": "phone", "telefonicznie": "phone", "call": "phone", "wideo": "video", "czat": "chat",
    "wiadomosc": "message", "sms": "message", "e-mail": "email", "mail": "email", "list": "letter",
}  # fmt: skip


def read_visits(
    sheet: Sheet,
    columns: Columns,
    document: Edition,
    known: Known,
    allowed: Iterable[str],
    theirs: Mapping[int, Sequence[Days]] | None = None,
) -> Reading:
    """The visits of a spreadsheet. allowed: uids of the places whose visits may be put in. theirs: keys of
    the people who may have served there, and on which days; None: everybody.
    """
    return _Reader(sheet, columns, document, known, frozenset(allowed), theirs).read()


class _Reader:
    def __init__(
        self,
        sheet: Sheet,
        columns: Columns,
        document: Edition,
        known: Known,
        allowed: frozenset[str],
        theirs: Mapping[int, Sequence[Days]] | None,
    ) -> None:
        self._sheet, self._columns, self._known = sheet, columns, known
        self._allowed, self._theirs = allowed, theirs
        self._by_name = named(document)
        self._standards = {one.standard: one for _, _, one in document.standards()}
        self._marks = {name: Marks(standard) for name, standard in self._standards.items()}
        long = columns.shape == LONG
        self._order = list(self._standards) if long else list(dict.fromkeys(columns.standards.values()))
        self._place_in_order = {name: place for place, name in enumerate(self._order)}
        self._latest = now()
        self.reading = Reading(self._order)

    def read(self) -> Reading:
        for row in self._sheet.rows:
            line, cells = row.line, row.values
            self.reading.rows += 1
            try:
                visit = self._head(line, cells)
                marks = list(self._given(cells, visit.channel))
            except _FaultyError as wrong:
                self._fault(line, cells, wrong)
                continue
            for place, value in marks:
                visit.marks[place] = value
            self._keep(visit, marks, cells)
        return self.reading

    def _head(self, line: int, cells: Sequence[str]) -> Read:
        place = self._place(cells)
        at, hour_known = self._at(cells, place)
        employee = self._employee(cells, at.astimezone(place.zone).date())
        named_ = self._cell(cells, "evaluator")
        evaluator = self._known.person(named_) if named_ else None
        outside = named_[:LONGEST_CONTACT] if named_ and evaluator is None else ""
        if outside:
            self.reading.outside[outside] += 1
        contact = self._cell(cells, "contact")
        if len(contact) > LONGEST_CONTACT:
            raise _FaultyError("contact", "visit_name_too_long", most=LONGEST_CONTACT)
        if not contact:
            said = "|".join(
                (
                    place.uid,
                    at.isoformat(),
                    employee.key if employee else "",
                    evaluator.key if evaluator else outside,
                )
            )
            contact = f"visit-{hashlib.sha256(said.encode()).hexdigest()[:24]}"
        return Read(
            line,
            contact,
            place,
            employee,
            evaluator,
            outside,
            at,
            self._channel(cells),
            [None] * len(self._order),
            self._said(cells, "wanted", band_of),
            blind=self._said(cells, "blind", blind_of),
            hour_known=hour_known,
        )

    def _given(self, cells: Sequence[str], channel: str) -> Iterator[tuple[int, Value]]:
        """The marks of a row: place in the order of standards, and value."""
        if self._columns.shape == LONG:
            standard = standard_named(self._cell(cells, "standard"), self._by_name)
            if standard is None:
                raise _FaultyError("standard", "visit_standard_unknown")
            yield (
                self._place_in_order[standard],
                self._mark("value", self._cell(cells, "value"), standard, channel),
            )
            return
        for column, standard in self._columns.standards.items():
            cell = cells[column] if column < len(cells) else ""
            yield self._place_in_order[standard], self._mark(column, cell, standard, channel)

    def _mark(self, column: int | str, cell: str, standard: str, channel: str) -> Value:
        try:
            value: Value = self._marks[standard].read(cell)
        except WrongCellError as wrong:
            raise _FaultyError(column, wrong.code, **wrong.facts) from None
        if channel not in self._standards[standard].channels:
            if value.status == "marked":
                raise _FaultyError(column, "visit_other_channel", channel=channel)
            return Value("not_applicable")
        return value

    def _place(self, cells: Sequence[str]) -> KnownPlace:
        if "place" not in self._columns.fields:
            place = self._known.places_by_uid.get(self._columns.place_uid)
            name = ""
        else:
            name = self._cell(cells, "place")
            if not name:
                raise _FaultyError("place", "visit_place_missing")
            chosen = self._columns.names.get("place", {}).get(name)
            place = self._known.places_by_uid.get(chosen) if chosen else self._known.place(name)
        if place is None:
            self.reading.unknown["place"][name] += 1
            raise _FaultyError("place", "visit_place_unknown")
        if place.uid not in self._allowed:
            raise _FaultyError("place", "visit_place_not_yours")
        return place

    def _employee(self, cells: Sequence[str], day: date) -> KnownPerson | None:
        name = self._cell(cells, "employee")
        chosen = self._columns.names.get("employee", {}).get(name)
        if not name or chosen == NOBODY:
            return None
        person = self._known.people_by_uid.get(chosen) if chosen else self._known.person(name)
        if person is None or not self._was_there(person, day):
            self.reading.unknown["employee"][name] += 1
            days = (*self.reading.days, day)
            self.reading.days = min(days), max(days)
            raise _FaultyError("employee", "visit_employee_unknown")
        return person

    def _was_there(self, person: KnownPerson, day: date) -> bool:
        return self._theirs is None or is_among(day, self._theirs.get(person.pk, ()))

    def _at(self, cells: Sequence[str], place: KnownPlace) -> tuple[datetime, bool]:
        """When it was, and whether the file says the hour."""
        given = self._cell(cells, "at")
        hour = self._cell(cells, "hour")
        if not given:
            raise _FaultyError("at", "visit_time_missing")
        try:
            at, hour_known = moment_of(given)
        except WrongCellError as wrong:
            raise _FaultyError("at", wrong.code) from None
        try:
            if hour and not hour_known:
                at, hour_known = datetime.combine(at.date(), hour_of(hour)), True
        except WrongCellError:
            raise _FaultyError("hour", "visit_hour_unreadable") from None
        there = in_utc(at if at.tzinfo else at.replace(tzinfo=place.zone))
        if there is None:
            raise _FaultyError("at", "visit_time_unreadable")
        at = there
        if at > self._latest and at.date() > self._latest.date():
            raise _FaultyError("at", "visit_in_future")
        if at < EARLIEST:
            raise _FaultyError("at", "visit_too_old")
        return at, hour_known

    def _said[T](self, cells: Sequence[str], name: str, read: Callable[[str], T]) -> T:
        try:
            return read(self._cell(cells, name))
        except WrongCellError as wrong:
            raise _FaultyError(name, wrong.code) from None

    def _channel(self, cells: Sequence[str]) -> str:
        given = self._cell(cells, "channel")
        if not given:
            return self._columns.channel
        word = fold(given)
        channel = _CHANNEL_WORDS.get(word, word.replace(" ", "_"))
        if channel not in CHANNELS:
            raise _FaultyError("channel", "visit_channel_unknown", known=", ".join(CHANNELS))
        return channel

    def _cell(self, cells: Sequence[str], name: str) -> str:
        column = self._columns.fields.get(name, -1)
        return cells[column].strip() if 0 <= column < len(cells) else ""

    def _keep(self, visit: Read, marks: Sequence[tuple[int, Value]], cells: Sequence[str]) -> None:
        """One more visit; in a long sheet one more mark of a visit; or what stood there already."""
        there = self.reading.visits.setdefault(visit.contact, [])
        before = next((one for one in there if one.who == visit.who), None)
        if wrong := self._unlike(visit, there, before):
            self._fault(visit.line, cells, _FaultyError(wrong, "visit_differs", line=there[0].line))
        elif before is None:
            there.append(visit)
        elif any(before.marks[place] not in (None, value) for place, value in marks):
            column = "value" if self._columns.shape == LONG else "contact"
            self._fault(visit.line, cells, _FaultyError(column, "visit_twice", line=before.line))
        elif all(before.marks[place] == value for place, value in marks):
            self.reading.repeated += 1
        else:
            for place, value in marks:
                before.marks[place] = value
        if there and not wrong:
            there[0].wanted = there[0].wanted or visit.wanted

    @staticmethod
    def _unlike(visit: Read, there: Sequence[Read], before: Read | None) -> str:
        """In which field a row differs from those of the same contact above it; empty: in none. Two people
        may mark one contact, and then both have to be named.
        """
        if not there or before is visit:
            return ""
        named = before is not None or all(any(one.who) for one in (*there, visit))
        unlike = before.head != visit.head if before else there[0].of_contact != visit.of_contact
        if not named or unlike:
            return "contact"
        return "wanted" if visit.wanted and there[0].wanted not in ("", visit.wanted) else ""

    def _fault(self, line: int, cells: Sequence[str], wrong: _FaultyError) -> None:
        column = wrong.column if isinstance(wrong.column, int) else self._columns.fields.get(wrong.column, -1)
        heading = self._sheet.heading[column] if 0 <= column < len(self._sheet.heading) else ""
        value = cells[column].strip() if 0 <= column < len(cells) else ""
        self.reading.faults.append(Fault(line, heading, value[:LONGEST_SHOWN], wrong.code, dict(wrong.facts)))


class _FaultyError(Exception):
    """A row that cannot be used: which column (its number, or our field), and why."""

    def __init__(self, column: int | str, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.column, self.code = column, code
        self.facts: Mapping[str, Any] = facts
