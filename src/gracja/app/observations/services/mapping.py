"""Which column of a spreadsheet of visits is what: guessed from its heading, corrected by people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from gracja.app.common.spreadsheet import Column, fold, guess_columns
from gracja.engine.edition.model import Edition

WIDE, LONG = "wide", "long"
# Headings, by our field; the first field that fits takes the column.
_HEADINGS: Final = (
    Column("contact", ("id wizyty", "nr wizyty", "numer wizyty", "visit id", "visit number", "wizyta", "id")),
    Column(
        "at",
        (
            "data i godzina", "data i czas", "date and time", "data wizyty", "date of visit", "visit date",
            "data", "date", "kiedy", "when", "dzień", "day", "termin",
        ),
    ),
    Column("hour", ("godzina", "godzina wizyty", "time", "hour", "czas", "visit time")),
    Column(
        "evaluator",
        (
            "oceniający", "oceniająca", "audytor", "audytorka", "tajemniczy klient", "obserwator",
            "kto oceniał", "evaluator", "auditor", "assessor", "mystery shopper", "observer", "shopper",
        ),
    ),
    Column(
        "place",
        (
            "placówka", "miejsce", "salon", "sklep", "oddział", "lokal", "punkt", "place", "location",
            "store", "shop", "branch", "site",
        ),
    ),
    Column(
        "employee",
        (
            "pracownik", "pracownica", "osoba", "kto", "konsultant", "sprzedawca", "doradca", "obsługa",
            "employee", "staff", "person", "served by", "agent", "seller",
        ),
    ),
    Column(
        "wanted",
        (
            "chciana bliskość", "bliskość ze scenariusza", "czego chciał klient",
            "closeness wanted", "wanted closeness", "what the customer wanted",
        ),
    ),
    Column(
        "blind",
        (
            "w ciemno", "ocena w ciemno", "ocenione w ciemno", "bez oceny automatycznej",
            "blind", "marked blind", "automatic mark not seen",
        ),
    ),
    Column("channel", ("kanał", "channel", "sposób kontaktu")),
    Column("standard", ("standard", "kryterium", "pytanie", "criterion", "question", "item")),
    Column("value", ("ocena", "wartość", "wynik", "odpowiedź", "value", "mark", "score", "answer", "result")),
)  # fmt: skip
FIELDS: Final = tuple(column.key for column in _HEADINGS)
OF_VISIT: Final = tuple(name for name in FIELDS if name not in ("standard", "value"))


@dataclass(frozen=True)
class Columns:
    """shape: a row a visit, or a row a mark. fields: our field -> number of the column. standards: number of
    a column -> standard (wide). What no column says: place_uid and channel of all rows. names: place or
    employee -> name in the file -> uid, or "" for one who is nobody of ours.
    """

    shape: str = WIDE
    fields: dict[str, int] = field(default_factory=dict)
    standards: dict[int, str] = field(default_factory=dict)
    place_uid: str = ""
    channel: str = "in_person"
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        standards = {int(column): standard for column, standard in kept.get("standards", {}).items()}
        return cls(**{**kept, "standards": standards})

    def as_json(self) -> dict[str, Any]:
        return {
            "shape": self.shape,
            "fields": self.fields,
            "standards": {str(column): standard for column, standard in self.standards.items()},
            "place_uid": self.place_uid,
            "channel": self.channel,
            "names": self.names,
        }

    def missing(self) -> list[str]:
        """What has to be said before anything can be read."""
        needed = ["at"]
        if not self.place_uid:
            needed.append("place")
        needed += ["standard", "value"] if self.shape == LONG else []
        absent = [name for name in needed if name not in self.fields]
        return absent + (["standards"] if self.shape == WIDE and not self.standards else [])


def guess(headings: Sequence[str], edition: Edition) -> Columns:
    """The likeliest mapping. Long where a column names standards and another holds values, and no column is
    a standard itself.
    """
    by_name = named(edition)
    standards = {
        column: standard
        for column, heading in enumerate(headings)
        if (standard := standard_named(heading, by_name))
    }
    fields = guess_columns(headings, _HEADINGS)
    pair = {fields.get("standard"), fields.get("value")}
    long = None not in pair and not standards.keys() - pair
    if not long:
        free = ["" if column in standards else heading for column, heading in enumerate(headings)]
        fields = {name: column for name, column in guess_columns(free, _HEADINGS).items() if name in OF_VISIT}
    channels = {channel for _, _, standard in edition.standards() for channel in standard.channels}
    channel = "in_person" if "in_person" in channels or not channels else min(channels)
    return Columns(LONG if long else WIDE, fields, {} if long else standards, channel=channel)


def named(edition: Edition) -> dict[str, str]:
    """Every way in which a heading or a cell may name a standard: its id, or its behaviour in a language."""
    found: dict[str, str] = {}
    for _, _, standard in edition.standards():
        behaviour = standard.behaviour
        texts = [behaviour] if isinstance(behaviour, str) else list(behaviour.values())
        for text in (standard.standard, *texts):
            found.setdefault(fold(text), standard.standard)
    return found


def standard_named(cell: str, by_name: Mapping[str, str]) -> str | None:
    """The standard that a cell of a long sheet names."""
    return by_name.get(fold(cell))
