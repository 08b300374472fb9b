"""Drafts and editions as YAML text."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.standards.models import Draft
from gracja.app.standards.selectors import editions
from gracja.app.standards.selectors.reading import document_of
from gracja.engine.edition.read import edition_from_json
from gracja.engine.edition.write import edition_text


def draft_as_yaml(*, by: User, draft_uid: str) -> tuple[str, str]:
    """(name of the file, text). Raises Refused: not_permitted; Http404."""
    require(by, "edition.draft")
    draft = get_object_or_404(Draft, uid=draft_uid)
    return f"{draft.edition_id}-draft.yaml", edition_text(edition_from_json(draft.document))


def edition_as_yaml(*, by: User, uid: str) -> tuple[str, str]:
    """(name of the file, text). Raises Http404."""
    edition = editions.edition(by=by, uid=uid)
    return f"{edition.edition_id}-{edition.version}.yaml", edition_text(document_of(edition))
