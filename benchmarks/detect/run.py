"""Detection: how fast it scans and streams, how good it is, and how it says what it does not know.

    ./run bench detect [--only scan,stream,turns,contacts,certainty,sampling] [--eval FOLDER]

Each part is a module beside this file with `figures(data, evaluate)`: `data` is the folder of the published
data sets ($GRACJA_DATA), `evaluate` another folder of the same form to judge on instead of the dev split.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "star"))  # parts read STAR by its `convert` and `checks`
PARTS = {
    "scan": "scan",
    "stream": "stream",
    "turns": "turn_level",
    "contacts": "contact_level",
    "certainty": "certainty",
    "sampling": "sampling",
}


def main() -> None:
    options = _options()
    data = Path(os.environ.get("GRACJA_DATA", HERE.parents[2] / "shared" / "data"))
    for part in options.only:
        print(f"## {part}", flush=True)  # `./run bench` keeps each part in a section of its own
        importlib.import_module(PARTS[part]).figures(data, options.eval)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=_parts, default=list(PARTS))
    parser.add_argument("--eval", type=Path)
    return parser.parse_args()


def _parts(named: str) -> list[str]:
    parts = named.split(",")
    if unknown := sorted(set(parts) - set(PARTS)):
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not one of {', '.join(PARTS)}")
    return parts


if __name__ == "__main__":
    main()
