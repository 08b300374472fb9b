"""From a draft to an edition that never changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404

from gracja.app.common import audit
from gracja.app.common.clock import now, today
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Role, User
from gracja.app.standards.models import Draft, Edition
from gracja.app.standards.selectors.publishing import changes_since, findings_in, key_of, last_edition
from gracja.engine.edition.lint import Finding
from gracja.engine.edition.read import check_edition
from gracja.engine.edition.write import as_json, edition_digest

LONGEST_REASON = 500


@transaction.atomic
def publish_draft(
    *,
    by: User,
    draft_uid: str,
    seen: int,
    effective_from: date,
    reasons: Mapping[str, str],
    must_acknowledge: Collection[str],
) -> Edition:
    """The draft as the next edition, from the revision that its author saw.

    reasons: why each warning may stand, by `key_of`. must_acknowledge: slugs of roles. The draft stays, based
    on the new edition. Publishing what is published already returns that edition.

    Raises Refused: not_permitted, draft_moved_on, findings_block (count), reasons_missing (count),
    date_passed (today), role_unknown (role); EngineInputError.
    """
    require(by, "edition.publish")
    # locked: two people may publish at once
    draft = get_object_or_404(Draft.objects.select_for_update(), uid=draft_uid)
    if draft.revision != seen:
        raise Refused("draft_moved_on")
    document = check_edition(draft.document)
    last = last_edition(draft.edition_id)
    changes = changes_since(last, document) if last else []
    if last is not None and not changes:
        return last
    if effective_from < today():
        raise Refused("date_passed", today=today())
    roles = _roles(must_acknowledge)
    kept = _reasons(findings_in(draft.document), reasons)
    version = last.version + 1 if last else 1
    document = document.model_copy(update={"version": version, "effective_from": effective_from})
    edition = Edition.objects.create(
        edition_id=draft.edition_id,
        version=version,
        document=as_json(document),
        digest=edition_digest(document),
        effective_from=effective_from,
        published_by=by.person,
        changes=changes,
        reasons=kept,
        must_acknowledge=roles,
    )
    draft.based_on = edition
    draft.document = draft.document | {"version": version + 1}
    draft.changed_at = now()
    draft.save(update_fields=["based_on", "document", "changed_at"])
    audit.record(
        "edition.publish",
        by=by,
        subject=("edition", edition.uid),
        after={
            "edition": edition.name,
            "digest": edition.digest,
            "effective_from": effective_from.isoformat(),
            "changes": len(changes),
            "reasons": kept,
            "must_acknowledge": roles,
        },
    )
    return edition


def _roles(slugs: Collection[str]) -> list[str]:
    known = set(Role.objects.values_list("slug", flat=True))
    for slug in slugs:
        if slug not in known:
            raise Refused("role_unknown", role=slug)
    return sorted(set(slugs))


def _reasons(findings: Collection[Finding], given: Mapping[str, str]) -> list[dict[str, Any]]:
    """Errors block; each warning stands with a reason."""
    errors = sum(one.severity == "error" for one in findings)
    if errors:
        raise Refused("findings_block", count=errors)
    told = [(one, given.get(key_of(one), "").strip()[:LONGEST_REASON]) for one in findings]
    if missing := sum(not reason for _, reason in told):
        raise Refused("reasons_missing", count=missing)
    return [{"code": one.code, "path": list(one.path), "reason": reason} for one, reason in told]
