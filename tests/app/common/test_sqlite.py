"""Opening the file of the database while another connection closes it."""

from __future__ import annotations

import sqlite3
import threading

from gracja.app.common.sqlite.base import DatabaseWrapper


def test_a_file_that_is_locked_for_a_moment_is_waited_for(tmp_path):
    path = tmp_path / "gracja.sqlite3"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE held (by)")
    other.execute("BEGIN EXCLUSIVE")
    threading.Timer(0.4, lambda: other.execute("COMMIT")).start()
    settings = {"NAME": str(path), "OPTIONS": {"timeout": 0}}
    wrapper = DatabaseWrapper({**settings, "TIME_ZONE": None, "CONN_MAX_AGE": 0, "AUTOCOMMIT": True})

    opened = wrapper.get_new_connection(wrapper.get_connection_params())

    assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    opened.close()
    other.close()
