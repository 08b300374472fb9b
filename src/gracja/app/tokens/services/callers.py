"""Who comes with a token, read anew with every request: a token that was withdrawn lets nobody in a moment
later, and nobody keeps a permission that was taken away.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, pairwise
from typing import Any, Final

from django.db.models import Model, QuerySet

from gracja.app.common.clock import now
from gracja.app.common.prepared import Given, Prepared
from gracja.app.organisation.models import Membership, Person, Place, Role, User
from gracja.app.tokens.models import ApiToken
from gracja.app.tokens.scopes import narrow

_NOTED_EVERY: Final = timedelta(minutes=10)

# All of it in one statement of few columns: whole rows, in two statements, took half of the time in which
# advice is answered. What is not read here is fetched where somebody asks for it.
_TOKEN: Final = ("pk", "scopes", "expires_at", "withdrawn_at", "used_at")
_PERSON: Final = ("id", "uid", "key", "name", "deactivated_at")
_USER: Final = ("id", "person_id", "login", "is_active", "language")
_MEMBERSHIP: Final = ("id", "person_id", "role_id", "place_id", "since", "until")
_ROLE: Final = ("id", "slug", "permissions")
_PLACE: Final = ("id", "uid", "kind", "name", "parent_id", "path", "zone", "active")


def _in_order(model: type[Model], names: tuple[str, ...]) -> tuple[str, ...]:
    """As a row of this model takes them."""
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in names)


_READ: Final = (
    (ApiToken, "", _TOKEN),
    (Person, "person__", _in_order(Person, _PERSON)),
    (User, "person__user__", _in_order(User, _USER)),
    (Membership, "person__memberships__", _in_order(Membership, _MEMBERSHIP)),
    (Role, "person__memberships__role__", _in_order(Role, _ROLE)),
    (Place, "person__memberships__place__", _in_order(Place, _PLACE)),
)
_COLUMNS: Final = [f"{before}{name}" for _, before, names in _READ for name in names]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who comes: a person, who holds what their token allows, and no more."""

    user: User
    scopes: frozenset[str]

    def has(self, scope: str) -> bool:
        return scope in self.scopes


def hash_of(secret: str) -> str:
    """What is kept of a secret. 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def caller_with(secret: str) -> Caller | None:
    """Who comes with this secret, narrowed to its scopes; None where it lets nobody in (any more)."""
    rows = _TOKEN_AND_ALL.rows(token_hash=hash_of(secret))
    if not rows:
        return None
    pk, scopes, expires_at, withdrawn_at, used_at = _part(rows[0], ApiToken)
    present = now()
    if withdrawn_at is not None or expires_at <= present:
        return None
    person, user = _read(Person, rows[0]), _read(User, rows[0])
    if person is None or user is None or not user.is_active or not person.active:
        return None
    user.person = person
    today = present.date()
    user.held = [
        held
        for row in rows
        if (held := _membership(row))
        and (held.since is None or held.since <= today)
        and (held.until is None or held.until >= today)
    ]
    if used_at is None or used_at < present - _NOTED_EVERY:
        ApiToken.objects.filter(pk=pk).update(used_at=present)
    narrow(user, frozenset(scopes))
    return Caller(user, frozenset(scopes))


def _token_and_all() -> QuerySet[ApiToken, tuple[Any, ...]]:
    """A row for each membership of the token's person, and one where there is none."""
    given = Given("token_hash", ApiToken._meta.get_field("token_hash"))
    return ApiToken.objects.order_by().filter(token_hash=given).values_list(*_COLUMNS)


_TOKEN_AND_ALL: Final = Prepared(_token_and_all)


def _membership(row: list[Any]) -> Membership | None:
    held, role = _read(Membership, row), _read(Role, row)
    if held is None or role is None:
        return None
    held.role, held.place = role, _read(Place, row)
    return held


def _part(row: list[Any], model: Any) -> list[Any]:
    begin, end = _SPANS[model]
    return row[begin:end]


def _read[Row: (Person, User, Membership, Role, Place)](model: type[Row], row: list[Any]) -> Row | None:
    """The row of one table among those that were read together; None where there is none."""
    values = _part(row, model)
    return model.from_db("default", _NAMES[model], values) if values[0] is not None else None


_ENDS: Final = (0, *accumulate(len(names) for _, _, names in _READ))
_SPANS: Final = {model: span for (model, _, _), span in zip(_READ, pairwise(_ENDS), strict=True)}
_NAMES: Final = {model: names for model, _, names in _READ}
