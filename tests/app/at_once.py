"""Several people do something in the same moment, each over a connection of their own."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context

import pytest
from django.db import connection, connections

from gracja.app.common.refused import Refused


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
        return _in_threads(works)

    yield run
    connections.settings["default"] = ours


def _in_threads(works):
    together = threading.Barrier(len(works))

    def one(work, context):
        together.wait(timeout=60)
        try:
            return context.run(work)  # where the test's clock stands, theirs does
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works, [copy_context() for _ in works]))


@pytest.fixture
def together_after(monkeypatch):
    """`together_after(module, "function", 2)`: so many calls of it wait for each other before they go on with
    what it returned, once: what each of them saw, the others have not changed yet.
    """

    def wait(module, name, calls):
        real, meeting, left = getattr(module, name), threading.Barrier(calls), list(range(calls))

        def called(*args, **kwargs):
            found = real(*args, **kwargs)
            if left:
                left.pop()
                meeting.wait(timeout=60)
            return found

        monkeypatch.setattr(module, name, called)

    return wait
