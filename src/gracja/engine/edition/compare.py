"""What changed between two editions: coded, with the values before and after."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from gracja.engine.edition.model import Edition

Kind = Literal["added", "changed", "dropped", "moved"]
What = Literal["edition", "part", "enhancer", "standard", "signal"]

_OF_EDITION: Final = ("title", "service", "aspire", "language_model", "gestures", "new_segment_at")
_TITLE: Final = {"part": "title", "enhancer": "title", "standard": "behaviour"}
_BELOW: Final = {"part": "enhancers", "enhancer": "standards", "standard": ""}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    id: of the part, enhancer, standard or signal; empty for the edition itself. title: what people call it,
    as the newer edition has it. field, before, after: for `changed`. For `moved`, before and after say what
    encloses it (None where only the order differs).
    """

    kind: Kind
    what: What
    id: str = ""
    title: Any = None
    field: str = ""
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class _Item:
    fields: dict[str, Any]
    within: str


def compare(old: Edition, new: Edition) -> tuple[Change, ...]:
    """Everything that differs, in the order of the newer document; what was dropped comes last.

    Version and date do not count. Parts, enhancers, standards and signals are matched by their id, so that
    one that moves to another part is moved, not dropped and added.
    """
    before, after = _plain(old), _plain(new)
    changes = [
        Change("changed", "edition", field=field, before=before.get(field), after=after.get(field))
        for field in _OF_EDITION
        if before.get(field) != after.get(field)
    ]
    changes.extend(_signals(before.get("signals", {}), after.get("signals", {})))
    for what in ("part", "enhancer", "standard"):
        changes.extend(_items(what, _named(before, what), _named(after, what)))
    return tuple(sorted(changes, key=lambda change: change.kind == "dropped"))


def _plain(edition: Edition) -> dict[str, Any]:
    return edition.model_dump(mode="json", by_alias=True, exclude_none=True)


def _named(document: dict[str, Any], what: What) -> dict[str, _Item]:
    """Every part, enhancer or standard by its id, in the order of the document."""
    found: dict[str, _Item] = {}

    def walk(level: What, rows: list[dict[str, Any]], within: str) -> None:
        for row in rows:
            if level == what:
                fields = {key: value for key, value in row.items() if key not in (what, _BELOW[what])}
                found[row[what]] = _Item(fields, within)
            else:
                below: What = "enhancer" if level == "part" else "standard"
                walk(below, row[_BELOW[level]], row[level])

    walk("part", document["sequence"], "")
    return found


def _signals(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    for name, tree in new.items():
        if name not in old:
            yield Change("added", "signal", name)
        elif old[name] != tree:
            yield Change("changed", "signal", name, field="detect", before=old[name], after=tree)
    for name in old:
        if name not in new:
            yield Change("dropped", "signal", name)


def _items(what: What, old: dict[str, _Item], new: dict[str, _Item]) -> Iterator[Change]:
    stay = {name for name in new if name in old and old[name].within == new[name].within}
    moved = {
        name
        for within in {new[name].within for name in stay}
        for name in _out_of_order(
            [name for name in old if name in stay and old[name].within == within],
            [name for name in new if name in stay and new[name].within == within],
        )
    }
    for name, item in new.items():
        title = item.fields.get(_TITLE[what])
        if name not in old:
            yield Change("added", what, name, title, after=item.within or None)
            continue
        former = old[name]
        for field in dict.fromkeys((*item.fields, *former.fields)):
            was, now = former.fields.get(field), item.fields.get(field)
            if was != now:
                yield Change("changed", what, name, title, field, was, now)
        if former.within != item.within:
            yield Change("moved", what, name, title, before=former.within, after=item.within)
        elif name in moved:
            yield Change("moved", what, name, title)
    for name, item in old.items():
        if name not in new:
            yield Change("dropped", what, name, item.fields.get(_TITLE[what]), before=item.within or None)


def _out_of_order(old: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """The fewest names that must have moved, so that the others keep their order."""
    place = {name: at for at, name in enumerate(old)}
    # longest run that still rises: patience sorting, with the way back
    tops: list[int] = []
    ends: list[str] = []
    before: dict[str, str | None] = {}
    for name in new:
        at = bisect_left(tops, place[name])
        before[name] = ends[at - 1] if at else None
        if at == len(tops):
            tops.append(place[name])
            ends.append(name)
        else:
            tops[at], ends[at] = place[name], name
    kept: set[str] = set()
    name_now = ends[-1] if ends else None
    while name_now is not None:
        kept.add(name_now)
        name_now = before[name_now]
    return frozenset(new) - kept
