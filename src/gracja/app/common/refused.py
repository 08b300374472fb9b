"""What a service may not do: a code with facts; sentences are made at the edges."""

from __future__ import annotations

from typing import Any


class Refused(Exception):  # noqa: N818  (it is refused, nothing went wrong)
    """A business rule said no. Sentences in both languages stand in wording/refusals/*.yaml by code."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
