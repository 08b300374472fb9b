"""`./run bench NAME [OPTIONS]`: run one benchmark, show its figures, keep them in benchmarks/RESULTS.md.

A benchmark is a folder with a `run.py` that prints what it likes and one JSON line a figure:
`name, value, unit, goal, met, peer, versions`. Timing never decides a test; it stands here.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"


def main(arguments: list[str]) -> int:
    names = sorted(folder.parent.name for folder in HERE.glob("*/run.py"))
    if not arguments or arguments[0] not in names:
        print(f"Which one? ./run bench {'|'.join(names)}", file=sys.stderr)
        return 2
    name, *options = arguments
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    figures: list[dict[str, Any]] = []
    command = [sys.executable, "-u", str(HERE / name / "run.py"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.startswith("{"):
                figures.append(json.loads(line))
    if process.returncode:
        return process.returncode
    print("\n" + table(figures))
    keep(name, options, figures)
    return 0


def table(figures: list[dict[str, Any]]) -> str:
    """The figures as a Markdown table."""
    rows = ["| figure | value | goal | met | peer |", "|---|---|---|---|---|"]
    for figure in figures:
        value = f"{figure['value']:.10g}" if isinstance(figure["value"], float) else str(figure["value"])
        met = {True: "yes", False: "**no**", None: ""}[figure.get("met")]
        goal, peer = figure.get("goal"), figure.get("peer")
        shown = f"{value} {figure['unit'] or ''}".strip()
        rows.append(f"| {figure['name']} | {shown} | {'' if goal is None else goal} | {met} | {peer or ''} |")
    return "\n".join(rows)


def keep(name: str, options: list[str], figures: list[dict[str, Any]]) -> None:
    """Put this benchmark's section into RESULTS.md in place of its former one."""
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Benchmarks\n"
    versions = sorted({f"{k} {v}" for figure in figures for k, v in (figure.get("versions") or {}).items()})
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    # a folder of one's own says nothing to others
    said = " ".join(option for option in options if not Path(option).exists())
    section = (
        f"## {name}\n\n`./run bench {name} {said}`".rstrip() + f"\n\n{machine}; {', '.join(versions)}\n\n"
    )
    section = section.replace(" `\n", "`\n") + table(figures) + "\n"
    pattern = re.compile(rf"^## {re.escape(name)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(old):
        new = pattern.sub(lambda _: section + "\n", old)
    else:
        new = old.rstrip() + "\n\n" + section
    RESULTS.write_text(new.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
