"""A connection in WAL mode that waits for its file. Named in the settings as ENGINE.

Whoever opens a file while the last of its other connections closes is told at once that it is locked: SQLite
keeps its own patience (`timeout`) for statements, not for a change of journal. See "Write-Ahead Logging",
section 9, on sqlite.org.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any, Final

from django.db.backends.sqlite3 import base

_TRIES: Final = 40
_PAUSE_SECONDS: Final = 0.05


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        for left in reversed(range(_TRIES)):
            try:
                connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or not left:
                    connection.close()
                    raise
                time.sleep(_PAUSE_SECONDS)
            else:
                break
        return connection
