"""The name under which marks made by the phrases of an edition stand in the archive."""

from __future__ import annotations

from typing import Final

DETECTOR: Final = "phrases@2"
