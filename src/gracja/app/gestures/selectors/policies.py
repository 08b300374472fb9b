"""Policies as their readers see them: in force, closed, version by version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum
from django.http import Http404

from gracja.app.gestures.models import Gesture, Policy, Terms
from gracja.app.gestures.selectors.reading import places_read, require_reading, start_of
from gracja.app.gestures.terms import TermsDocument
from gracja.app.organisation.models import Place, Role, User
from gracja.app.service_mode.selectors.rules import company_rules
from gracja.app.standards.models import Edition
from gracja.engine.edition.texts import in_language


@dataclass(frozen=True, slots=True)
class Written:
    """A policy with its newest terms. versions: all of them, newest first."""

    policy: Policy
    terms: Terms
    document: TermsDocument
    versions: tuple[Terms, ...]

    @property
    def closed(self) -> bool:
        return self.policy.closed_at is not None


@dataclass(frozen=True, slots=True)
class Given:
    """What was given by one policy since a moment; taken back and expired ones left out."""

    gestures: int = 0
    spent_minor: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """What roles, places, services and cues are called, by their ids. givers: the roles that may grant."""

    roles: dict[str, str]
    givers: dict[str, str]
    places: dict[str, str]
    services: dict[str, str]
    cues: dict[str, str]


def policies(*, by: User) -> list[Written]:
    """All of them: open ones first, newest first. Raises Refused: not_permitted."""
    require_reading(by)
    rows = Policy.objects.prefetch_related("versions").order_by("-made_at")
    found = [_written(row) for row in rows]
    return sorted(found, key=lambda one: one.closed)


def policy(*, by: User, uid: str) -> Written:
    """One of them, with all its versions. Raises Http404; Refused: not_permitted."""
    require_reading(by)
    rows = Policy.objects.prefetch_related("versions__made_by").filter(uid=uid)
    row = rows.first()
    if row is None:
        raise Http404
    return _written(row)


def given_since(*, by: User, first: date) -> dict[int, Given]:
    """Policy's pk -> what was given by it from this day on, where one may read it."""
    require_reading(by)
    rows = (
        Gesture.objects.filter(made_at__gte=start_of(first))
        .filter(place__in=Place.objects.filter(places_read(by)))
        .exclude(state__in=("released", "expired"))
        .values_list("terms__policy")
        .annotate(n=Count("pk"), spent=Sum("spent_minor", default=0))
    )
    return {pk: Given(n, spent) for pk, n, spent in rows}


def names_in_terms(language: str) -> Names:
    """Everybody who reads policies may know what these are called."""
    services: dict[str, str] = {}
    rows = Edition.objects.order_by("edition_id", "version")
    for service, title in rows.values_list("edition_id", "document__title"):
        services[service] = in_language(title, language) if title else service
    roles = {role.slug: role for role in Role.objects.all()}
    return Names(
        roles={slug: role.title(language) for slug, role in roles.items()},
        givers={
            slug: role.title(language) for slug, role in roles.items() if "gesture.grant" in role.permissions
        },
        places=dict(Place.objects.filter(active=True).order_by("name").values_list("uid", "name")),
        services=services,
        cues={cue.cue: in_language(cue.title, language) for cue in company_rules().cues},
    )


def _written(row: Policy) -> Written:
    versions = tuple(sorted(row.versions.all(), key=lambda one: -one.version))
    return Written(row, versions[0], TermsDocument.model_validate(versions[0].document), versions)
