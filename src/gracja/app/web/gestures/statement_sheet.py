"""The statement as a file: its rows for a spreadsheet, its data for the press."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final

from babel.numbers import format_decimal, get_currency_precision
from django.utils import formats, translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.spreadsheet import write_sheet
from gracja.app.gestures.printing.press import printed
from gracja.app.gestures.selectors.statement import Line, OfDay, Statement, Written, by_day, written
from gracja.app.organisation.selectors.company import company
from gracja.app.web.templatetags.gestures import entry_kind, gesture_kind, month_year
from gracja.engine.edition.texts import in_language
from gracja.report.words import clean, typeset

SEPARATORS: Final = {"pl": ";", "en": ","}
# Entries printed one by one. Of more an accountant reads sums by day and gesture, and keeps the file for
# spreadsheets with every entry beside them.
AT_MOST: Final = 500


def heads() -> tuple[str, ...]:
    """The columns of the sums."""
    return (
        _("Kind"),
        _("Asked for"),
        _("Set aside"),
        _("Spent"),
        _("Given back"),
        _("Not used in time"),
        _("Refunded"),
        _("Spent in all"),
    )


def amounts_of(line: Line) -> tuple[int, ...]:
    """A line's amounts, in the order of `heads`, in minor units."""
    return (line.reserve, line.commit, line.release, line.expire, line.returned, line.spent)


def as_sheet(found: Statement, language: str) -> bytes:
    """Every entry, one a row, for a spreadsheet: `;` and a comma in Polish, `,` and a point in English."""
    with translation.override(language):
        heading = (
            _("Day"), _("Time"), _("Place"), _("Entry"), _("Kind"), _("Policy"), _("Amount"), _("Currency"),
            _("Customer"), _("Given by"), _("Why"), _("Gesture"),
        )  # fmt: skip
        rows = [heading, *_rows(found, language)]
        return write_sheet(rows, separator=SEPARATORS[language])


def as_pdf(found: Statement, language: str) -> bytes:
    """The statement on paper."""
    with translation.override(language):
        return printed("statement", _data(found, language))


def title_of(found: Statement) -> str:
    """What the statement is called, in the language of the moment."""
    return _("Gestures in %(month)s") % {"month": month_year(found.first)}


def spent_in_words(found: Statement, language: str) -> list[str]:
    """A sentence for each currency."""
    return [
        _("%(spent)s spent on gestures.") % {"spent": Money(one.spent, one.currency).in_words(language)}
        for one in found.lines
        if not one.kind
    ]


def _rows(found: Statement, language: str) -> Iterator[Sequence[object]]:
    # each word and each currency once, not once for each of tens of thousands of entries
    entry = cache(entry_kind)
    kind = cache(gesture_kind)
    digits = cache(get_currency_precision)
    comma = "," if language == "pl" else "."
    for one in written(found):
        whole, part = divmod(one.amount_minor, 10 ** digits(one.currency))
        amount = f"{whole}{comma}{part:0{digits(one.currency)}}" if digits(one.currency) else str(whole)
        yield (
            one.at.date().isoformat(),
            f"{one.at:%H:%M}",
            one.place,
            entry(one.kind),
            kind(one.policy_kind),
            in_language(one.title, language),
            amount,
            one.currency,
            one.customer_key,
            one.given_by,
            one.reason,
            one.gesture,
        )


def _data(found: Statement, language: str) -> dict[str, Any]:
    one = company()
    entries = written(found)
    summed = len(entries) > AT_MOST
    return {
        "lang": language,
        "company": clean(one.name if one else ""),
        "title": title_of(found),
        "scope": clean(found.place.name) if found.place else _("All places"),
        "sentences": [typeset(line, language) for line in spent_in_words(found, language)],
        "heads": list(heads()),
        "sums": [_sum(line, language) for line in found.lines],
        "summed": summed,
        "columns": list(_day_heads())
        if summed
        else [_("When"), _("What"), _("Gesture"), _("Place"), _("Given by"), _("Amount")],
        "entries": [_of_day(day, language) for day in by_day(entries)]
        if summed
        else [_printed(entry, language) for entry in entries],
        "made": " ".join(_made(len(entries) if summed else 0)),
        "words": {
            "sums": _("By kind"),
            "entries": _("By day and gesture") if summed else _("Entries"),
            "nothing": _("Nothing was entered in this month."),
        },
    }


def _made(summed: int) -> Iterable[str]:
    day = formats.date_format(now(), "DATE_FORMAT")
    yield _("Made on %(day)s. Every sum is that of the entries of the ledger.") % {"day": day}
    if summed:
        yield ngettext(
            "%(n)s entry is summed up here by day and gesture; the file for spreadsheets, which belongs to "
            "this statement, holds it.",
            "%(n)s entries are summed up here by day and gesture; the file for spreadsheets, which belongs "
            "to this statement, holds each of them.",
            summed,
        ) % {"n": format_decimal(summed, locale=get_language() or "en")}


def _sum(line: Line, language: str) -> dict[str, Any]:
    shown = [Money(minor, line.currency).in_words(language) for minor in amounts_of(line)]
    kind = gesture_kind(line.kind) if line.kind else _("In all, %(currency)s") % {"currency": line.currency}
    return {"cells": [kind, str(line.asked_for), *shown], "total": not line.kind}


def _day_heads() -> tuple[str, ...]:
    """The columns of what is summed up by day."""
    return (_("Day"), _("Gesture"), _("Entries"), *heads()[2:7])


def _of_day(one: OfDay, language: str) -> list[str]:
    amounts = amounts_of(one.sums)[:5]
    return [
        formats.date_format(one.day, "SHORT_DATE_FORMAT"),
        clean(in_language(one.title, language)),
        str(one.n),
        *(Money(minor, one.sums.currency).in_words(language) if minor else "–" for minor in amounts),
    ]


def _printed(one: Written, language: str) -> list[str]:
    return [
        clean(text)
        for text in (
            formats.date_format(one.at, "SHORT_DATETIME_FORMAT"),
            entry_kind(one.kind),
            in_language(one.title, language),
            one.place,
            one.given_by or "–",
            Money(one.amount_minor, one.currency).in_words(language),
        )
    ]
