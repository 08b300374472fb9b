"""Published editions, and who has read them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from ninja import Field, Query, Router, Schema

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.shapes import Moment, Page, Uid, UidInPath
from gracja.app.standards.selectors import documents, editions
from gracja.app.standards.selectors.editions import Readers
from gracja.app.standards.services.acknowledging import acknowledge_edition

if TYPE_CHECKING:
    from gracja.app.standards.models import Acknowledgement

router = Router()
YAML = "application/yaml"


class EditionOut(Schema):
    """A published edition. Nothing in it ever changes."""

    uid: Uid
    name: str = Field(description="Such as `salon@3`.")
    edition_id: str
    version: int
    digest: str = Field(description="Of its content.")
    effective_from: date
    published_at: Moment
    must_acknowledge: list[str] = Field(description="Roles whose people are asked to read it.")


class ReadOut(Schema):
    """That somebody read an edition."""

    person: Uid
    name: str
    at: Moment

    @staticmethod
    def resolve_person(read: Acknowledgement) -> str:
        return read.person.uid

    @staticmethod
    def resolve_name(read: Acknowledgement) -> str:
        return read.person.name


class ReaderOut(Schema):
    """Somebody who has yet to read it."""

    uid: Uid
    name: str


@reads(router, "/editions", scope="edition.read", response=Page[EditionOut])
def list_editions(request: Called, paging: Query[Paging]) -> Any:
    """Published editions, newest first."""
    return page_of_rows(editions.editions(by=request.auth), paging, newest_first=True)


@reads(router, "/editions/in-force", scope="edition.read", response=list[EditionOut])
def list_editions_in_force(request: Called) -> Any:
    """The edition of each service that holds today."""
    return editions.in_force(by=request.auth)


@reads(router, "/editions/{uid}", scope="edition.read", response=EditionOut)
def get_edition(request: Called, uid: UidInPath) -> Any:
    """One edition, without its document."""
    return editions.edition(by=request.auth, uid=uid)


@reads(router, "/editions/{uid}/document", scope="edition.read", response=dict[str, Any])
def get_edition_document(request: Called, uid: UidInPath) -> Any:
    """The edition document as JSON; its JSON Schema is docs/edition.schema.json."""
    return editions.edition(by=request.auth, uid=uid).document


@reads(
    router, "/editions/{uid}/document.yaml", scope="edition.read", response=dict[str, Any], media_type=YAML
)
def get_edition_yaml(request: Called, uid: UidInPath) -> Any:
    """The edition document as YAML: what the command line and the studio read."""
    name, text = documents.edition_as_yaml(by=request.auth, uid=uid)
    return HttpResponse(
        text, content_type=YAML, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@reads(router, "/editions/{uid}/acknowledgements", scope="person.read", response=Page[ReadOut])
def list_acknowledgements(request: Called, uid: UidInPath, paging: Query[Paging]) -> Any:
    """Who, of those whom one may see, has read the edition. 404 where nobody has to."""
    return page_of_rows(_readers(request, uid).done, paging)


@reads(router, "/editions/{uid}/acknowledgements/missing", scope="person.read", response=Page[ReaderOut])
def list_missing_acknowledgements(request: Called, uid: UidInPath, paging: Query[Paging]) -> Any:
    """Who, of those whom one may see, has yet to read the edition. 404 where nobody has to."""
    return page_of_rows(_readers(request, uid).missing, paging)


@writes(router, "POST", "/editions/{uid}/acknowledgements", scope="edition.read", response={201: ReadOut})
def acknowledge(request: Called, uid: UidInPath) -> Any:
    """Say that one has read an edition. Again changes nothing."""
    return acknowledge_edition(by=request.auth, edition_uid=uid)


def _readers(request: Called, uid: str) -> Readers:
    found = editions.readers(by=request.auth, edition_=editions.edition(by=request.auth, uid=uid))
    if found is None:
        raise Http404
    return found
