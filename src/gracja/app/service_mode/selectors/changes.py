"""What one version of the rules changes against another, value by value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypedDict

LISTS: Final = {"cues": "cue", "occupations": "occupation"}  # a list of named things -> what names them
UNNAMED: Final = ("gracja_rules", "id", "version")


@dataclass(frozen=True, slots=True)
class Change:
    """group: cue, occupation, or the name of a top field. name: which of them; field: what of it (empty: the
    whole). None: it is not there.
    """

    group: str
    name: str
    field: str
    before: Any
    after: Any


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Every value that differs, in the order of the document."""
    found: list[Change] = []
    for part in dict.fromkeys((*before, *after)):
        if part in UNNAMED:
            continue
        old, new = before.get(part), after.get(part)
        if part in LISTS:
            found += _of_named(LISTS[part], old or [], new or [])
        elif isinstance(old, dict) and isinstance(new, dict):
            found += [Change(part, "", field, *pair) for field, pair in _differing(old, new)]
        elif old != new:
            found.append(Change(part, "", "", old, new))
    return found


class ChangedValues(TypedDict):
    """What the log is given."""

    before: dict[str, Any]
    after: dict[str, Any]


def changed_values(before: dict[str, Any], after: dict[str, Any]) -> ChangedValues:
    """The same for the log: `before` and `after`, each a value by its path."""
    changes = changes_between(before, after)

    def path(one: Change) -> str:
        return ".".join(filter(None, (one.group, one.name, one.field)))

    return {
        "before": {path(one): one.before for one in changes if one.before is not None},
        "after": {path(one): one.after for one in changes if one.after is not None},
    }


def _of_named(key: str, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[Change]:
    old = {one[key]: one for one in before}
    new = {one[key]: one for one in after}
    for name in dict.fromkeys((*old, *new)):
        if name not in old or name not in new:
            yield Change(key, name, "", old.get(name), new.get(name))
        else:
            yield from (Change(key, name, field, *pair) for field, pair in _differing(old[name], new[name]))


def _differing(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Field -> both values; amounts by band one by one."""
    for field in dict.fromkeys((*before, *after)):
        old, new = before.get(field), after.get(field)
        if isinstance(old, dict) and isinstance(new, dict) and field in ("personal_moves", "extra_minutes"):
            yield from ((f"{field}.{band}", pair) for band, pair in _differing(old, new))
        elif old != new:
            yield field, (old, new)
