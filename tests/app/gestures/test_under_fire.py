"""One budget, many clients, and a server that is killed under them: a small round of `./run bench budget`."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest
from django.db import connection

FOLDER = Path(__file__).parents[3] / "benchmarks/budget"


@pytest.fixture(scope="module")
def fire():
    sys.path.insert(0, str(FOLDER))
    spec = importlib.util.spec_from_file_location("budget_fire", FOLDER / "fire.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["budget_fire"] = module  # its dataclasses look themselves up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["budget_fire"]
    sys.path.remove(str(FOLDER))


@pytest.fixture
def environment(tmp_path, transactional_db):
    """Of the server: a folder of its own, and SQLite in it, with its tables where the tests have them so."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "gracja.sqlite3")])
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return given | {"GRACJA_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "gracja.app.settings"}


def test_nothing_is_overdrawn_lost_or_doubled_though_the_server_is_killed(fire, environment):
    fired = fire.fire(environment, fire.Plan(attempts=60, clients=8, kills=2, twins=0.2, again=0.2))

    assert sum(fired.killed.values()) == 2
    assert len(fired.account["gestures"]) > 10
    assert fire.judge(fired).held, fire.judge(fired)


@pytest.fixture
def fired(fire):
    """Two attempts of 30, of which the budget of 50 bears one."""
    account = {
        "amount": 50,
        "reserved": 30,
        "spent": 0,
        "gestures": [["a", "uid-a", 30, "reserved"]],
        "entries": [["a", "reserve", 30]],
        "discrepancies": [],
    }
    return fire.Fired({"a": 30, "b": 30}, {"a": [("uid-a", "")], "b": [("", "over_budget")]}, account)


def test_what_the_clients_were_told_and_what_is_kept_agree(fire, fired):
    assert fire.judge(fired).held


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda f: f.account.update(reserved=60), "overdrawn"),
        (lambda f: f.answers.pop("b"), "lost"),
        (lambda f: f.account["gestures"].clear(), "lost"),
        (lambda f: f.account["gestures"].append(["a", "uid-a2", 30, "reserved"]), "doubled"),
        (lambda f: f.answers["a"].append(("", "over_budget")), "doubled"),
        (lambda f: f.account["gestures"].append(["b", "uid-b", 30, "reserved"]), "unasked"),
        (lambda f: f.account["entries"].append(["a", "reserve", 30]), "without_entry"),
        (lambda f: f.account.update(amount=60), "refused_though_paid"),
        (lambda f: f.answers["b"].append(("", "held_out")), "refused_otherwise"),
        (lambda f: f.account["discrepancies"].append("budget"), "discrepancies"),
    ],
)
def test_every_kind_of_fault_is_told(fire, fired, change, found):
    change(fired)

    assert getattr(fire.judge(fired), found) > 0
