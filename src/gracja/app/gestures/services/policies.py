"""Policies: written, changed by a new version of their terms, closed."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.gestures.models import Policy, Terms
from gracja.app.gestures.terms import check_terms
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User


@transaction.atomic
def write_policy(*, by: User, document: dict[str, Any]) -> Policy:
    """A new policy. Raises Refused: not_permitted, terms_wrong (field, problem)."""
    require(by, "gesture.manage")
    terms = check_terms(document)
    policy = Policy.objects.create(kind=terms.kind)
    Terms.objects.create(policy=policy, version=1, document=document, made_by=by.person)
    audit.record("policy.write", by=by, subject=("policy", policy.uid), after={"terms": document})
    return policy


@transaction.atomic
def change_policy(*, by: User, policy: Policy, document: dict[str, Any], version: int) -> Terms:
    """New terms from now on; gestures that were granted keep theirs. version: the one that was changed.

    Raises Refused: not_permitted, terms_wrong (field, problem), policy_closed, policy_changed_meanwhile,
    policy_kind_stays, policy_currency_stays (currency).
    """
    require(by, "gesture.manage")
    terms = check_terms(document)
    # locked: two people may change it at once
    kept = Policy.objects.select_for_update().get(pk=policy.pk)
    latest = kept.versions.first()
    if kept.closed_at:
        raise Refused("policy_closed")
    if terms.kind != kept.kind:
        raise Refused("policy_kind_stays")
    if latest is not None and terms.currency != latest.document["currency"]:
        raise Refused("policy_currency_stays", currency=latest.document["currency"])
    if latest is None or latest.version != version:
        raise Refused("policy_changed_meanwhile")
    if latest.document == document:
        return latest
    made = Terms.objects.create(policy=kept, version=version + 1, document=document, made_by=by.person)
    audit.record(
        "policy.change",
        by=by,
        subject=("policy", kept.uid),
        before={"terms": latest.document},
        after={"terms": document},
    )
    return made


@transaction.atomic
def close_policy(*, by: User, policy: Policy) -> None:
    """Nothing more is granted by it; what was granted stays. Repeating is harmless.

    Raises Refused: not_permitted.
    """
    require(by, "gesture.manage")
    if Policy.objects.filter(pk=policy.pk, closed_at=None).update(closed_at=now()):
        audit.record("policy.close", by=by, subject=("policy", policy.uid), after={"closed": True})
