"""Where the standards in force forbid gestures: an office, a surgery."""

from __future__ import annotations

from collections.abc import Collection

from gracja.app.common.clock import today
from gracja.app.gestures.terms import TermsDocument
from gracja.app.standards.models import Edition


def services_that_forbid() -> frozenset[str]:
    """Whose standards in force forbid gestures, by their ids.

    It does not depend on who asks: a token that reads no standards grants nothing that they forbid.
    """
    rows = Edition.objects.filter(effective_from__lte=today()).order_by("edition_id", "-version")
    in_force: dict[str, str | None] = {}
    for service, gestures in rows.values_list("edition_id", "document__gestures"):
        in_force.setdefault(service, gestures)
    return frozenset(service for service, gestures in in_force.items() if gestures == "forbidden")


def is_forbidden(terms: TermsDocument, forbidding: Collection[str]) -> bool:
    """Whether those standards forbid this policy: those of the service that it names; of a policy that names
    none, any.
    """
    return bool(forbidding) if not terms.service else terms.service in forbidding
