"""How long a page takes on the server, with a company as in the demo and with a large one.

./run bench app [--only demo,large,browser] [--times 25]

One worker as `gracja serve` sets it up, SQLite, the whole way from request to answer through every
middleware; the first request of a page is not counted. What is measured is the time of the processor, so that
others at work do not count: a page asks nobody else. Its figure is the 95th percentile; the slowest pages are
shown. browser: what a person waits for (browser.py).
"""

from __future__ import annotations

import argparse
import atexit
import gzip
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

_home = tempfile.mkdtemp(prefix="gracja-bench-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ |= {"GRACJA_HOME": _home, "DJANGO_SETTINGS_MODULE": "gracja.app.settings"}
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402  (the settings read the environment)

django.setup()

import browser  # noqa: E402
import company  # noqa: E402
import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from figure import figure, machine  # noqa: E402

from gracja.app.observations.models import Visit  # noqa: E402
from gracja.app.standards.models import Draft, Edition  # noqa: E402
from gracja.cli.serving.server import settle  # noqa: E402

SIZES = {
    "demo": ({"people": 40, "places": 4, "standards": 20}, 150),
    "large": ({"people": 5_000, "places": 60, "standards": 200}, 300),
}
WORST = 5


def main(arguments: list[str]) -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--only", default="browser,demo,large")
    asked.add_argument("--times", type=int, default=25)
    options = asked.parse_args(arguments)
    settle()
    for part in options.only.split(","):
        print(f"## {part}", flush=True)
        machine()
        if part == "browser":
            browser.measure()
            continue
        size, goal_ms = SIZES[part]
        call_command("migrate", verbosity=0)
        _measure(size, goal_ms, options.times)
        connection.close()
        for file in Path(_home).glob("gracja.sqlite3*"):
            file.unlink()


def _measure(size: dict[str, int], goal_ms: int, times: int) -> None:
    user, person, edition, draft = company.make(**size)
    client = Client(headers={"accept-language": "pl", "host": "localhost"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    found = {}
    for name, path in _paths(person.uid, edition, draft).items():
        answer = client.get(path)
        if answer.status_code != 200:
            print(f"{name}: {answer.status_code}, left out", file=sys.stderr)
            continue
        content = b"".join(answer) if answer.streaming else answer.content
        found[name] = (_p95_ms(client, path, times), len(gzip.compress(content)))
    named = ", ".join(f"{value:,} {what}" for what, value in size.items())
    goal = f"<= {goal_ms} ms"
    slowest = sorted(found, key=lambda name: found[name][0], reverse=True)
    worst = found[slowest[0]][0]
    figure(
        f"slowest of {len(found)} pages, p95, {named}",
        round(worst, 1),
        "ms",
        f"<= {goal_ms} ms",
        worst <= goal_ms,
    )
    for name in slowest[:WORST]:
        figure(f"{name}, p95", round(found[name][0], 1), "ms", goal, found[name][0] <= goal_ms)
    middle = float(np.median([one[0] for one in found.values()]))
    figure("half of the pages under, p95", round(middle, 1), "ms")
    heavy = max(found, key=lambda name: found[name][1])
    figure(f"heaviest page, compressed, without styles and fonts: {heavy}", found[heavy][1], "bytes")


def _p95_ms(client: Client, path: str, times: int) -> float:
    took = []
    for _ in range(times):
        began = time.thread_time()
        answer = client.get(path)
        for _piece in answer if answer.streaming else ():
            pass
        took.append(1000 * (time.thread_time() - began))
    return float(np.percentile(took, 95))


def _paths(person: str, edition: Edition, draft: Draft) -> dict[str, str]:
    """Every page that shows something of the company's size, by name."""
    plain = (
        *("home", "people", "places", "teams", "roster", "roles", "notices", "log"),
        *("our_standards", "editions", "questions", "studio", "conversations", "uploads", "visits"),
        *("visit_files", "results", "results_places", "results_standards", "results_evaluators", "runs"),
        *("my_account", "tokens"),
    )
    of_draft = (
        *("studio_sequence", "studio_parts", "studio_enhancers", "studio_standards", "studio_publish"),
        "studio_signals",
    )
    of_edition = ("edition", "edition_readers", "our_edition")
    paths = {name: reverse(name) for name in plain}
    paths |= {"person": reverse("person", args=[person]), "result": reverse("person_result", args=[person])}
    paths |= {name: reverse(name, args=[draft.uid]) for name in of_draft}
    paths |= {name: reverse(name, args=[edition.uid]) for name in of_edition}
    part = edition.document["sequence"][-1]["part"]
    visit = Visit.objects.filter(employee__uid=person).get()
    paths["result_part"] = reverse("person_part", args=[person, part])
    paths["visit"] = reverse("visit", args=[visit.uid])
    paths["results_found"] = f"{paths['results']}?named=77"
    paths |= {f"{name}, last page": f"{paths[name]}?page=9999" for name in ("results", "log", "visits")}
    return paths | {"documentation": reverse("api:documentation")}


if __name__ == "__main__":
    main(sys.argv[1:])
