"""Results as text for a terminal, and as a table for a notebook: no script, nothing loaded."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from gracja.notebook.picture import mark
from gracja.notebook.shown import Seen, axis_of, first_kind, remarks, seen, title
from gracja.wording import say

if TYPE_CHECKING:
    from gracja.notebook.results import Results

MOST: Final = 20
_LONGEST_NAME: Final = 40
_COLUMNS: Final = ("contacts", "base", "interval", "classic", "grade")


def as_text(results: Results) -> str:
    rows, lang = seen(results, kind := first_kind(results), "base"), results.language
    if not rows:
        return "\n".join([title(results), say("nothing", lang, area="notebook"), *remarks(results)])
    table = [_header(kind, lang), *([_short(row.name), *_cells(row, lang)] for row in rows[:MOST])]
    widths = [max(len(line[place]) for line in table) for place in range(len(table[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in table
    ]
    return "\n".join([title(results), *lines, *_more(rows, lang), *remarks(results)])


def as_html(results: Results) -> str:
    rows, lang = seen(results, kind := first_kind(results), "base"), results.language
    below = [*_more(rows, lang), *remarks(results)]
    if not rows:
        below = [say("nothing", lang, area="notebook"), *below]
    notes = "".join(f"<p>{escape(text)}</p>" for text in below)
    caption = f'<caption style="text-align:left">{escape(title(results))}</caption>'
    header = [*_header(kind, lang)]
    header.insert(3, "")  # the picture of the interval
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    axis = axis_of(rows)
    body = []
    for row in rows[:MOST]:
        cells = [f"<td>{escape(cell)}</td>" for cell in _cells(row, lang)]
        cells.insert(2, f"<td>{mark(row, axis)}</td>")
        body.append(f'<tr><th scope="row">{escape(_short(row.name))}</th>{"".join(cells)}</tr>')
    table = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    return f'<div lang="{lang}">{table}{notes}</div>'


def _header(kind: str, lang: str) -> list[str]:
    return [say(f"col_{name}", lang, area="notebook") for name in (kind, *_COLUMNS)]


def _cells(row: Seen, lang: str) -> list[str]:
    return [
        str(row.contacts),
        row.value(lang),
        row.interval(lang),
        row.classic_percent(lang),
        row.grade_said(lang),
    ]


def _more(rows: list[Seen], lang: str) -> list[str]:
    return [say("more", lang, area="notebook", count=len(rows) - MOST)] if len(rows) > MOST else []


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
