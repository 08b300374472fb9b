"""The rating sheet: what evaluators are asked about the contacts of a ledger, and their answers read back.

A row of the sheet names a contact by its number in the ledger, since a spreadsheet spoils long numbers, and
neither the number nor the order says why it was drawn or what the machine marked.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import pyarrow as pa

from gracja.engine.conversations.cells import Row, csv_rows
from gracja.engine.conversations.flat import ROWS_AT_ONCE, Part
from gracja.engine.conversations.kinds import FIRST_REVISION, OBSERVATION
from gracja.engine.conversations.outcome import Noticed, WrongError
from gracja.engine.conversations.sheet import Sheet, table_as
from gracja.engine.conversations.values import short
from gracja.engine.edition.model import CountMeasure, Edition, ScaleMeasure, SecondsMeasure, Standard
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.tables import LEDGER, OBSERVATIONS
from gracja.engine.words.tokens import fold

COLUMNS: Final = (
    "contact",
    "transcript",
    "standard",
    "behaviour",
    "when",
    "how",
    "value",
    "evidence",
    "comment",
    "evaluator",
    "draw",
)
_REQUIRED: Final = ("contact", "standard", "value", "draw")
_MARKINGS: Final = b"gracja.sheet.markings"
_YES: Final = {"1", "yes", "y", "tak", "t"}
_NO: Final = {"0", "no", "n", "nie"}
_NOT_APPLICABLE: Final = {"n/a", "na", "n.a.", "nd", "n/d", "nie dotyczy", "not applicable"}
_NOT_SEEN: Final = {"?", "not seen", "could not be seen", "nie widac", "nie bylo widac"}
_UNITS: Final = {"scale": "step", "count": "count", "seconds": "seconds"}
_TURNS: Final = re.compile(r"\d+(?:[\s,;.]+\d+)*")


class Marking(NamedTuple):
    """How a standard is marked: kind yes_no, scale (limit: steps), count or seconds (limit: threshold)."""

    kind: str
    limit: float
    may_not_apply: bool

    @property
    def example(self) -> str:
        """What may stand in the cell, in signs that need no language."""
        shown = {
            "yes_no": "1 / 0",
            "scale": f"1–{self.limit:.0f}",
            "count": "0, 1, 2…",
            "seconds": "0, 12.5…",
        }
        return f"{shown[self.kind]}{' / N/A' if self.may_not_apply else ''} / ?"


def marking_of(standard: Standard) -> Marking:
    may_not_apply = standard.na_when is not None
    match standard.measure:
        case ScaleMeasure(scale=steps):
            return Marking("scale", float(len(steps)), may_not_apply)
        case CountMeasure(count_at_least=least):
            return Marking("count", float(least), may_not_apply)
        case SecondsMeasure(seconds_at_most=most):
            return Marking("seconds", float(most), may_not_apply)
        case _:
            return Marking("yes_no", 1.0, may_not_apply)


def prepared(ledger: pa.Table, conversations: pa.Table, edition: Edition) -> pa.Table:
    """The ledger with what a sheet needs: the length of every turn, and only standards of the channel asked.

    ledger: tables.LEDGER. conversations: tables.CONVERSATIONS of its numbered contacts, in any order. Rows
    without a number are left as they are.
    """
    talks = {row["contact"]: row for row in conversations.select(["contact", "channel", "turns"]).to_pylist()}
    rows = []
    for row in ledger.to_pylist():
        if row["number"] is not None:
            talk = talks[row["contact"]]
            row["turn_characters"] = [len(turn["text"]) for turn in talk["turns"]]
            row["asked"] = [
                name for name in row["asked"] if talk["channel"] in edition.standard(name).channels
            ]
        rows.append(row)
    markings = {standard.standard: marking_of(standard) for _, _, standard in edition.standards()}
    schema = LEDGER.with_metadata({_MARKINGS: json.dumps(markings).encode()})
    return pa.Table.from_pylist(rows, schema=schema)


def draw_of(ledger: pa.Table) -> str:
    """A name of this draw, so that a sheet is never read with another ledger."""
    columns = ("contact", "number", "seed", "edition")
    said = json.dumps([ledger[name].to_pylist() for name in columns]).encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()[:8]


def goes_with_a_sheet(ledger: pa.Table) -> bool:
    """Whether this table is a ledger as `prepared` made it."""
    return ledger.schema.equals(LEDGER) and _MARKINGS in (ledger.schema.metadata or {})


def is_rating_sheet(head: bytes) -> bool:
    """Whether a CSV file that begins so is a rating sheet rather than a table of observations."""
    line = head.split(b"\n", 1)[0].decode("utf-8-sig", "replace")
    names = {name.strip().strip('"').lower() for name in re.split(r"[;,\t]", line)}
    return names >= set(_REQUIRED) and "status" not in names


def read_rating_sheet(
    chunks: Iterable[bytes], ledger: pa.Table, *, file: str | None = None
) -> Iterator[Part]:
    """The marked rows as observations, with the inclusion of the ledger; what is not marked is noticed.

    ledger: one that `goes_with_a_sheet`. Codes of rejection: sheet_other_draw, sheet_not_asked, sheet_value,
    sheet_na_not_allowed, sheet_evidence, and those of `csv_rows`; notices: sheet_blank.

    Raises EngineInputError: sheet_unmarked, where no row has a mark yet: there is nothing to read.
    """
    answers = _Answers(ledger)
    lines, kept, untouched = list[int](), list[dict[str, Any]](), True
    for row in csv_rows(chunks, file=file, known=COLUMNS, required=_REQUIRED):
        if isinstance(row, Noticed):
            yield row
        elif row.wrong:
            untouched = False
            yield row.rejected(file)
        elif not row.cells["value"].strip():
            yield Noticed("sheet_blank", Where(file))
        else:
            untouched = False
            try:
                kept.append(answers.observation(row))
                lines.append(row.line)
            except WrongError as wrong:
                yield row._replace(wrong=wrong).rejected(file)
        if len(kept) == ROWS_AT_ONCE:
            yield _sheet(kept, lines, file)
            lines, kept = [], []
    if untouched:
        raise EngineInputError("sheet_unmarked", Where(file, field="value"))
    yield _sheet(kept, lines, file)


def _sheet(rows: list[dict[str, Any]], lines: list[int], file: str | None) -> Sheet:
    table, _ = table_as(OBSERVATION, pa.Table.from_pylist(rows, schema=OBSERVATIONS), file=file)
    return Sheet(table, lines, file)


class _Answers:
    """A ledger, by the numbers that stand in its sheet."""

    def __init__(self, ledger: pa.Table) -> None:
        self._draw = draw_of(ledger)
        self._markings = {
            name: Marking(*given) for name, given in json.loads(ledger.schema.metadata[_MARKINGS]).items()
        }
        self._rows = {str(row["number"]): row for row in ledger.to_pylist() if row["number"] is not None}

    def observation(self, row: Row) -> dict[str, Any]:
        cells = {name: cell.strip() for name, cell in row.cells.items()}
        if cells["draw"] != self._draw:
            raise WrongError("sheet_other_draw", "draw", given=short(cells["draw"]), expected=self._draw)
        asked = self._rows.get(cells["contact"])
        if asked is None or cells["standard"] not in asked["asked"]:
            contact, standard = short(cells["contact"]), short(cells["standard"])
            raise WrongError("sheet_not_asked", "standard", contact=contact, standard=standard)
        return {
            **{name: asked[name] for name in ("contact", "employee", "place", "occurred_at", "edition")},
            **_mark(cells["value"], self._markings[cells["standard"]]),
            "segment": 0,
            "standard": cells["standard"],
            "source": "review",
            "evaluator": cells.get("evaluator") or None,
            "evidence": _evidence(cells.get("evidence", ""), asked),
            "inclusion": asked["inclusion"],
            "revision": FIRST_REVISION,
            "blind": True,  # neither the sheet nor its order says what the machine marked
        }


def _mark(cell: str, marking: Marking) -> dict[str, Any]:
    """Status, value, raw and unit of what stands in the cell. Words count in either language."""
    word = fold(cell)
    if word in _NOT_SEEN:
        return {"status": "not_seen"}
    if word in _NOT_APPLICABLE:
        if not marking.may_not_apply:
            raise WrongError("sheet_na_not_allowed", "value", expected=marking.example)
        return {"status": "not_applicable"}
    said = marking.kind == "yes_no" and word in _YES | _NO
    number = float(word in _YES) if said else _number(word)
    value = None if number is None else _value(number, marking)
    if value is None:
        raise WrongError("sheet_value", "value", given=short(cell), expected=marking.example)
    if marking.kind == "yes_no":
        return {"status": "marked", "value": value}
    return {"status": "marked", "value": value, "raw": number, "unit": _UNITS[marking.kind]}


def _value(number: float, marking: Marking) -> float | None:
    """The share met, from 0 to 1; None for a number that this standard does not have."""
    whole = number.is_integer()
    match marking.kind:
        case "scale" if whole and 1 <= number <= marking.limit:
            return (number - 1) / (marking.limit - 1)
        case "count" if whole:
            return float(number >= marking.limit)
        case "seconds":
            return float(number <= marking.limit)
        case "yes_no" if number in (0, 1):
            return number
        case _:
            return None


def _number(word: str) -> float | None:
    """A number as either language writes it."""
    return float(word.replace(",", ".")) if re.fullmatch(r"\d{1,9}(?:[.,]\d{1,9})?", word) else None


def _evidence(cell: str, asked: Mapping[str, Any]) -> list[dict[str, int]]:
    """Numbers of turns, from 1 as the transcript counts, as whole turns."""
    if not cell:
        return []
    lengths = asked["turn_characters"]
    numbers = [int(each) for each in re.findall(r"\d+", cell)] if _TURNS.fullmatch(cell) else []
    if not numbers or not all(1 <= number <= len(lengths) for number in numbers):
        raise WrongError("sheet_evidence", "evidence", given=short(cell))
    return [{"turn": n - 1, "start": 0, "end": lengths[n - 1]} for n in dict.fromkeys(numbers)]
