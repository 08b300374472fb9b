"""One JSON line a figure, in the form that `./run bench` gathers."""

from __future__ import annotations

import json
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

_MEASURED = ("gracja", "numpy", "pyarrow", "numba", "scikit-learn")
_PEERS = ("google-re2", "hyperscan", "spacy", "convokit")


def _versions() -> dict[str, str]:
    """Of everything whose speed or quality a figure can depend on; a peer that is not here has none."""
    found = {name: version(name) for name in _MEASURED} | {"python": platform.python_version()}
    for name in _PEERS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue  # a part that needs no peer runs without them
    return found


VERSIONS = _versions()


def figure(
    name: str,
    value: Any,
    unit: str = "",
    goal: str | None = None,
    met: bool | None = None,  # noqa: FBT001  (a figure reads as a row of a table)
    peer: str | None = None,
) -> None:
    """Print one figure. goal: in words (`>= 150x`); met: None where there is no goal; peer: who says what."""
    row = {"name": name, "value": value, "unit": unit, "goal": goal, "met": met, "peer": peer}
    print(json.dumps(row | {"versions": VERSIONS}, default=float, ensure_ascii=False), flush=True)
