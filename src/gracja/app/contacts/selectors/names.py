"""From the names that other systems use to our keys."""

from __future__ import annotations

from dataclasses import dataclass

from gracja.app.contacts.models import ExternalId
from gracja.app.organisation.models import Person, Place


@dataclass(frozen=True, slots=True)
class Names:
    """An export's name -> our key. A person's or place's own code counts as a name, too."""

    people: dict[str, str]  # -> Person.key
    places: dict[str, str]  # -> Place.uid


def names() -> Names:
    """Every name that is known, in four queries."""
    people = dict(Person.objects.exclude(code="").values_list("code", "key"))
    places = dict(Place.objects.exclude(code="").values_list("code", "uid"))
    mapped = ExternalId.objects.order_by("pk")
    people |= dict(mapped.exclude(person=None).values_list("value", "person__key"))
    places |= dict(mapped.exclude(place=None).values_list("value", "place__uid"))
    return Names(people, places)
