"""Write the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import batched
from typing import Any, Protocol

from gracja.app.common.models import AuditEntry

HIDDEN = "•"  # stands for a personal value: that it changed is kept, what it was is not


class Actor(Protocol):
    """Who did it."""

    @property
    def audit_key(self) -> str: ...


def record(
    action: str,
    *,
    by: Actor | None,
    subject: tuple[str, str],
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Iterable[str] = (),
    place: str = "",
) -> None:
    """One change in the log, in the caller's transaction.

    subject: (kind, key). before, after: only what changed is kept. personal: names of fields whose values
    are not written down.
    """
    entry(action, by=by, subject=subject, before=before, after=after, personal=personal, place=place).save(
        force_insert=True
    )


def record_all(entries: Iterable[AuditEntry]) -> None:
    """Many changes at once, each made with `entry`; no more than a thousand in memory."""
    for some in batched(entries, 1000):
        AuditEntry.objects.bulk_create(some)


def entry(
    action: str,
    *,
    by: Actor | None,
    subject: tuple[str, str],
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Iterable[str] = (),
    place: str = "",
) -> AuditEntry:
    """One change, not yet in the log; as for `record`."""
    old, new = dict(before or {}), dict(after or {})
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    hidden = set(personal)

    def kept(values: dict[str, Any]) -> dict[str, Any]:
        return {
            name: HIDDEN if name in hidden and values[name] not in ("", None) else values[name]
            for name in changed
            if name in values
        }

    return AuditEntry(
        by_key=by.audit_key if by else "",
        action=action,
        subject_kind=subject[0],
        subject_key=subject[1],
        place_key=place,
        before=kept(old),
        after=kept(new),
    )
