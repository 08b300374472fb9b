"""Secrets that programs and panels carry: made, shown once, kept as a hash, withdrawn."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.tokens.services.callers import hash_of

LONGEST_DAYS: Final = 366
LONGEST_TITLE: Final = 80


@dataclass(frozen=True, slots=True)
class Secret:
    """What is shown once, and what is kept of it. ending: its last letters, to tell one from another."""

    shown: str
    kept_hash: str
    ending: str
    title: str
    expires_at: datetime


class Withdrawable(Protocol):
    """A row that a secret opens."""

    uid: str
    person_id: int
    withdrawn_at: datetime | None

    def save(self, *, update_fields: tuple[str, ...]) -> None: ...


def new_secret(kind: str, *, begins: str, title: str, days: int) -> Secret:
    """For so many days. begins: so that scanners for leaked secrets can know one.

    Raises Refused: <kind>_untitled; <kind>_too_long_lived (longest).
    """
    if not title.strip():
        raise Refused(f"{kind}_untitled")
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(f"{kind}_too_long_lived", longest=LONGEST_DAYS)
    shown = begins + secrets.token_urlsafe(32)
    ends = now() + timedelta(days=days)
    return Secret(shown, hash_of(shown), shown[-4:], title.strip()[:LONGEST_TITLE], ends)


def withdraw(kind: str, row: Withdrawable, *, by: User, others_need: str) -> None:
    """Let it in no more, at once. One's own always; another's with the permission. Again changes nothing; in
    the caller's transaction.

    Raises Refused: not_permitted.
    """
    if row.person_id != by.person_id:
        require(by, others_need)
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        row.save(update_fields=("withdrawn_at",))
        audit.record(f"{kind}.withdraw", by=by, subject=(kind, row.uid), after={"withdrawn": True})
