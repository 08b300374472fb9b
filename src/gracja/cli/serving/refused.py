"""Why the application cannot start."""

from __future__ import annotations

from typing import Any


class CannotServe(Exception):  # noqa: N818  (a sentence for whoever started it, not a fault of the code)
    """A key of wording/cli.yaml with its facts."""

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts
