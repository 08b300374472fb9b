"""A detector as a tree that people read: any of, all of and none of; words, events, times, a question.

`not: {any: [...]}` reads as "none of these", so every group is one kind with a list below it. A node is
named by the places that lead to it from the top: "" is the top, "0.1" the second of the first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

GROUPS: Final = ("any", "all", "none")
SAID: Final = ("agent_says", "customer_says", "like")
EVENT: Final = "system_event"
TIMED: Final = ("first_reply_seconds", "longest_silence_seconds")
JUDGE: Final = "judge"
LEAVES: Final = (*SAID, EVENT)
MOMENTS: Final = (
    *("within", "where", "after", "before", "each", "within_turns", "within_seconds", "applies_if"),
)
_AT_THE_TOP: Final = ("each", "applies_if")
_WITH_EACH: Final = ("within_turns", "within_seconds")
EVERY_LANGUAGE: Final = ""  # phrases in a bare list serve all


@dataclass(frozen=True)
class Node:
    """One node. says: phrases by language; events; timed; question: of its kind, the others empty."""

    kind: str
    says: Mapping[str, list[str]] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    timed: Mapping[str, Any] = field(default_factory=dict)
    question: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Node, ...] = ()
    moment: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        return self.kind in GROUPS

    @property
    def empty(self) -> bool:
        """Nothing is said in it: such a node cannot be written."""
        if self.kind in SAID:
            return not any(self.says.values())
        if self.kind == EVENT:
            return not self.events
        if self.kind == JUDGE:
            return not any(self.question.values())
        return self.is_group and not self.children


def parsed(detect: Any) -> Node | None:
    """The tree of a detector in plain data; None where there is none."""
    if detect in (None, "none"):
        return None
    moment = {name: value for name, value in detect.items() if name in MOMENTS}
    kind = next(name for name in detect if name not in moment)
    return Node(kind="none" if kind == "not" else kind, moment=moment, **_inside(kind, detect[kind]))


def _inside(kind: str, value: Any) -> dict[str, Any]:
    """What a node of this kind holds, by the field of `Node` that holds it."""
    held: dict[str, Any] = {"timed": value}
    if kind == "not":
        held = {"children": _parsed(value["any"] if set(value) == {"any"} else [value])}
    elif kind in GROUPS:
        held = {"children": _parsed(value)}
    elif kind in SAID:
        held = {"says": dict(value) if isinstance(value, dict) else {EVERY_LANGUAGE: list(value)}}
    elif kind == EVENT:
        held = {"events": (value,) if isinstance(value, str) else tuple(value)}
    elif kind == JUDGE:
        held = {"question": value if isinstance(value, dict) else {"pl": value, "en": value}}
    return held


def _parsed(several: list[Any]) -> tuple[Node, ...]:
    return tuple(node for one in several if (node := parsed(one)) is not None)


def plain(node: Node | None) -> dict[str, Any] | None:
    """The detector in plain data; None where nothing is said."""
    if node is None or node.empty:
        return None
    return {**_content(node), **node.moment}


def _content(node: Node) -> dict[str, Any]:
    if node.is_group:
        below = [one for child in node.children if (one := plain(child)) is not None]
        if node.kind == "none":
            return {"not": below[0] if len(below) == 1 else {"any": below}}
        return {node.kind: below}
    if node.kind in SAID:
        says = {language: several for language, several in node.says.items() if several}
        bare = says.get(EVERY_LANGUAGE) if set(says) == {EVERY_LANGUAGE} else None
        return {node.kind: bare or {language: kept for language, kept in says.items() if language}}
    if node.kind == EVENT:
        return {EVENT: list(node.events)}
    if node.kind == JUDGE:
        return {JUDGE: {language: text for language, text in node.question.items() if text}}
    return {node.kind: dict(node.timed)}


def mark_of(detect: Any) -> str:
    """What tells this detector from another: a form says which one it was made from."""
    text = json.dumps(None if detect == "none" else detect, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def node_at(root: Node, at: str) -> Node:
    """Raises LookupError: there is no such node."""
    node = root
    for step in _steps(at):
        node = node.children[step]
    return node


def changed_at(root: Node, at: str, change: Callable[[Node], Node | None]) -> Node | None:
    """The tree with one node changed; None, or nothing said: it goes, and a group with its last one.

    Raises LookupError: there is no such node.
    """
    steps = _steps(at)
    if not steps:
        made = change(root)
        return None if made is None or made.empty else made
    first, rest = steps[0], ".".join(str(step) for step in steps[1:])
    child = changed_at(root.children[first], rest, change)
    kept = (*root.children[:first], *(() if child is None else (child,)), *root.children[first + 1 :])
    return replace(root, children=kept) if kept else None


def joined(root: Node | None, how: str, leaf: Node) -> Node:
    """What is there, and beside it this. how: any (or), all (and), none (but not)."""
    added = Node("none", children=(leaf,)) if how == "none" else leaf
    group = "any" if how == "any" else "all"
    if root is None:
        return added
    if root.kind == group:
        return replace(root, children=(*root.children, added))
    return replace(_around(root, group), children=(_below(root), added))


def grouped(node: Node, kind: str, *, top: bool) -> Node:
    """A group of this one alone, to be added to."""
    return _around(node, kind) if top else Node(kind, children=(node,))


def dissolved(root: Node, at: str) -> Node | None:
    """What the group held stands where the group stood; at the top only where it holds one.

    Raises LookupError.
    """
    node = node_at(root, at)
    steps = _steps(at)
    if not steps:
        only = node.children[0] if len(node.children) == 1 else node
        return node if only is node else replace(only, moment={**only.moment, **node.moment})
    above, place = ".".join(str(step) for step in steps[:-1]), steps[-1]

    def spliced(parent: Node) -> Node:
        own = parent.children
        return replace(parent, children=(*own[:place], *node.children, *own[place + 1 :]))

    return changed_at(root, above, spliced)


def _around(node: Node, kind: str) -> Node:
    """What may stand at the top only goes to the new top."""
    return Node(kind, children=(_below(node),), moment=_of_the_top(node))


def _below(node: Node) -> Node:
    lifted = _of_the_top(node)
    return replace(node, moment={name: value for name, value in node.moment.items() if name not in lifted})


def _of_the_top(node: Node) -> dict[str, Any]:
    names = _AT_THE_TOP + (_WITH_EACH if "each" in node.moment else ())
    return {name: value for name, value in node.moment.items() if name in names}


def _steps(at: str) -> list[int]:
    steps = at.split(".") if at else []
    if not all(step.isdecimal() and len(step) < 4 for step in steps):
        raise LookupError(at)
    return [int(step) for step in steps]
