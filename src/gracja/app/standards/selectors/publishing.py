"""What stands between a draft and its edition: findings, and what will have changed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from django.shortcuts import get_object_or_404
from ruamel.yaml.comments import CommentedMap

from gracja.app.organisation.access import require
from gracja.app.organisation.models import Role, User
from gracja.app.standards.models import Draft, Edition
from gracja.app.standards.selectors.reading import document_in, document_of
from gracja.engine.edition.compare import compare
from gracja.engine.edition.lint import Finding, lint
from gracja.engine.edition.model import Edition as Document
from gracja.engine.edition.read import EditionDocument, edition_from_json


@dataclass(frozen=True)
class ToPublish:
    """A draft as the page of publishing shows it."""

    draft: Draft
    last: Edition | None
    version: int
    changes: list[dict[str, Any]]
    errors: list[Finding]
    warnings: list[Finding]
    roles: list[Role]

    @property
    def nothing_new(self) -> bool:
        return self.last is not None and not self.changes


def to_publish(*, by: User, draft_uid: str) -> ToPublish:
    """Raises Refused: not_permitted; Http404."""
    require(by, "edition.publish")
    draft = get_object_or_404(Draft, uid=draft_uid)
    last = last_edition(draft.edition_id)
    findings = findings_in(draft.document)
    return ToPublish(
        draft,
        last,
        last.version + 1 if last else 1,
        changes_since(last, document_in(draft.document)) if last else [],
        [one for one in findings if one.severity == "error"],
        [one for one in findings if one.severity == "warning"],
        list(Role.objects.all()),
    )


def last_edition(edition_id: str) -> Edition | None:
    """The latest version that was published, in force or not."""
    return Edition.objects.filter(edition_id=edition_id).order_by("-version").first()


def changes_since(last: Edition, document: Document) -> list[dict[str, Any]]:
    """What differs from an edition, as the database keeps it."""
    return [asdict(change) for change in compare(document_of(last), document)]


def findings_in(document: dict[str, Any]) -> tuple[Finding, ...]:
    """What the linter finds; asked for the same document twice, it answers from memory."""
    return _linted(json.dumps(document, sort_keys=True))


@lru_cache(maxsize=32)
def _linted(text: str) -> tuple[Finding, ...]:
    return lint(EditionDocument(edition_from_json(json.loads(text)), CommentedMap()))


def key_of(finding: Finding) -> str:
    """The name under which a reason for this finding is given."""
    return "/".join((finding.code, *map(str, finding.path), finding.language or ""))
