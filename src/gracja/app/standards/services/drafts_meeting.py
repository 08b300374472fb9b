"""Two people at one draft: what others changed since, and where that meets what is to be changed now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from gracja.app.common.refused import Refused
from gracja.app.organisation.models import Person
from gracja.app.standards.models import Draft, DraftChange
from gracja.app.standards.services.operations import KINDS, Path, element_at, ids_in, spot_of
from gracja.engine.errors import EngineInputError, Where


def unknown(path: Path) -> EngineInputError:
    return EngineInputError(
        "field_unknown", Where(field=".".join(path)), name=path[-1] if path else "", given=""
    )


def others_since(draft: Draft, seen: int, person: Person) -> list[DraftChange]:
    """What others changed since, latest first. One's own later word holds."""
    return list(draft.changes.filter(revision__gt=seen).exclude(by=person).select_related("by"))


def refuse_where_gone(draft: Draft, ids: Path, since: Iterable[DraftChange]) -> None:
    """What the change is about was removed by somebody else meanwhile."""
    for depth, name in enumerate(ids):
        if name and spot_of(draft.document, KINDS[depth], name) is None:
            for change in since:
                if change.after is None and name in ids_in((change.before or {}).get("element", {})):
                    raise changed_meanwhile(change)
            raise unknown(ids)


def refuse_overlap(paths: set[Path], since: Iterable[DraftChange]) -> None:
    """Somebody else changed the same, a part of it, or what it is a part of."""
    for change in since:
        theirs = tuple(change.path)
        for mine in paths:
            short, long = sorted((mine, theirs), key=len)
            if long[: len(short)] == short:
                raise changed_meanwhile(change)


def changed_meanwhile(change: DraftChange, code: str = "changed_meanwhile") -> Refused:
    """at: by the clock of whoever reads it."""
    who = change.by.name if change.by else ""
    return Refused(code, who=who, at=timezone.localtime(change.at), revision=change.revision)


def value_at(draft: Draft, kind: str, path: Path) -> Any:
    """What stands at this path now; None where nothing does."""
    try:
        element: Any = element_at(draft.document, kind, path)
    except KeyError:
        return None
    return inside(element, path[depth_of(kind) :])


def value_seen(draft: Draft, kind: str, path: Path, since: Iterable[DraftChange]) -> Any:
    """What stood there for somebody who has seen none of these changes. since: latest first."""
    depth = depth_of(kind)
    for change in reversed(list(since)):
        if (
            change.path[: depth + 1] == list(path[: depth + 1])
            and change.before
            and path[depth] in change.before
        ):
            return inside(change.before, path[depth:])
    return value_at(draft, kind, path)


def depth_of(kind: str) -> int:
    """How many steps of a path lead to what carries the fields."""
    if kind in KINDS:
        return KINDS.index(kind) + 1
    return 1 if kind in ("service", "aspire") else 0


def inside(value: Any, keys: Path) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
