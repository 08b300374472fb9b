"""The statement as a file: its rows for a spreadsheet, its data for the press."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.translation import gettext as _

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.spreadsheet import write_sheet
from gracja.app.gestures.printing.press import printed
from gracja.app.gestures.selectors.statement import Line, Statement
from gracja.app.organisation.selectors.company import company
from gracja.app.web.templatetags.gestures import entry_kind, gesture_kind, month_year
from gracja.engine.edition.model import in_language
from gracja.report.words import clean, typeset

if TYPE_CHECKING:
    from gracja.app.gestures.models import Entry

SEPARATORS: Final = {"pl": ";", "en": ","}
AT_MOST: Final = 5000  # entries in one PDF: beyond it nobody reads them on paper


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
        rows = [heading, *(_row(one, language) for one in found.entries)]
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


def _row(one: Entry, language: str) -> Sequence[object]:
    at = _there(one)
    amount = str(Money(one.amount_minor, one.budget.currency).decimal)
    gesture = one.gesture
    return (
        at.date().isoformat(),
        f"{at:%H:%M}",
        one.budget.place.name,
        entry_kind(one.kind),
        gesture_kind(gesture.terms.policy.kind),
        in_language(gesture.terms.document["title"], language),
        amount.replace(".", ",") if language == "pl" else amount,
        one.budget.currency,
        gesture.customer_key,
        gesture.given_by.name if gesture.given_by else "",
        gesture.reason,
        gesture.uid,
    )


def _data(found: Statement, language: str) -> dict[str, Any]:
    one = company()
    entries = list(found.entries[: AT_MOST + 1])
    cut = len(entries) > AT_MOST
    return {
        "lang": language,
        "company": clean(one.name if one else ""),
        "title": title_of(found),
        "scope": clean(found.place.name) if found.place else _("All places"),
        "sentences": [typeset(line, language) for line in spent_in_words(found, language)],
        "heads": list(heads()),
        "sums": [_sum(line, language) for line in found.lines],
        "columns": [_("When"), _("What"), _("Gesture"), _("Place"), _("Given by"), _("Amount")],
        "entries": [_printed(entry, language) for entry in entries[:AT_MOST]],
        "made": " ".join(_made(cut=cut)),
        "words": {
            "sums": _("By kind"),
            "entries": _("Entries"),
            "nothing": _("Nothing was entered in this month."),
        },
    }  # fmt: skip


def _made(*, cut: bool) -> Iterable[str]:
    day = formats.date_format(now(), "DATE_FORMAT")
    yield _("Made on %(day)s. Every sum is that of the entries of the ledger.") % {"day": day}
    if cut:
        yield _("Only the first %(n)s entries are printed; the file for spreadsheets has all.") % {
            "n": AT_MOST
        }


def _sum(line: Line, language: str) -> dict[str, Any]:
    shown = [Money(minor, line.currency).in_words(language) for minor in amounts_of(line)]
    kind = gesture_kind(line.kind) if line.kind else _("In all, %(currency)s") % {"currency": line.currency}
    return {"cells": [kind, str(line.asked_for), *shown], "total": not line.kind}


def _printed(one: Entry, language: str) -> list[str]:
    title = in_language(one.gesture.terms.document["title"], language)
    return [
        clean(text)
        for text in (
            formats.date_format(_there(one), "SHORT_DATETIME_FORMAT"),
            entry_kind(one.kind),
            title,
            one.budget.place.name,
            one.gesture.given_by.name if one.gesture.given_by else "–",
            Money(one.amount_minor, one.budget.currency).in_words(language),
        )
    ]


def _there(one: Entry) -> datetime:
    """When, by the clock of the place."""
    return one.at.astimezone(ZoneInfo(one.budget.place.zone))
