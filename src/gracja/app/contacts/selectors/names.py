"""From the names that other systems use to our keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gracja.app.contacts.models import ExternalId
from gracja.app.organisation.models import Place

VISITS: Final = "visits"  # names that spreadsheets of visits use say nothing of conversations


@dataclass(frozen=True, slots=True)
class Names:
    """An export's name -> our key. A place's own code counts as a name, too."""

    people: dict[str, str]  # -> Person.key
    places: dict[str, str]  # -> Place.uid


def names() -> Names:
    """Every name that is known, in three queries.

    A person's own code is no such name: whoever leads a place may set it, and would open with it whatever
    conversations somebody of that name had elsewhere.
    """
    places = dict(Place.objects.exclude(code="").values_list("code", "uid"))
    mapped = ExternalId.objects.exclude(system=VISITS).order_by("pk")
    people = dict(mapped.exclude(person=None).values_list("value", "person__key"))
    places |= dict(mapped.exclude(place=None).values_list("value", "place__uid"))
    return Names(people, places)
