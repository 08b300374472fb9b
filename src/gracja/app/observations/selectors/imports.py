"""Spreadsheets of visits, for those who gave them, or who puts in and reads visits of the whole company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet

from gracja.app.common.clock import today
from gracja.app.common.spreadsheet import write_sheet
from gracja.app.observations.models import VisitImport
from gracja.app.organisation.access import may, may_somewhere, people_where, places_where
from gracja.app.organisation.models import Person, Place, User
from gracja.app.standards.models import Edition
from gracja.engine.conversations.rating_sheet import marking_of
from gracja.engine.edition.model import Standard
from gracja.engine.edition.read import edition_from_json
from gracja.engine.edition.texts import in_language
from gracja.wording import say
from gracja.wording.refusals import say_refusal

# The columns of the template before the standards, as `mapping.guess` knows them.
HEADINGS: Final = {
    "pl": ("Data", "Godzina", "Placówka", "Pracownik", "Oceniający", "Kanał", "Chciana bliskość"),
    "en": ("Date", "Time", "Place", "Employee", "Evaluator", "Channel", "Closeness wanted"),
}


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name in the file that is nobody's. kind: place or employee."""

    kind: str
    name: str
    rows: int


def imports_of(*, by: User) -> QuerySet[VisitImport]:
    """Files given, newest first. Others' marks stand in others' files: for those who may read visits."""
    if not may_somewhere(by, "visit.import"):
        return VisitImport.objects.none()
    everybodys = may(by, "visit.import") and may(by, "visit.read")
    own = Q() if everybodys else Q(given_by=by.person_id)
    return VisitImport.objects.filter(own).select_related("edition", "given_by")


def editions_to_mark(*, by: User) -> QuerySet[Edition]:
    """Editions that visits can be marked by, newest first."""
    editions = Edition.objects.order_by("-effective_from", "-version")
    return editions if may_somewhere(by, "visit.import") else editions.none()


def standards_of(edition: Edition) -> list[tuple[Standard, str]]:
    """The edition's standards, each with what may stand in its column."""
    document = edition_from_json(edition.document)
    return [(standard, marking_of(standard).example) for _, _, standard in document.standards()]


def unknown_of(given: VisitImport) -> list[Unknown]:
    """Names that nobody here bears, those in most rows first."""
    unknown = given.outcome.get("unknown", {})
    found = [
        Unknown(kind, name, rows) for kind, names in unknown.items() for name, rows in names.items() if name
    ]
    return sorted(found, key=lambda one: -one.rows)


@dataclass(frozen=True, slots=True)
class FaultShown:
    """The same fault in all these lines."""

    lines: list[int]
    column: str
    value: str
    sentence: str


def shown_faults(given: VisitImport, language: str) -> list[FaultShown]:
    """The first faults of the last try, in this language; the same value in many lines stands once."""
    found: dict[tuple[str, str, str], FaultShown] = {}
    for line, column, value, code, facts in given.outcome.get("shown", ()):
        sentence = sentence_of(code, facts, language)
        shown = found.setdefault((column, value, sentence), FaultShown([], column, value, sentence))
        shown.lines.append(line)
    return list(found.values())


def sentence_of(code: str, facts: dict[str, Any], language: str) -> str:
    """What is wrong with a row and what to do, with channels by their names."""
    if "channel" in facts:
        facts = facts | {"channel": say(f"channel_{facts['channel']}", language, area="lint")}
    return say_refusal(code, language, **facts)


def places_of_company() -> list[tuple[str, str]]:
    """(uid, name) of every place."""
    return list(
        Place.objects.filter(kind=Place.PLACE, active=True).order_by("name").values_list("uid", "name")
    )


def choices_of(*, by: User, given: VisitImport) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(uid, name) of people and of places that a name in the file may mean: people who had a role where `by`
    puts in visits on some day on which an unknown name stands there.
    """
    days = [date.fromisoformat(day) for day in given.outcome.get("days", ())] or [today()]
    places = Place.objects.filter(places_where(by, "visit.import"), kind=Place.PLACE).order_by("name")
    there = people_where(by, "visit.import", first=days[0], last=days[-1])
    people = Person.objects.filter(there, pseudonymised_at=None).order_by("name")
    return list(people.values_list("uid", "name")), list(places.values_list("uid", "name"))


def template_of(edition: Edition, language: str) -> bytes:
    """An empty spreadsheet of this edition to fill in: a row a visit, a column a standard."""
    document = edition_from_json(edition.document)
    standards = [in_language(standard.behaviour, language) for _, _, standard in document.standards()]
    return write_sheet([[*HEADINGS[language], *standards]])
