"""Policies, a budget of 100 zł at Rynek for November, and a customer."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from django.db import connection, connections

from gracja.app.common.clock import stopped_at
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.policies import write_policy
from gracja.app.gestures.wish import Wish
from gracja.app.standards.models import Edition

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _it_is_november():
    with stopped_at(NOON):
        yield


@pytest.fixture
def budget(cast, rynek):
    return open_budget(
        by=cast.filip,
        place=rynek,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        amount=Money(100_00, "PLN"),
    )


def terms(kind="gift", **given):
    document = {
        "kind": kind,
        "title": {"pl": "Krem do rąk", "en": "Hand cream"},
        "currency": "PLN",
        "usual_minor": 10_00,
        "most_minor": 80_00,
    }
    if kind == "discount":
        document["discount"] = {"percent": 10, "above_minor": 50_00}
    return document | given


@pytest.fixture
def policy(cast):
    return write_policy(by=cast.filip, document=terms())


@pytest.fixture
def joanna(cast):
    return add_customer(by=cast.darek, details=Details("Joanna Kruk", "601 234 567"))


@pytest.fixture
def wish(policy, rynek, joanna, budget):
    def made(**given):
        return Wish(
            **({"policy": policy, "place": rynek, "customer": joanna, "reason": "Czekała godzinę"} | given)
        )

    return made


@pytest.fixture
def published(edition):
    """`published(gestures="forbidden")`: the salon's next version, in force."""

    def made(**changed):
        document = edition.document | {"version": 2} | changed
        return Edition.objects.create(
            edition_id=edition.edition_id,
            version=2,
            document=document,
            digest="of version 2",
            effective_from=date(2026, 11, 1),
        )

    return made


@pytest.fixture
def at_once(tmp_path):
    """`at_once(work, work, ...)`: each in a thread and a connection of its own; what they returned, or the
    code of what was refused.

    The tests' SQLite lives in memory, where nobody waits for a turn: there threads get a copy in a file.
    """
    ours = connections.settings["default"]

    def run(*works):
        if connection.vendor == "sqlite" and connections.settings["default"] is ours:
            file = tmp_path / "served.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(file)])
            # as a served file has been since its first hour: who changes the journal has to be alone
            with closing(sqlite3.connect(file)) as copy:
                copy.execute("PRAGMA journal_mode=WAL")
            connections.settings["default"] = ours | {"NAME": file}
        return in_threads(works)

    yield run
    connections.settings["default"] = ours


def in_threads(works):
    together = threading.Barrier(len(works))

    def one(work):
        together.wait(timeout=60)
        with stopped_at(NOON):
            try:
                return work()
            except Refused as refused:
                return refused.code
            finally:
                connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))
