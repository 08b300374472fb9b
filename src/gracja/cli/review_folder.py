"""A folder for evaluators: the ledger, the rating sheet and transcripts of the contacts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gracja.cli.ledger_file import LEDGER_FILE
from gracja.cli.made_with import stamp
from gracja.engine.conversations.rating_sheet import COLUMNS, draw_of, marking_of, prepared
from gracja.engine.edition.model import Edition, ScaleMeasure, Standard
from gracja.engine.edition.texts import in_language
from gracja.engine.errors import EngineInputError, Where
from gracja.report.words import clean
from gracja.wording import say

SHEET_FILE: Final = "sheet.csv"
_TRANSCRIPTS: Final = "transcripts"
# A spreadsheet opens a CSV by double click with the delimiter of its language, and as UTF-8 only with a BOM.
_DELIMITER: Final = {"pl": ";", "en": ","}


def refuse_used_folder(folder: Path) -> None:
    """Raises EngineInputError: sample_folder_used, since people's marks may lie there."""
    for name in (LEDGER_FILE, SHEET_FILE, _TRANSCRIPTS):
        if (folder / name).exists():
            raise EngineInputError("sample_folder_used", Where(str(folder)), name=name)


def chosen_conversations(ledger: pa.Table, tables: Iterable[pa.Table], paths: Sequence[str]) -> pa.Table:
    """The conversations to read, from all. Raises EngineInputError: sample_conversation_missing."""
    wanted = ledger.filter(pc.is_valid(ledger["number"]))["contact"].combine_chunks()
    found = [table.filter(pc.is_in(table["contact"], wanted)) for table in tables]
    there = pa.concat_tables(found)["contact"].to_pylist() if found else []
    if missing := sorted({str(name) for name in wanted.to_pylist()} - set(there)):
        raise EngineInputError(
            "sample_conversation_missing",
            Where(paths[0] if len(paths) == 1 else None),
            count=len(missing),
            contact=missing[0],
        )
    return pa.concat_tables(found)


def write_review(folder: Path, ledger: pa.Table, conversations: pa.Table, edition: Edition, lang: str) -> int:
    """Write all three into an unused folder; returns how many rows the sheet has."""
    ledger = prepared(ledger, conversations, edition)
    rows = sorted(
        (row for row in ledger.to_pylist() if row["number"] is not None), key=lambda row: row["number"]
    )
    talks = {talk["contact"]: talk for talk in conversations.to_pylist()}
    (folder / _TRANSCRIPTS).mkdir(parents=True)
    for row in rows:
        text = _transcript(row["number"], len(rows), talks[row["contact"]], lang)
        (folder / _transcript_name(row["number"])).write_text(text, encoding="utf-8")
    lines = [line for row in rows for line in _sheet_rows(row, edition, draw_of(ledger), lang)]
    (folder / SHEET_FILE).write_text(_as_csv(lines, lang), encoding="utf-8-sig", newline="")
    stamped = ledger.replace_schema_metadata((ledger.schema.metadata or {}) | stamp(edition))
    pq.write_table(stamped, folder / LEDGER_FILE, compression="zstd")
    return len(lines)


def _sheet_rows(row: dict[str, Any], edition: Edition, draw: str, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "contact": row["number"],
            "transcript": _transcript_name(row["number"]),
            "standard": name,
            "behaviour": in_language(standard.behaviour, lang),
            "when": in_language(standard.when, lang) if standard.when else "",
            "how": _how(standard, lang),
            "draw": draw,
        }
        for name in row["asked"]
        for standard in (edition.standard(name),)
    ]


def _how(standard: Standard, lang: str) -> str:
    """How to fill the cell, in words."""
    marking = marking_of(standard)
    steps = ""
    if isinstance(standard.measure, ScaleMeasure):
        anchors = [in_language(anchor, lang) for anchor in standard.measure.scale]
        steps = "; ".join(f"{step} = {anchor}" for step, anchor in enumerate(anchors, 1))
    how = say(f"sheet_how_{marking.kind}", lang, steps=steps)
    if standard.na_when:
        return say("sheet_how_na", lang, how=how, when=in_language(standard.na_when, lang))
    return say("sheet_how_unseen", lang, how=how)


def _as_csv(rows: list[dict[str, Any]], lang: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", delimiter=_DELIMITER[lang])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _transcript_name(number: int) -> str:
    return f"{_TRANSCRIPTS}/{number:03d}.txt"


def _transcript(number: int, count: int, talk: dict[str, Any], lang: str) -> str:
    """What was said, with the numbers of the turns, and nothing of any mark or of who served."""
    head = say("transcript_head", lang, number=number, count=count)
    turns = [_turn(at, turn, lang) for at, turn in enumerate(talk["turns"], 1)]
    cut = [] if talk["complete"] else [say("transcript_incomplete", lang)]
    return "\n\n".join([head, *turns, *cut]) + "\n"


def _turn(number: int, turn: dict[str, Any], lang: str) -> str:
    who = say(f"transcript_{turn['speaker']}", lang)
    at = f" {turn['at']:%H:%M:%S}" if turn["at"] else ""
    event = f" [{clean(turn['event'])}]" if turn["event"] else ""
    text = "\n    ".join(clean(line) for line in turn["text"].splitlines())
    return f"{number:>3} {who}{at}:{event} {text}".rstrip()
