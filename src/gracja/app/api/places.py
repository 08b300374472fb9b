"""Places and regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ninja import Field, Query, Router, Schema

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.shapes import Given, Name, Page, Text, Uid, UidInPath
from gracja.app.organisation.selectors.places import place_for, place_managed, places_to
from gracja.app.organisation.services import places

if TYPE_CHECKING:
    from gracja.app.organisation.models import Place

router = Router()
Kind = Literal["region", "place"]


class PlaceOut(Schema):
    """A region, or a place where customers are served."""

    uid: Uid
    kind: str = Field(description="region or place.")
    name: str
    code: str = Field(description="As other systems name it.")
    parent: Uid | None = Field(description="The region that it lies in.")
    zone: str = Field(description="IANA time zone.")
    active: bool

    @staticmethod
    def resolve_parent(place: Place) -> str | None:
        return place.parent.uid if place.parent else None


class PlaceAdded(Given):
    """A new place."""

    name: Name
    kind: Kind = "place"
    code: Text = Field("", max_length=60)
    parent: Uid | None = None
    zone: Text = Field("Europe/Warsaw", max_length=60)


class PlaceChanged(Given):
    """What becomes different; what is left out stays."""

    name: Name | None = None
    kind: Kind | None = None
    code: Text | None = Field(None, max_length=60)
    zone: Text | None = Field(None, max_length=60)


@reads(router, "/places", scope="person.read", response=Page[PlaceOut])
def list_places(request: Called, paging: Query[Paging]) -> Any:
    """Places in use that one may see, in the order in which they were added."""
    return page_of_rows(places_to("person.read", by=request.auth), paging)


@reads(router, "/places/{uid}", scope="person.read", response=PlaceOut)
def get_place(request: Called, uid: UidInPath) -> Any:
    """One place or region, also one that is closed."""
    return place_for("person.read", by=request.auth, uid=uid)


@writes(router, "POST", "/places", scope="place.manage", response={201: PlaceOut}, also=(404,))
def add_place(request: Called, given: PlaceAdded) -> Any:
    """Add a place or a region."""
    parent = place_managed(by=request.auth, uid=given.parent) if given.parent else None
    return places.add_place(
        by=request.auth,
        kind=given.kind,
        name=given.name,
        code=given.code,
        parent=parent,
        zone=given.zone,
    )


@writes(router, "PATCH", "/places/{uid}", scope="place.manage", response=PlaceOut)
def change_place(request: Called, uid: UidInPath, given: PlaceChanged) -> Any:
    """Change name, kind, code or zone."""
    place = place_managed(by=request.auth, uid=uid)
    return places.change_place(
        by=request.auth,
        place=place,
        kind=given.kind or place.kind,
        name=place.name if given.name is None else given.name,
        code=place.code if given.code is None else given.code,
        zone=given.zone or place.zone,
    )


@writes(router, "POST", "/places/{uid}/closing", scope="place.manage", response=PlaceOut)
def close_place(request: Called, uid: UidInPath) -> Any:
    """Close a place with everything below it. What happened there stays. Again changes nothing."""
    place = place_managed(by=request.auth, uid=uid)
    places.close_place(by=request.auth, place=place)
    return place_managed(by=request.auth, uid=uid)


@writes(router, "POST", "/places/{uid}/opening", scope="place.manage", response=PlaceOut)
def open_place(request: Called, uid: UidInPath) -> Any:
    """Open a closed place again, with everything below it. Again changes nothing."""
    place = place_managed(by=request.auth, uid=uid)
    places.open_place(by=request.auth, place=place)
    return place_managed(by=request.auth, uid=uid)
