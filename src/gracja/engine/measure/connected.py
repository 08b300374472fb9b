"""Who can be compared: employees whom shared places or evaluators connect."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gracja.engine.measure.cells import Ints

Node = tuple[str, str]
"""Of a kind (employee, place, evaluator), by name."""


def groups(frame: pl.DataFrame, employees: list[str]) -> dict[Node, int]:
    """The group that each employee, place and evaluator belongs to. Rows connect those that they name.

    frame: employee, place?, evaluator?. An employee without a row is a group of their own.
    """
    nodes: dict[Node, int] = {("employee", name): i for i, name in enumerate(employees)}
    edges: set[tuple[int, int]] = set()
    for row in frame.select("employee", "place", "evaluator").unique().sort(pl.all()).rows():
        named = [
            nodes.setdefault((kind, name), len(nodes))
            for kind, name in zip(("employee", "place", "evaluator"), row, strict=True)
            if name is not None
        ]
        edges.update((named[0], other) for other in named[1:])
    pairs = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(nodes), len(nodes)))
    _, label = connected_components(graph, directed=False)
    return dict(zip(nodes, label.tolist(), strict=True))


def components(frame: pl.DataFrame, employees: list[str], *, one_eye: bool) -> Ints:
    """(employees,) number of the component that each belongs to.

    one_eye: all marks come from one and the same eye (a detector, or evaluators that nobody named), which
    connects everyone.
    """
    if one_eye:
        return np.zeros(len(employees), dtype=np.int64)
    found = groups(frame, employees)
    return np.array([found["employee", name] for name in employees], dtype=np.int64)
