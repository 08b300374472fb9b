"""What a row of a file of people may say, what it wants, and what it would do to one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from gracja.app.common.clock import today
from gracja.app.common.spreadsheet import Column
from gracja.app.organisation.models import Person, Place, Role

COLUMNS: Final = (
    Column(
        "name",
        (
            "Imię i nazwisko",
            "Nazwisko i imię",
            "Imię",
            "Nazwisko",
            "Pracownik",
            "Osoba",
            "Full name",
            "Employee",
            "Person",
        ),
        required=True,
    ),
    Column("code", ("Kod", "Numer", "Nr pracownika", "Identyfikator", "ID", "Employee ID", "Number")),
    Column("email", ("E-mail", "Adres e-mail", "Poczta", "Mail", "Email address")),
    Column("place", ("Placówka", "Miejsce", "Salon", "Sklep", "Oddział", "Lokalizacja", "Store", "Branch")),
    Column("role", ("Rola", "Stanowisko", "Funkcja", "Position", "Job title")),
    Column(
        "started_on",
        ("Data zatrudnienia", "Zatrudniony od", "Pracuje od", "Start", "Started", "Hired", "Start date"),
    ),
    Column(
        "trainee_until",
        (
            "W trakcie nauki do",
            "Okres próbny do",
            "Uczy się do",
            "Szkolenie do",
            "Trainee until",
            "In training",
        ),
    ),
)


@dataclass(slots=True)
class Wanted:
    """A row, read."""

    name: str
    code: str
    email: str
    place: Place | None
    role: Role
    days: dict[str, date]


@dataclass(slots=True)
class Change:
    """What a row would do to one person."""

    person: Person
    before: dict[str, str] | None  # as the log compares; None: somebody new
    place: Place | None
    given: Role | None = None  # at this place
    changed: bool = True

    @property
    def since(self) -> date | None:
        """As `give_membership` and `add_membership`: the first role from ever, a further one from today."""
        return None if self.before is None else today()
