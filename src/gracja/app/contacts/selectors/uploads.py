"""Uploads and scorings, for whoever may put conversations in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from gracja.app.common.spreadsheet import Sheet
from gracja.app.contacts.models import Upload
from gracja.app.contacts.selectors.known import known
from gracja.app.contacts.selectors.names import names
from gracja.app.contacts.services.importing import rejected_path, stored_path
from gracja.app.contacts.services.recoding import beginning_of
from gracja.app.organisation.access import may
from gracja.app.organisation.models import Person, Place, User
from gracja.app.standards.models import Edition
from gracja.engine.errors import EngineInputError, Where
from gracja.files.opening import chunks_of
from gracja.wording import say_error

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name in the conversations that is nobody's; rows: in how many; suggested: uid of ours, or empty."""

    kind: str  # person, place
    name: str
    rows: int
    suggested: str


def uploads_of(*, by: User) -> QuerySet[Upload]:
    """All uploads, newest first."""
    uploads = Upload.objects.select_related("edition", "scoring__edition", "given_by")
    return uploads if may(by, "conversation.import") else uploads.none()


def beginning(upload: Upload) -> Sheet:
    """The first rows of a CSV upload. Raises Refused: as `read_sheet`."""
    return beginning_of(chunks_of(str(stored_path(upload)), None))


def editions_to_score(*, by: User) -> QuerySet[Edition]:
    """Editions that conversations can be scored with, newest first."""
    editions = Edition.objects.order_by("-effective_from", "-version")
    return editions if may(by, "conversation.import") else editions.none()


def unknown_names(*, by: User, upload: Upload) -> list[Unknown]:
    """The names in this upload that nobody mapped, the most frequent first, with who bears just this name."""
    if not may(by, "conversation.import"):
        return []
    mapped, alike = names(), known()
    found = []
    for kind, given, ours in (("person", "people", mapped.people), ("place", "places", mapped.places)):
        for name, rows in upload.counts.get(given, {}).items():
            if name not in ours:
                same = alike.person(name) if kind == "person" else alike.place(name)
                found.append(Unknown(kind, name, rows, same.uid if same else ""))
    return sorted(found, key=lambda one: -one.rows)[:SHOWN]


def people_and_places() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(uid, name) of everybody and every place that a name can be given to."""
    people = Person.objects.filter(pseudonymised_at=None).order_by("name").values_list("uid", "name")
    places = Place.objects.filter(kind=Place.PLACE).order_by("name").values_list("uid", "name")
    return list(people), list(places)


def rejected_rows(upload: Upload, heading: tuple[str, ...], language: str) -> Iterator[bytes]:
    """The rejected rows as CSV for a spreadsheet, with reasons in this language."""
    yield "\ufeff".encode()
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(heading)
    try:
        with rejected_path(upload).open(encoding="utf-8") as lines:
            for line in lines:
                row: dict[str, Any] = json.loads(line)
                error = EngineInputError(row["code"], Where(None, None, None, row["field"]), **row["facts"])
                reason = say_error(error, language)
                cells = (row["contact"] or "", reason, row["raw"])
                writer.writerow([row["line"] or "", *map(_harmless, cells)])
                yield out.getvalue().encode()
                out.seek(0)
                out.truncate()
    except FileNotFoundError:
        yield out.getvalue().encode()


def _harmless(raw: str) -> str:
    """What a spreadsheet would take for a formula gets an apostrophe."""
    return f"'{raw}" if raw.startswith(("=", "+", "-", "@", "\t", "\r")) else raw
