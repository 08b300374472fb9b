"""How every shape of the edition document is held: checked strictly, no unknown fields, never changed."""

from __future__ import annotations

from typing import Final

from pydantic import ConfigDict

FROZEN: Final = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)
