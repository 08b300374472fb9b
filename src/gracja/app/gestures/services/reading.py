"""What every grant reads, by queries that are worked out once. Whoever calls has opened a transaction."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet

from gracja.app.common.prepared import Given, Prepared, PreparedRow
from gracja.app.contacts.models import Customer
from gracja.app.gestures.models import Gesture, Policy, Terms


def is_known(key: str) -> bool:
    """Whether a gesture was granted with this key."""
    return bool(_WITH_KEY.rows(key=key))


def lock_policy(policy: Policy) -> tuple[Policy, Terms] | None:
    """The policy as it is now, its row locked, with its newest terms; None where it has none.

    Not its key: who offers it notes customers for whom it is open, and would wait for us while we wait for
    them.
    """
    kept = _POLICY.first(policy=policy.pk)
    terms = _TERMS.first(policy=policy.pk)
    if kept is None or terms is None:
        return None
    terms.policy = kept
    return kept, terms


def is_gone(customer: Customer) -> bool:
    """Whether the customer was erased or joined to another; the row is locked."""
    rows = _GONE.rows(customer=customer.pk)
    return not rows or any(rows[0])


def _with_key() -> QuerySet[Gesture, tuple[Any, ...]]:
    key = Given("key", Gesture._meta.get_field("key"))
    return Gesture.objects.order_by().filter(key=key).values_list("pk")


def _locked_policy() -> QuerySet[Policy, Policy]:
    there = Policy.objects.order_by().select_for_update(no_key=True)
    return there.filter(pk=Given("policy", Policy._meta.pk))


def _newest_terms() -> QuerySet[Terms, Terms]:
    return Terms.objects.filter(policy=Given("policy", Policy._meta.pk)).order_by("-version")[:1]


def _gone() -> QuerySet[Customer, tuple[Any, ...]]:
    there = Customer.objects.order_by().select_for_update(no_key=True)
    return there.filter(pk=Given("customer", Customer._meta.pk)).values_list("erased_at", "merged_into_id")


_WITH_KEY: Final = Prepared(_with_key)
_POLICY: Final = PreparedRow(_locked_policy)
_TERMS: Final = PreparedRow(_newest_terms)
_GONE: Final = Prepared(_gone)
