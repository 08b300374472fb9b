"""Published editions: which are in force, what they say, who has read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from gracja.app.common.clock import today
from gracja.app.organisation.access import may_somewhere, places_where
from gracja.app.organisation.models import Membership, Person, Place, User
from gracja.app.standards.models import Acknowledgement, Edition
from gracja.app.standards.selectors.publishing import changes_since
from gracja.app.standards.selectors.reading import document_of


def editions(*, by: User) -> QuerySet[Edition]:
    """Every published edition, for whoever may read them; the documents are left in the database."""
    if not may_somewhere(by, "edition.read"):
        return Edition.objects.none()
    return Edition.objects.select_related("published_by").defer("document")


def edition(*, by: User, uid: str) -> Edition:
    """Raises Http404."""
    return get_object_or_404(editions(by=by).defer(None), uid=uid)


def in_force(*, by: User, on: date | None = None) -> list[Edition]:
    """The edition of each service that holds on this day (today), by its name."""
    return _latest(editions(by=by).defer(None).filter(effective_from__lte=on or today()))


def latest(*, by: User) -> list[Edition]:
    """The edition of each service that was published last, in force or to come."""
    return _latest(editions(by=by).defer(None))


def to_come(*, by: User) -> list[Edition]:
    """Editions that are published and not yet in force."""
    return list(editions(by=by).defer(None).filter(effective_from__gt=today()))


def to_acknowledge(*, by: User) -> list[Edition]:
    """What `by` is asked to read: the latest edition of each service, if their role must acknowledge it."""
    mine = {held.role.slug for held in by.held}
    asked = [one for one in latest(by=by) if mine & set(one.must_acknowledge)]
    done = set(
        Acknowledgement.objects.filter(person=by.person, edition__in=asked).values_list(
            "edition_id", flat=True
        )
    )
    return [one for one in asked if one.pk not in done]


def read_by(*, by: User, edition_: Edition) -> Acknowledgement | None:
    """That `by` acknowledged this edition."""
    return Acknowledgement.objects.filter(person=by.person, edition=edition_).first()


def news(*, by: User, edition_: Edition) -> tuple[Edition | None, list[dict[str, Any]]]:
    """The last edition that `by` acknowledged before this one, and what has changed since."""
    known = (
        Edition.objects.filter(
            acknowledgements__person=by.person,
            edition_id=edition_.edition_id,
            version__lt=edition_.version,
        )
        .order_by("-version")
        .first()
    )
    if known is None:
        return None, []
    if known.version == edition_.version - 1:
        return known, edition_.changes
    return known, changes_since(known, document_of(edition_))


@dataclass(frozen=True)
class Readers:
    """Who must acknowledge an edition: those whom the reader may see."""

    done: QuerySet[Acknowledgement]
    missing: QuerySet[Person]
    done_count: int
    missing_count: int

    @property
    def all_count(self) -> int:
        return self.done_count + self.missing_count


def readers(*, by: User, edition_: Edition) -> Readers | None:
    """None where `by` may see nobody's, or nobody has to acknowledge it."""
    if not edition_.must_acknowledge or not may_somewhere(by, "person.read"):
        return None
    asked = Person.objects.filter(
        pk__in=_held(edition_.must_acknowledge, by).values("person"), deactivated_at=None
    )
    done = (
        Acknowledgement.objects.filter(edition=edition_, person__in=asked)
        .select_related("person")
        .order_by("-at", "-pk")
    )
    missing = asked.exclude(acknowledgements__edition=edition_)
    return Readers(done, missing, done.count(), missing.count())


def _held(slugs: Iterable[str], by: User) -> QuerySet[Membership]:
    """Memberships in these roles today, at places where `by` may see people."""
    seen = places_where(by, "person.read")
    where = Q(place__in=Place.objects.filter(seen)) if seen else Q()
    return Membership.objects.filter(
        where,
        Q(since=None) | Q(since__lte=today()),
        Q(until=None) | Q(until__gte=today()),
        role__slug__in=list(slugs),
    )


def _latest(rows: QuerySet[Edition]) -> list[Edition]:
    """The row of the highest version of each edition; rows come by name, the latest version first."""
    found: dict[str, Edition] = {}
    for row in rows.order_by("edition_id", "-version"):
        found.setdefault(row.edition_id, row)
    return list(found.values())
