"""`./run bench NAME [OPTIONS]`: run one benchmark, show its figures, keep them in benchmarks/RESULTS.md.

A benchmark is a folder with a `run.py` that prints what it likes and one JSON line a figure:
`name, value, unit, goal, met, peer, versions`. A line `## PART` begins a part, whose figures stand in a
section of their own and stay there when another part is run alone. Timing never decides a test; it stands
here. What was tried without success is written by hand, under the last heading.
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
BY_HAND = "## Tried without success"


def main(arguments: list[str]) -> int:
    names = sorted(folder.parent.name for folder in HERE.glob("*/run.py"))
    if not arguments or arguments[0] not in names:
        print(f"Which one? ./run bench {'|'.join(names)}", file=sys.stderr)
        return 2
    name, *options = arguments
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(HERE)}
    parts: dict[str, list[dict[str, Any]]] = {}
    part = name
    command = [sys.executable, "-u", str(HERE / name / "run.py"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.startswith("## "):
                part = f"{name}: {line.removeprefix('## ').strip()}"
            elif line.startswith("{"):
                parts.setdefault(part, []).append(json.loads(line))
    if process.returncode:
        return process.returncode
    for heading, figures in parts.items():
        print(f"\n{heading}\n" + table(figures))
        keep(heading, options, figures)
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


def keep(heading: str, options: list[str], figures: list[dict[str, Any]]) -> None:
    """Put the section of a benchmark (`star`) or of its part (`detect: scan`) in place of its former one."""
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Benchmarks\n"
    versions = sorted({f"{k} {v}" for figure in figures for k, v in (figure.get("versions") or {}).items()})
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    name, _, part = heading.partition(": ")
    asked = ["--only", part, *_without_only(options)] if part else options
    # a folder of one's own says nothing to others
    ran = " ".join(["./run bench", name, *(option for option in asked if not Path(option).is_dir())])
    section = f"## {heading}\n\n`{ran}`\n\n{machine}; {', '.join(versions)}\n\n{table(figures)}\n\n"
    pattern = re.compile(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(old):
        new = pattern.sub(lambda _: section, old)
    else:
        before, by_hand, behind = old.partition(BY_HAND)
        new = before.rstrip() + "\n\n" + section + by_hand + behind
    RESULTS.write_text(new.rstrip() + "\n", encoding="utf-8")


def _without_only(options: list[str]) -> list[str]:
    at = options.index("--only") if "--only" in options else len(options)
    return options[:at] + options[at + 2 :]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
