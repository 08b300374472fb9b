"""Our people and places under every name that a spreadsheet may give them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from gracja.app.contacts.models import ExternalId
from gracja.app.organisation.models import Person, Place
from gracja.engine.words.tokens import fold


@dataclass(frozen=True, slots=True)
class KnownPlace:
    pk: int
    uid: str
    path: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class KnownPerson:
    pk: int
    uid: str
    key: str


@dataclass(frozen=True)
class Known:
    """Name -> who or which, capitals and diacritics aside. A name that two of ours bear is nobody's."""

    people: dict[str, KnownPerson]
    places: dict[str, KnownPlace]
    people_by_uid: dict[str, KnownPerson]
    places_by_uid: dict[str, KnownPlace]

    def person(self, name: str) -> KnownPerson | None:
        return self.people.get(plain(name))

    def place(self, name: str) -> KnownPlace | None:
        return self.places.get(plain(name))


def known() -> Known:
    """Everybody and every place. What was mapped goes before a code, a code before a name."""
    places = {
        pk: (KnownPlace(pk, uid, path, ZoneInfo(zone)), code, name)
        for pk, uid, path, zone, code, name in Place.objects.filter(kind=Place.PLACE).values_list(
            "pk", "uid", "path", "zone", "code", "name"
        )
    }
    people = {
        pk: (KnownPerson(pk, uid, key), code, name, email)
        for pk, uid, key, code, name, email in Person.objects.values_list(
            "pk", "uid", "key", "code", "name", "email"
        )
    }
    mapped = list(ExternalId.objects.order_by("pk").values_list("value", "person_id", "place_id"))
    known_places = _unambiguous((name, place) for place, _, name in places.values())
    known_places |= {plain(code): place for place, code, _ in places.values() if code}
    known_places |= {plain(value): places[pk][0] for value, _, pk in mapped if pk in places}
    known_people = _unambiguous((name, person) for person, _, name, _ in people.values())
    for person, code, _, email in people.values():
        known_people |= {plain(name): person for name in (code, email) if name}
    known_people |= {plain(value): people[pk][0] for value, pk, _ in mapped if pk in people}
    return Known(
        known_people,
        known_places,
        {person.uid: person for person, *_ in people.values()},
        {place.uid: place for place, *_ in places.values()},
    )


def plain(name: str) -> str:
    """A name without capitals, diacritics and spaces around it."""
    return " ".join(fold(name).split())


def _unambiguous[T](pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    given = [(plain(name), one) for name, one in pairs]
    counts = Counter(name for name, _ in given)
    return {name: one for name, one in given if counts[name] == 1}
