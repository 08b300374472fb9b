"""What the rows of a file name: places, people, roles, found among those that exist."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from gracja.app.common.spreadsheet import fold
from gracja.app.organisation.models import Person, Place, Role
from gracja.app.organisation.services.imports.plan import Wrong


class KnownPlaces:
    """Places by code, else by name."""

    def __init__(self) -> None:
        self.by_code: dict[str, Place] = {}
        self.by_name: dict[str, list[Place]] = defaultdict(list)
        self.by_id: dict[int, Place] = {}
        for place in Place.objects.select_related("parent"):
            self.add(place)

    def add(self, place: Place) -> None:
        if place.pk:
            self.by_id[place.pk] = place
        if place.code:
            self.by_code[place.code.casefold()] = place
        self.by_name[fold(place.name)].append(place)

    def find(self, value: str, column: str = "place") -> Place:
        """Raises Wrong: place_unknown, place_ambiguous (n)."""
        if found := self.by_code.get(value.casefold()):
            return found
        named = self.by_name.get(fold(value), [])
        if len(named) > 1:
            raise Wrong(column, value, "row_place_ambiguous", n=len(named))
        if not named:
            raise Wrong(column, value, "row_place_unknown")
        return named[0]


class KnownPeople:
    """People by code, else by e-mail, else by a name that only one of them has."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.by_code: dict[str, Person] = {}
        self.by_email: dict[str, Person] = {}
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        for person in people:
            self.add(person)

    def add(self, person: Person) -> None:
        if person.code:
            self.by_code[person.code.casefold()] = person
        if person.email:
            self.by_email[person.email.casefold()] = person
        self.by_name[fold(person.name)].append(person)

    def find(self, value: str, column: str = "person") -> Person:
        """Raises Wrong: row_person_unknown, row_person_ambiguous (n)."""
        if found := self.by_code.get(value.casefold()) or self.by_email.get(value.casefold()):
            return found
        named = self.by_name.get(fold(value), [])
        if len(named) > 1:
            raise Wrong(column, value, "row_person_ambiguous", n=len(named))
        if not named:
            raise Wrong(column, value, "row_person_unknown")
        return named[0]


class KnownRoles:
    """Roles by slug or by their title in either language."""

    def __init__(self) -> None:
        self.by_id = {role.pk: role for role in Role.objects.all()}
        self.roles = {
            fold(name): role
            for role in self.by_id.values()
            for name in (role.slug, role.title_pl, role.title_en)
        }

    def find(self, value: str) -> Role:
        """Raises Wrong: row_role_unknown (roles)."""
        found = self.roles.get(fold(value))
        if found is None:
            titles = ", ".join(sorted({role.title_pl for role in self.roles.values()}))
            raise Wrong("role", value, "row_role_unknown", roles=titles)
        return found
