"""Roles as data, and who holds which where."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from gracja.app.common import audit
from gracja.app.common.clock import today
from gracja.app.common.refused import Refused
from gracja.app.common.taken import unless_taken
from gracja.app.organisation.access import lacking, not_over, require, require_hold_over
from gracja.app.organisation.models import Membership, Person, Place, Role, User
from gracja.app.organisation.permissions import PERMISSIONS
from gracja.app.organisation.services.guard import administered


@transaction.atomic
def add_role(*, by: User, title_pl: str, title_en: str, permissions: Collection[str]) -> Role:
    """A role of the company's own.

    Raises Refused: not_permitted, role_title_taken (title), permission_not_yours (permission).
    """
    require(by, "role.manage")
    role = Role(slug=_slug(title_en), title_pl=title_pl.strip(), title_en=title_en.strip())
    _give(by, role, permissions)
    with unless_taken(slug=Refused("role_title_taken", title=role.title_en)):
        role.save()
    audit.record("role.add", by=by, subject=("role", role.slug), after=_facts(role))
    return role


@transaction.atomic
def change_role(*, by: User, role: Role, title_pl: str, title_en: str, permissions: Collection[str]) -> Role:
    """Another title or other permissions, for everybody who holds the role.

    Raises Refused: not_permitted, role_built_in (title_pl, title_en), role_title_taken, permission_not_yours,
    role_held_at_places, last_administrator.
    """
    require(by, "role.manage")
    with administered():
        role = Role.objects.select_for_update().get(pk=role.pk)
        _refuse_built_in(role)
        before = _facts(role)
        role.title_pl, role.title_en = title_pl.strip(), title_en.strip()
        _give(by, role, permissions)
        if _company_wide(role) and role.memberships.filter(not_over()).exclude(place=None).exists():
            raise Refused("role_held_at_places", permission=_company_wide(role))
        role.save()
        audit.record("role.change", by=by, subject=("role", role.slug), before=before, after=_facts(role))
    return role


@transaction.atomic
def delete_role(*, by: User, role: Role) -> None:
    """One that nobody holds or held: by whom results of a day are read is known by the roles of that day.

    Raises Refused: not_permitted, role_built_in, role_held, role_was_held (n: by how many people).
    """
    require(by, "role.manage")
    _refuse_built_in(role)
    if n := _holders(role.memberships.filter(not_over())):
        raise Refused("role_held", n=n)
    if n := _holders(role.memberships.all()):
        raise Refused("role_was_held", n=n)
    audit.record("role.delete", by=by, subject=("role", role.slug), before=_facts(role))
    role.delete()


@transaction.atomic
def add_membership(
    *, by: User, person: Person, role: Role, place: Place | None, until: date | None = None
) -> Membership:
    """Give somebody a role at a place and all below it, or in the whole company. Repeating it is harmless.

    Only to whom one may change: with a role somebody comes into the sight of whoever leads there. It counts
    from today: what was measured of them before stays with those who led them then.
    Raises Refused: not_permitted, above_you (permission), as `give_membership`.
    """
    require_hold_over(by, person)
    return give_membership(by=by, person=person, role=role, place=place, since=today(), until=until)


@transaction.atomic
def give_membership(
    *,
    by: User,
    person: Person,
    role: Role,
    place: Place | None,
    since: date | None = None,
    until: date | None = None,
) -> Membership:
    """The same to somebody new, who has no role yet: a step of adding them.

    Raises Refused: not_permitted, permission_not_yours (permission), role_company_wide (permission).
    """
    require(by, "person.manage", place=place)
    if missing := lacking(by, role, place=place):
        raise Refused("permission_not_yours", permission=missing)
    if place is not None and (needs_all := _company_wide(role)):
        raise Refused("role_company_wide", permission=needs_all)
    with administered():
        held = Membership.objects.filter(not_over(), person=person, role=role, place=place).first()
        if held and held.until == until:
            return held
        membership = held or Membership(person=person, role=role, place=place, since=since)
        membership.until = until
        membership.save()
        _record(by, "membership.add", membership)
    return membership


@transaction.atomic
def remove_membership(*, by: User, membership: Membership) -> None:
    """Take a role away, from this day on; what it was for until yesterday stays. Repeating is harmless.

    One that began today, or has yet to begin, was in force on no whole day: it goes without a trace but in
    the log. Raises Refused: not_permitted, above_you (permission), last_administrator.
    """
    require(by, "person.manage", place=membership.place)
    if missing := lacking(by, membership.role, place=membership.place):
        raise Refused("above_you", permission=missing)
    with administered():
        held = Membership.objects.filter(not_over(), pk=membership.pk).first()
        if held is None:
            return
        _record(by, "membership.remove", held)
        if held.since is not None and held.since >= today():
            held.delete()
        else:
            held.until = today() - timedelta(days=1)
            held.save(update_fields=("until",))


def _record(by: User, action: str, membership: Membership) -> None:
    facts = {
        "role": membership.role.slug,
        "place": membership.place.name if membership.place else "",
        "until": membership.until.isoformat() if membership.until else "",
    }
    added = action == "membership.add"
    audit.record(
        action,
        by=by,
        subject=("person", membership.person.key),
        before=None if added else facts,
        after=facts if added else None,
        place=membership.place.uid if membership.place else "",
    )


def _give(by: User, role: Role, permissions: Collection[str]) -> None:
    wanted = [one for one in PERMISSIONS if one in permissions]
    new = Role(permissions=[one for one in wanted if one not in role.permissions])
    if missing := lacking(by, new, place=None):
        raise Refused("permission_not_yours", permission=missing)
    others = Role.objects.exclude(pk=role.pk).values_list("title_pl", "title_en")
    mine = {role.title_pl.casefold(), role.title_en.casefold()}
    if taken := next((title for pair in others for title in pair if title.casefold() in mine), ""):
        raise Refused("role_title_taken", title=taken)
    role.permissions = wanted


def _holders(held: QuerySet[Membership]) -> int:
    return held.values("person").distinct().count()


def _company_wide(role: Role) -> str:
    return next((one for one in role.permissions if not PERMISSIONS.get(one, True)), "")


def _refuse_built_in(role: Role) -> None:
    if role.built_in:
        raise Refused("role_built_in")


def _facts(role: Role) -> dict[str, object]:
    return {"title_pl": role.title_pl, "title_en": role.title_en, "permissions": sorted(role.permissions)}


def _slug(title: str) -> str:
    base = slugify(title).replace("-", "_")[:40] or "role"
    slug, n = base, 1
    while Role.objects.filter(slug=slug).exists():
        n += 1
        slug = f"{base}_{n}"
    return slug
