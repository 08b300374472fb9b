"""Errors of the engine are codes with facts; the edges turn them into sentences (gracja.wording)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Where:
    """A place in something that a person wrote: file, line and column count from 1."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        spot = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{spot} {self.field}".strip() if self.field else spot


class EngineInputError(ValueError):
    """Input that the engine cannot use: a code, the place, and the facts a sentence needs.

    The text of `str(error)` is for developers; people read `gracja.wording.say_error(error, lang)`.
    """

    def __init__(self, code: str, where: Where | None = None, **facts: Any) -> None:
        self.code = code
        self.where = where or Where()
        self.facts = facts
        shown = ", ".join(f"{name}={value!r}" for name, value in facts.items())
        super().__init__(f"{code} [{self.where}] {shown}".strip())


class ManyInputErrors(EngineInputError):  # noqa: N818  (plural: it holds all that is wrong)
    """All that is wrong with one document, so that it can be mended in one go."""

    def __init__(self, errors: list[EngineInputError]) -> None:
        self.errors = errors
        super().__init__("many_errors", errors[0].where if errors else None, count=len(errors))
