"""Keys with which the panel inside a helpdesk acts as somebody: made, used, withdrawn.

A frame of another site gets no cookie from the browser, so its requests carry this key instead. A key is of
one person, because who grants a gesture must be known, and what a helpdesk says of its agents can be made up
by whoever opens its page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import User
from gracja.app.service_mode.models import PanelKey
from gracja.app.service_mode.selectors.keeping import kept
from gracja.app.tokens.scopes import narrow
from gracja.app.tokens.services.callers import hash_of
from gracja.app.tokens.services.secrets import new_secret, withdraw

ADVICE: Final = frozenset(("advice.ask",))
GRANTING: Final = frozenset(("customer.find", "gesture.grant"))
_BEGINS: Final = "gracja_panel_"
_NOTED_EVERY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Made:
    """A new key with its secret, which is shown this once."""

    key: PanelKey
    secret: str


@transaction.atomic
def make_panel_key(*, by: User, title: str, grants: bool, days: int) -> Made:
    """A key with which the panel acts as `by` for so many days. grants: gestures too, not only advice.

    Raises Refused: not_permitted; panel_nowhere; panel_key_untitled; panel_key_too_long_lived (longest).
    """
    if not may_somewhere(by, "advice.ask"):
        raise Refused("not_permitted", permission="advice.ask")
    if grants and not may_somewhere(by, "gesture.grant"):
        raise Refused("not_permitted", permission="gesture.grant")
    if not kept().panel_origins:
        raise Refused("panel_nowhere")
    secret = new_secret("panel_key", begins=_BEGINS, title=title, days=days)
    key = PanelKey.objects.create(
        person=by.person,
        title=secret.title,
        key_hash=secret.kept_hash,
        ending=secret.ending,
        grants=grants,
        expires_at=secret.expires_at,
    )
    audit.record(
        "panel_key.make",
        by=by,
        subject=("panel_key", key.uid),
        after={"title": key.title, "grants": grants, "expires_at": key.expires_at.isoformat()},
    )
    return Made(key, secret.shown)


@transaction.atomic
def withdraw_panel_key(*, by: User, key: PanelKey) -> None:
    """Let it in no more, at once. One's own always; another's with the permission. Again changes nothing.

    Raises Refused: not_permitted.
    """
    withdraw("panel_key", key, by=by, others_need="rules.manage")


def panel_reader(secret: str) -> User | None:
    """Who comes with this key, holding only what it opens; None where it lets nobody in (any more): ended,
    withdrawn, its person left or was signed out everywhere since, or the panel may stand nowhere now.
    """
    key = PanelKey.objects.select_related("person__user").filter(key_hash=hash_of(secret)).first()
    if key is None or not key.valid or not kept().panel_origins:
        return None
    user: User | None = getattr(key.person, "user", None)
    if user is None or not user.is_active or not key.person.active:
        return None
    if user.signed_out_at is not None and key.made_at <= user.signed_out_at:
        return None
    user.person = key.person
    narrow(user, ADVICE | GRANTING if key.grants else ADVICE)
    if key.used_at is None or key.used_at < now() - _NOTED_EVERY:
        PanelKey.objects.filter(pk=key.pk).update(used_at=now())
    return user
