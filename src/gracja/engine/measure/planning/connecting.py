"""What to review so that everybody can be compared: the fewest links between groups without common ground.

Groups are the components of who was seen by whom and where. Each link, an evaluator of one group who reviews
an employee of another, joins two groups, so that one fewer links than groups are enough: a spanning tree, the
cheap links first. Source: Kruskal (1956), Proc. AMS 7:48.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from gracja.engine.measure.connected import Node, groups
from gracja.engine.measure.planning.next_reviews import May, anybody_else

_NOWHERE: Final = "\0"
CONTACTS: Final = 3  # one contact joins two groups on paper; three tell how they compare


@dataclass(frozen=True)
class People:
    """Who may be asked, and who read. places: employee -> where they may be seen. evaluators: who can be
    asked. knows: evaluator -> places that they go to anyway.
    """

    places: Mapping[str, Sequence[str]]
    evaluators: Sequence[str]
    knows: Mapping[str, frozenset[str]] = field(default_factory=dict)
    may: May = anybody_else


@dataclass(frozen=True)
class Link:
    """Let this evaluator review so many contacts of this employee. near: the evaluator goes to that place."""

    evaluator: str
    employee: str
    place: str | None
    near: bool
    contacts: int = CONTACTS


@dataclass(frozen=True)
class Connecting:
    """groups: how many there are now. links: that join them. left: groups that stay apart, because nobody
    can be asked.
    """

    groups: int
    links: tuple[Link, ...]
    left: int


def connecting(frame: pl.DataFrame, people: People) -> Connecting:
    """The fewest reviews after which the design is connected.

    frame: employee, place?, evaluator?, one row a mark. Only evaluators who have marked can join anything;
    whoever has marked most is asked, and whoever has most marks is read: what they share is known best.
    """
    frame = frame.filter(pl.col("employee").is_not_null())
    names = frame["employee"].unique().sort().to_list()
    found = groups(frame, names)
    count = len({found["employee", name] for name in names})
    if count < 2:
        return Connecting(count, (), 0)
    tree = _Tree(found, count)
    links = []
    for link in _candidates(frame, people, found):
        if tree.joins(link):
            links.append(link)
        if tree.count == 1:
            break
    return Connecting(count, tuple(links), tree.count - 1)


class _Tree:
    """Groups as they are joined."""

    def __init__(self, found: Mapping[Node, int], count: int) -> None:
        self.found, self.count = found, count
        self.parent = {label: label for label in found.values()}

    def joins(self, link: Link) -> bool:
        """Whether the link joins groups; it does from now on. The place may be of a third one."""
        nodes = (("evaluator", link.evaluator), ("employee", link.employee), ("place", link.place or ""))
        first, *others = {self._root(node) for node in nodes if node in self.found}
        for other in others:
            self.parent[other] = first
        self.count -= len(others)
        return bool(others)

    def _root(self, node: Node) -> int:
        label = self.found[node]
        while self.parent[label] != label:
            self.parent[label] = label = self.parent[self.parent[label]]
        return label


def _candidates(frame: pl.DataFrame, people: People, found: Mapping[Node, int]) -> Iterator[Link]:
    """Links worth trying: to a place where the evaluator goes anyway, then any."""
    read = [name for name in _most_marks(frame, "employee") if name in people.places]
    can_be_asked = set(people.evaluators)
    asked = [name for name in _most_marks(frame, "evaluator") if name in can_be_asked]
    yield from _near(read, asked, people)
    yield from _far(
        _firsts(read, lambda name: found["employee", name]),
        _firsts(asked, lambda name: found["evaluator", name]),
        people,
    )


def _near(read: list[str], asked: list[str], people: People) -> Iterator[Link]:
    goers: dict[str, list[str]] = defaultdict(list)
    for evaluator in asked:
        for place in people.knows.get(evaluator, ()):
            goers[place].append(evaluator)
    for employee in read:
        for place in people.places[employee]:
            yield from (
                Link(v, employee, place, near=True) for v in goers[place] if people.may(v, employee, place)
            )


def _far(read: list[str], asked: list[str], people: People) -> Iterator[Link]:
    for evaluator in asked:
        for employee in read:
            places: list[str | None] = [*people.places[employee]] or [None]
            at = next((place for place in places if people.may(evaluator, employee, place)), _NOWHERE)
            if at != _NOWHERE:
                yield Link(evaluator, employee, at, near=False)


def _firsts(names: list[str], group: Callable[[str], int]) -> list[str]:
    """The first two of each group: the second where the first may not read, or be read."""
    of_group: dict[int, list[str]] = defaultdict(list)
    for name in names:
        of_group[group(name)].append(name)
    return [name for some in of_group.values() for name in some[:2]]


def _most_marks(frame: pl.DataFrame, column: str) -> list[str]:
    counts = frame.drop_nulls(column).group_by(column).len().sort(["len", column], descending=[True, False])
    names: list[str] = counts[column].to_list()
    return names
