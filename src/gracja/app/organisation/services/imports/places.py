"""Places from a file. A row is known again by its code, else by its name under its region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from typing import Final
from zoneinfo import available_timezones

from gracja.app.common.spreadsheet import Column, Row, fold, picked
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Company, Place, User
from gracja.app.organisation.services.imports.known import KnownPlaces
from gracja.app.organisation.services.imports.plan import PORTION, Change, Fault, Plan, Planned, Wrong
from gracja.app.organisation.services.places import add_place, change_place, move_place

COLUMNS: Final = (
    Column(
        "name", ("Nazwa", "Placówka", "Miejsce", "Salon", "Sklep", "Oddział", "Place", "Store"), required=True
    ),
    Column("code", ("Kod", "Numer", "Identyfikator", "ID", "Number")),
    Column("parent", ("Region", "Nadrzędne", "Należy do", "Okręg", "Area", "Belongs to")),
    Column("kind", ("Rodzaj", "Typ", "Type")),
    Column("zone", ("Strefa czasowa", "Strefa", "Time zone", "Timezone")),
)
KINDS: Final = {
    **dict.fromkeys(("region", "okreg", "obszar", "area"), Place.REGION),
    **dict.fromkeys(("place", "placowka", "miejsce", "salon", "sklep", "oddzial", "store"), Place.PLACE),
}


def plan_places(*, by: User, rows: Iterable[Row], mapping: Mapping[str, int]) -> Plan:
    """What these rows would do; a region may stand below the places in it. Raises Refused: not_permitted."""
    require(by, "place.manage")
    return PlacesPlan(by, [(row.line, picked(row, mapping)) for row in rows]).plan()


class PlacesPlan:
    def __init__(self, by: User, rows: list[tuple[int, dict[str, str]]]) -> None:
        self.by, self.rows = by, rows
        self.known = KnownPlaces()
        company = Company.objects.first()
        self.zone = company.zone if company else "Europe/Warsaw"
        self.parents_named = {fold(values["parent"]) for _, values in rows if values.get("parent")}
        self.in_file: dict[str, int] = {}  # name or code, folded -> line
        self.planned: list[tuple[Place | None, dict[str, str]]] = []

    def plan(self) -> Plan:
        plan = Plan(self.write)
        waiting, faults = [], []
        for line, values in self.rows:
            try:
                waiting.append((line, self._read(line, values)))
            except Wrong as wrong:
                faults.append(wrong.at(line))
        ready: set[str] = set()
        while waiting:
            left = []
            for line, values in waiting:
                if self._parent_in_file(values) and not self._is_ready(values["parent"], ready):
                    left.append((line, values))
                    continue
                self._take(line, values, plan, faults)
                ready |= {fold(values["name"]), fold(values["code"])}
            if len(left) == len(waiting):
                faults.extend(self._stuck(left))
                break
            waiting = left
        plan.faults = sorted(faults, key=lambda one: one.line)
        plan.rows.sort(key=lambda one: one.line)
        return plan

    def write(self) -> Iterator[int]:
        known = KnownPlaces()
        for some in batched(self.planned, PORTION):
            for place, values in some:
                self._write(place, values, known)
            yield len(some)

    def _write(self, place: Place | None, values: dict[str, str], known: KnownPlaces) -> None:
        parent = known.find(values["parent"], "parent") if values["parent"] else None
        said = {name: values[name] for name in ("kind", "name", "code", "zone")}
        if place is None:
            known.add(add_place(by=self.by, parent=parent, **said))
        else:
            change_place(by=self.by, place=place, **said)
            if values["parent"]:
                move_place(by=self.by, place=place, parent=parent)

    def _read(self, line: int, values: dict[str, str]) -> dict[str, str]:
        read = {column.key: values.get(column.key, "") for column in COLUMNS}
        if not read["name"]:
            raise Wrong("name", "", "row_empty")
        for column, limit in (("name", 120), ("code", 60)):
            if len(read[column]) > limit:
                raise Wrong(column, read[column], "row_too_much", limit=limit)
        if read["kind"]:
            kind = KINDS.get(fold(read["kind"]))
            if kind is None:
                raise Wrong("kind", read["kind"], "row_kind")
            read["kind"] = kind
        if read["zone"] and read["zone"] not in available_timezones():
            raise Wrong("zone", read["zone"], "zone_unknown", zone=read["zone"])
        key = fold(read["code"]) or fold(f"{read['parent']} {read['name']}")
        if first := self.in_file.get(key):
            raise Wrong(
                "code" if read["code"] else "name", read["code"] or read["name"], "row_twice", first=first
            )
        self.in_file[key] = line
        self.in_file.setdefault(fold(read["name"]), line)
        return read

    def _parent_in_file(self, values: dict[str, str]) -> bool:
        parent = values["parent"]
        if not parent or fold(parent) not in self.in_file:
            return False
        return fold(parent) not in (fold(values["name"]), fold(values["code"])) or not self._exists(parent)

    def _exists(self, name: str) -> bool:
        return name.casefold() in self.known.by_code or bool(self.known.by_name.get(fold(name)))

    def _is_ready(self, parent: str, ready: set[str]) -> bool:
        return fold(parent) in ready

    def _take(self, line: int, values: dict[str, str], plan: Plan, faults: list[Fault]) -> None:
        try:
            place = self._same_place(values)
            if values["parent"]:
                self._check_parent(values, place)
            details = self._complete(values, place)
        except Wrong as wrong:
            faults.append(wrong.at(line))
            return
        self.planned.append((place, values))
        change: Change = "add" if place is None else "change" if details else "same"
        plan.rows.append(Planned(line, change, values["name"], details))
        if place is None:
            self.known.add(Place(name=values["name"], code=values["code"], kind=values["kind"]))

    def _same_place(self, values: dict[str, str]) -> Place | None:
        if values["code"] and (found := self.known.by_code.get(values["code"].casefold())):
            return found
        named = [
            one
            for one in self.known.by_name.get(fold(values["name"]), [])
            if one.pk and not (values["code"] and one.code) and self._is_under(one, values["parent"])
        ]
        if len(named) > 1:
            raise Wrong("name", values["name"], "row_place_ambiguous", n=len(named))
        return named[0] if named else None

    def _is_under(self, place: Place, parent: str) -> bool:
        if not parent:
            return True
        return place.parent is not None and parent.casefold() in (
            place.parent.code.casefold(),
            place.parent.name.casefold(),
        )

    def _check_parent(self, values: dict[str, str], place: Place | None) -> None:
        parent = self.known.find(values["parent"], "parent")
        if parent.kind != Place.REGION:
            raise Wrong("parent", values["parent"], "place_not_a_region", name=parent.name)
        if place and parent.pk and parent.path.startswith(place.path):
            raise Wrong("parent", values["parent"], "place_circle", name=place.name, parent=parent.name)

    def _complete(self, values: dict[str, str], place: Place | None) -> tuple[str, ...]:
        """Empty cells change nothing; a new place that others name as theirs is a region."""
        if place is None:
            is_parent = {fold(values["name"]), fold(values["code"])} & self.parents_named - {""}
            values["kind"] = values["kind"] or (Place.REGION if is_parent else Place.PLACE)
            values["zone"] = values["zone"] or self.zone
            return ()
        for column in ("code", "kind", "zone"):
            values[column] = values[column] or getattr(place, column)
        if values["kind"] != Place.REGION and any(
            one.parent_id == place.pk for named in self.known.by_name.values() for one in named if one.pk
        ):
            raise Wrong("kind", values["kind"], "place_holds_others", name=place.name)
        details = [c for c in ("name", "code", "kind", "zone") if values[c] != getattr(place, c)]
        if values["parent"] and not self._is_under(place, values["parent"]):
            details.append("parent")
        return tuple(details)

    def _stuck(self, left: list[tuple[int, dict[str, str]]]) -> list[Fault]:
        return [
            Fault(line, "parent", values["parent"], "row_parent_circle", {"name": values["name"]})
            for line, values in left
        ]
