from __future__ import annotations

from app.gestures.conftest import at_once  # noqa: F401  (a fixture)
