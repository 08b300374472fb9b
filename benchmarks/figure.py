"""One JSON line a figure, in the form that `./run bench` gathers."""

from __future__ import annotations

import json
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
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


def machine() -> None:
    """Print what the figures of a part were measured on: the processor, and who else was at work."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text(encoding="utf-8").splitlines() if cpu.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    figure("load before", load, f"on {os.cpu_count()} cores, {model or platform.processor()}")
