"""Operations on the plain edition document, by ids and never by positions.

Every change is a transition between two states of one thing, so that undo is the same transition backwards:

- fields of an element (or of the edition): {field: value or None where it is not given};
- an element: {"element", "parent": id or None, "next": id of the one after it, or None at the end};
  None where it is not there;
- an element's place: {"parent", "next"}.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

Document = dict[str, Any]
Path = tuple[str, ...]
State = dict[str, Any] | None

KINDS: Final = ("part", "enhancer", "standard")
_LIST_OF: Final = {"part": "sequence", "enhancer": "enhancers", "standard": "standards"}
_TEXTS: Final = (
    *("title", "begins", "ends", "customer_does", "employee_does", "thought"),
    *("evidence", "behaviour", "when", "na_when"),
)
PLACE: Final = "place"  # ends the path of a move


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an element stands."""

    path: Path  # ids from the part down to the element itself
    element: Document
    siblings: list[Document]

    @property
    def parent(self) -> str | None:
        return self.path[-2] if len(self.path) > 1 else None

    @property
    def next(self) -> str | None:
        """The id of the one after it."""
        kind = KINDS[len(self.path) - 1]
        ids = [one[kind] for one in self.siblings]
        after = ids.index(self.path[-1]) + 1
        return ids[after] if after < len(ids) else None


def spots(document: Document) -> Iterator[tuple[str, Spot]]:
    """Every part, enhancer and standard, by kind, in the order of the sequence."""
    for part in document["sequence"]:
        yield "part", Spot((part["part"],), part, document["sequence"])
        for enhancer in part.get("enhancers", []):
            path = (part["part"], enhancer["enhancer"])
            yield "enhancer", Spot(path, enhancer, part["enhancers"])
            for standard in enhancer.get("standards", []):
                yield "standard", Spot((*path, standard["standard"]), standard, enhancer["standards"])


def spot_of(document: Document, kind: str, name: str) -> Spot | None:
    """Where the element of this id stands now, whoever moved it; None where it is gone."""
    return next((spot for of, spot in spots(document) if of == kind and spot.path[-1] == name), None)


def ids_in(element: Document) -> Iterator[str]:
    """The ids of an element (or a whole document) and of all below it."""
    for kind in KINDS:
        if isinstance(element.get(kind), str):
            yield element[kind]
        for child in element.get(_LIST_OF[kind], []):
            yield from ids_in(child)


def copied(document: Document) -> Document:
    """The same document, to be changed; by way of text, a quarter of the time that deepcopy takes."""
    same: Document = json.loads(json.dumps(document))
    return same


def keyed(document: Document) -> Document:
    """The document with each text that names no language standing for both."""
    for element in (document, document["service"], *(spot.element for _, spot in spots(document))):
        for name in _TEXTS:
            if isinstance(element.get(name), str):
                element[name] = {"pl": element[name], "en": element[name]}
    return document


def with_value(old: Any, keys: Path, value: Any) -> Any:
    """The value with what is at `keys` inside it changed; None and empty texts are left out."""
    if not keys:
        return None if value in ("", [], {}) else value
    inner = dict(old) if isinstance(old, dict) else {}
    if isinstance(old, str):
        inner = {"pl": old, "en": old}  # one text for both, until one of them is changed
    inner[keys[0]] = with_value(inner.get(keys[0]), keys[1:], value)
    return {key: kept for key, kept in inner.items() if kept is not None} or None


def below(document: Document, kind: str, parent: str | None) -> list[Document]:
    """The elements of `kind` in this parent (parts: in the document). Raises KeyError: no such parent."""
    if parent is None:
        siblings: list[Document] = document["sequence"]
        return siblings
    spot = spot_of(document, KINDS[KINDS.index(kind) - 1], parent)
    if spot is None:
        raise KeyError(parent)
    made: list[Document] = spot.element.setdefault(_LIST_OF[kind], [])
    return made


def transit(document: Document, action: str, path: Path, state: State) -> None:
    """Bring what `action` changed at `path` into this state.

    Raises KeyError: what it names is not there.
    """
    kind, verb = action.split(".")
    if verb == "set":
        element = element_at(document, kind, path)
        for name, value in (state or {}).items():
            if value is None:
                element.pop(name, None)
            else:
                element[name] = value
        return
    ids = tuple(step for step in path if step != PLACE)
    spot = spot_of(document, kind, ids[-1])
    if spot is not None:
        del spot.siblings[next(at for at, one in enumerate(spot.siblings) if one is spot.element)]
    if state is not None:
        element = spot.element if verb == "move" and spot is not None else state["element"]
        siblings = below(document, kind, state["parent"])
        at = next((at for at, one in enumerate(siblings) if one[kind] == state["next"]), len(siblings))
        siblings.insert(at, element)


def element_at(document: Document, kind: str, path: Path) -> Document:
    """What carries the fields that `path` names. Raises KeyError: it is not there."""
    if kind in ("service", "aspire"):
        own: Document = document.setdefault(kind, {})
        return own
    if kind not in KINDS:
        return document
    name = path[KINDS.index(kind)]
    spot = spot_of(document, kind, name)
    if spot is None:
        raise KeyError(name)
    return spot.element
