"""Where the standards in force forbid gestures: an office, a surgery."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from django.db.models import QuerySet

from gracja.app.common.clock import today
from gracja.app.common.prepared import Given, Prepared
from gracja.app.gestures.terms import TermsDocument
from gracja.app.standards.models import Edition


def services_that_forbid() -> frozenset[str]:
    """Whose standards in force forbid gestures, by their ids.

    It does not depend on who asks: a token that reads no standards grants nothing that they forbid.
    """
    in_force: dict[str, str | None] = {}
    for service, gestures in _NEWEST_FIRST.rows(today=today()):
        in_force.setdefault(service, gestures)
    return frozenset(service for service, gestures in in_force.items() if gestures == "forbidden")


def _newest_first() -> QuerySet[Edition, tuple[Any, ...]]:
    today = Given("today", Edition._meta.get_field("effective_from"))
    there = Edition.objects.filter(effective_from__lte=today).order_by("edition_id", "-version")
    return there.values_list("edition_id", "document__gestures")


_NEWEST_FIRST: Final = Prepared(_newest_first)


def is_forbidden(terms: TermsDocument, forbidding: Collection[str]) -> bool:
    """Whether those standards forbid this policy: those of the service that it names; of a policy that names
    none, any.
    """
    return bool(forbidding) if not terms.service else terms.service in forbidding
