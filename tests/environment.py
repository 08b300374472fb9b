"""Loaded before anything else (-p): where the application keeps its data while the tests run.

pytest-django reads the settings before any conftest, so the environment is set here. With
GRACJA_TEST_DATABASE=postgres the application's tests run on a real PostgreSQL.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

import postgres

_home = tempfile.mkdtemp(prefix="gracja-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["GRACJA_HOME"] = _home
os.environ["DJANGO_SETTINGS_MODULE"] = "gracja.app.settings"
os.environ.pop("DATABASE_URL", None)
if (_database := os.environ.get("GRACJA_TEST_DATABASE", "sqlite")) == "postgres":
    os.environ["DATABASE_URL"] = postgres.start()
elif _database != "sqlite":
    raise SystemExit(f"GRACJA_TEST_DATABASE={_database}: sqlite or postgres is expected.")
