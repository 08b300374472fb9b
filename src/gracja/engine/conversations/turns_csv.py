"""Conversations from CSV with one row a turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from gracja.engine.conversations.cells import Row, csv_rows
from gracja.engine.conversations.check import MOST_TURNS, conversation_in
from gracja.engine.conversations.outcome import Accepted, Noticed, Outcome, Rejected, WrongError
from gracja.engine.conversations.values import instant_in_cell, short, yes_or_no_in_cell
from gracja.engine.errors import Where

REQUIRED: Final = ("contact", "speaker", "text")
OF_CONTACT: Final = ("employee", "customer", "place", "channel", "language", "started_at", "complete")
COLUMNS: Final = (*REQUIRED, *OF_CONTACT, "turn_employee", "event", "at")
ASSUMED_CHANNEL: Final = "chat"
Adapt = Callable[[dict[str, str]], dict[str, str]]


@dataclass(slots=True)
class _Group:
    """The rows of one contact so far."""

    first: Row
    rows: list[Row] = field(default_factory=list)
    broken: Row | None = None

    def add(self, row: Row) -> None:
        if row.wrong and not self.broken:
            self.broken = row
        if len(self.rows) <= MOST_TURNS:  # one more than may be, so that the check can say so
            self.rows.append(row)


def read_turns_csv(
    chunks: Callable[[], Iterable[bytes]], *, file: str | None = None, adapt: Adapt | None = None
) -> Iterator[Outcome]:
    """The conversations of a CSV of turns, each as soon as its last row is read.

    chunks: opens the file and gives its bytes, cut anywhere. It is called twice: the first pass counts the
    rows of each contact, so that rows sorted by time (and not by contact) make whole conversations too.
    adapt: says the cells of a row, by column, in our words (of a speaker, of a time) before they are read.
    One bad row rejects its whole contact: a conversation with a turn missing would be measured wrongly.

    Codes of rejection: those of `csv_rows` and `conversation_in`, field_choice, field_disagrees,
    file_changed. Raises EngineInputError as `csv_rows`.
    """
    rows = partial(csv_rows, file=file, known=COLUMNS, required=REQUIRED)
    left = Counter(row.contact for row in rows(chunks()) if isinstance(row, Row) and row.contact)
    groups: dict[str, _Group] = {}
    for row in rows(chunks()):
        if isinstance(row, Noticed):
            yield row
        elif (contact := row.contact) is None:
            yield row.rejected(file)
        else:
            if adapt and not row.wrong:
                row = row._replace(cells=adapt(row.cells))  # noqa: PLW2901
            groups.setdefault(contact, _Group(row)).add(row)
            left[contact] -= 1
            if left[contact] == 0:
                yield from _outcome(groups.pop(contact), file)
    for contact, count in left.items():
        if count > 0:  # the second pass ended before its last row
            yield Row(0, contact, {}, WrongError("file_changed"), ()).rejected(file)


def _outcome(group: _Group, file: str | None) -> Iterator[Outcome]:
    if group.broken:
        yield group.broken.rejected(file)
        return
    try:
        record = _record(group)
        assumed = "channel" not in record
        record.setdefault("channel", ASSUMED_CHANNEL)
        conversation, notices = conversation_in(record, clock=instant_in_cell)
    except WrongError as wrong:
        yield _rejected(group, wrong, file)
        return
    where = Where(file, group.first.line)
    if assumed:
        notices.append(("channel_assumed", None))
    said = tuple(Noticed(code, where, name) for code, name in notices)
    yield Accepted(conversation, where, partial(getattr, group.first, "raw"), said)


def _rejected(group: _Group, wrong: WrongError, file: str | None) -> Rejected:
    """In CSV a turn is a row, so its place is the row's line."""
    row = group.first if wrong.turn is None else group.rows[wrong.turn]
    wrong.turn = None
    return row._replace(contact=group.first.contact, wrong=wrong).rejected(file)


def _record(group: _Group) -> dict[str, Any]:
    """The contact's fields from whichever rows give them, and a turn from each row."""
    record: dict[str, Any] = {"contact": group.first.contact}
    names = [name for name in OF_CONTACT if name in group.first.cells]
    before: dict[str, str] = {}
    for number, row in enumerate(group.rows):
        for name in names:
            if (given := row.cells[name]) == before.get(name):
                continue
            before[name] = given
            given = given.strip()
            if given and record.setdefault(name, given) != given:
                values = [short(record[name]), short(given)]
                raise WrongError("field_disagrees", name, number, name=name, values=values)
    if "complete" in record:
        record["complete"] = yes_or_no_in_cell(record["complete"], "complete")
    record["turns"] = [_turn(row.cells) for row in group.rows]
    return record


def _turn(cells: dict[str, str]) -> dict[str, str | None]:
    return {
        "speaker": cells["speaker"].strip() or None,
        "employee": cells.get("turn_employee", "").strip() or None,
        "text": cells["text"],
        "event": cells.get("event", "").strip() or None,
        "at": cells.get("at", "").strip() or None,
    }
