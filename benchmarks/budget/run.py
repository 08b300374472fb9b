"""One budget under fire: many clients, and a server that is killed under them.

./run bench budget [--only sqlite|postgres] [--attempts 2000] [--clients 64] [--kills 12] [--seed 1]

Every attempt has a key and is sent until it is answered, some of them by two clients at once; the server's
workers, or all of it, are killed (SIGKILL) at random moments and started again. At the end the database is
compared with what the clients were told. The server runs from a copy of the code, so that whoever edits it
meanwhile changes nothing of a long run. 20,000 attempts take about an hour on two busy cores.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "tests")]

import postgres  # noqa: E402
from figure import figure, machine  # noqa: E402
from fire import Plan, fire, judge  # noqa: E402

CODE = Path(__file__).parents[2] / "src"


def main(arguments: list[str]) -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--only", choices=("sqlite", "postgres"))
    asked.add_argument("--attempts", type=int, default=2000)
    asked.add_argument("--clients", type=int, default=64)
    asked.add_argument("--kills", type=int, default=12)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args(arguments)
    plan = Plan(options.attempts, options.clients, options.kills, options.seed)
    for database in ("sqlite", "postgres"):
        if options.only in (None, database):
            print(f"## {database}")
            machine()
            _tell(database, plan)


def _tell(database: str, plan: Plan) -> None:
    home = tempfile.mkdtemp(prefix="gracja-bench-")
    environment = os.environ | {"GRACJA_HOME": home, "DJANGO_SETTINGS_MODULE": "gracja.app.settings"}
    environment.pop("DATABASE_URL", None)
    code = shutil.copytree(CODE, Path(home) / "code", ignore=shutil.ignore_patterns("__pycache__"))
    environment["PYTHONPATH"] = str(code)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # it is started again and again
    if database == "postgres":
        # the tests make a database of their own; the one that is always there serves here
        environment["DATABASE_URL"] = f"{postgres.start().rpartition('/')[0]}/postgres"
    try:
        fired = fire(environment, plan)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    found = judge(fired)
    granted = len(fired.account["gestures"])
    figure("attempts", plan.attempts, f"by {plan.clients} clients at once, {granted} of them granted")
    killed = fired.killed
    figure("kills", sum(killed.values()), f"{killed['worker']} of a worker, {killed['server']} of everything")
    figure("sent again without an answer", fired.retries, f"{fired.broken} of them after an answer of 500")
    figure("attempts a second", round(plan.attempts / fired.seconds, 1), "kills and restarts included")
    for name, words in (
        ("overdrawn", "minor units"),
        ("lost", "attempts"),
        ("doubled", "attempts"),
        ("unasked", "gestures"),
        ("without_entry", "grants whose entries are not their own one reserve"),
        ("refused_though_paid", "attempts"),
        ("refused_otherwise", "attempts, for any reason but the budget"),
        ("discrepancies", "of the proof"),
    ):
        value = getattr(found, name)
        figure(name.replace("_", " "), value, words, "0", value == 0)


if __name__ == "__main__":
    main(sys.argv[1:])
