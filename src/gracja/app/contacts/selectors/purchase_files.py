"""Spreadsheets of purchases, for those who manage customers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from django.db.models import QuerySet

from gracja.app.common.kept_sheets import opened
from gracja.app.common.spreadsheet import Sheet
from gracja.app.contacts.models import PurchaseImport
from gracja.app.contacts.services.recoding import beginning_of
from gracja.app.organisation.access import may
from gracja.app.organisation.models import Place, User
from gracja.wording.refusals import say_refusal

_CHUNK: Final = 65_536


@dataclass(frozen=True, slots=True)
class FaultShown:
    """The same fault in all these lines."""

    lines: list[int]
    column: str
    value: str
    sentence: str


def imports_of(*, by: User) -> QuerySet[PurchaseImport]:
    """Files given, newest first; nothing for who may not bring them."""
    there = PurchaseImport.objects.select_related("given_by")
    return there if may(by, "customer.manage") else there.none()


def beginning_of_file(given: PurchaseImport) -> Sheet:
    """Heading and first rows. Raises Refused: purchase_import_gone, and as `read_sheet`."""
    with opened(given) as file:
        return beginning_of(iter(partial(file.read, _CHUNK), b""))


def shown_faults(given: PurchaseImport, language: str) -> list[FaultShown]:
    """The first faults of the last try, in this language; the same value in many lines stands once."""
    found: dict[tuple[str, str, str], FaultShown] = {}
    for line, column, value, code, facts in given.outcome.get("shown", ()):
        sentence = say_refusal(code, language, **facts)
        shown = found.setdefault((column, value, sentence), FaultShown([], column, value, sentence))
        shown.lines.append(line)
    return list(found.values())


def places_of_company() -> list[tuple[str, str]]:
    """(uid, name) of every place."""
    there = Place.objects.filter(kind=Place.PLACE, active=True).order_by("name")
    return list(there.values_list("uid", "name"))
