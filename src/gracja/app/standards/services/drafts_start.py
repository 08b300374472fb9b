"""Starting a draft: from a trade, an edition, a document that was read, or blank."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.refused import Refused
from gracja.app.common.taken import unless_taken
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.standards.models import Draft, Edition
from gracja.app.standards.services.naming import cleaned, id_from
from gracja.app.standards.services.operations import Document, ids_in, keyed
from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.model import Edition as EngineEdition
from gracja.engine.edition.read import check_edition, edition_from_json, read_edition
from gracja.engine.edition.texts import in_language
from gracja.engine.edition.write import as_json


@transaction.atomic
def start_draft(
    *,
    by: User,
    edition_id: str = "",
    title: Mapping[str, str] | None = None,
    kind: str = "encounter",
    occupation: str | None = None,
    from_bundled: str | None = None,
    from_edition: Edition | None = None,
    from_document: EngineEdition | None = None,
) -> Draft:
    """A draft of the next version: from a bundled trade, an edition, a document that was read, or blank.

    edition_id: empty: the one of the edition it comes from, else made from the title. title: {pl, en};
    empty: the one of what it comes from. kind, occupation: of a blank one.

    Raises Refused: not_permitted, title_missing, draft_exists (title), edition_exists (edition);
    EngineInputError.
    """
    require(by, "edition.draft")
    document = _base(from_bundled, from_edition, from_document) or _blank(kind, occupation)
    given = {language: text for language, text in cleaned(dict(title or {})).items() if text}
    if not given and "title" not in document:
        raise Refused("title_missing")
    document["title"] = given or document["title"]
    own = document.get("id", "") if from_edition or from_document or not given else ""
    document["id"] = edition_id or own or id_from(given, (), otherwise="service")
    former = _former(document["id"], goes_on=bool(from_edition or from_document))
    document["version"] = max((one.version for one in former), default=0) + 1
    document.pop("effective_from", None)
    document = as_json(check_edition(document))
    used = set(ids_in(document)).union(*(ids_in(one.document) for one in former))
    with unless_taken(edition_id=_exists(document)):
        draft = Draft.objects.create(
            edition_id=document["id"], document=document, based_on=from_edition, used_ids=sorted(used)
        )
    name = f"{document['id']}@{document['version']}"
    audit.record("draft.start", by=by, subject=("draft", draft.uid), after={"edition": name})
    return draft


def _base(bundled: str | None, edition: Edition | None, document: EngineEdition | None) -> Document | None:
    if bundled:
        return as_json(_bundled(bundled))
    if edition:
        return keyed(as_json(edition_from_json(edition.document)))
    return keyed(as_json(document)) if document else None


@cache
def _bundled(name: str) -> EngineEdition:
    """Read once: that takes a third of a second."""
    return read_edition(bundled_text(name), file=f"{name}.yaml").edition


def _blank(kind: str, occupation: str | None) -> Document:
    service: dict[str, Any] = {"kind": kind} | ({"occupation": occupation} if occupation else {})
    welcome = {"part": "welcome", "title": {"pl": "Powitanie", "en": "Welcome"}}
    return {"gracja": 1, "service": service, "sequence": [welcome]}


def _former(edition_id: str, *, goes_on: bool) -> list[Edition]:
    """Editions of this id published before; only what comes from one may go on with its id."""
    known = Draft.objects.filter(edition_id=edition_id).first()
    if known is not None:
        raise _exists(known.document)
    former = list(Edition.objects.filter(edition_id=edition_id))
    if former and not goes_on:
        raise Refused("edition_exists", edition=edition_id)
    return former


def _exists(document: Document) -> Refused:
    return Refused("draft_exists", title=in_language(document["title"], "pl"), edition=document["id"])
