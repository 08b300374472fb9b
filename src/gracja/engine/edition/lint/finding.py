"""What the linter hands over: a code with its place and facts; sentences are made at the edge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from gracja.engine.edition.lint.draft import Draft
from gracja.engine.errors import Where

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule found, before it has its code and its place in the file.

    `spans` are code points of the text at `path`, where the offending words stand. `reason` picks one of
    several explanations that a code can have.
    """

    path: Path
    language: str | None = None
    quote: str = ""
    spans: tuple[Span, ...] = ()
    reason: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    rewording: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a document will not do what its author means.

    language: of the text found fault with; None where the fault is in the structure. quote: the
    offending words. rewording: what could stand there instead, one proposal a line.
    """

    code: str
    severity: Severity
    where: Where
    path: Path
    language: str | None = None
    quote: str = ""
    spans: tuple[Span, ...] = ()
    reason: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    rewording: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    severity: Severity
    find: Callable[[Draft], Iterator[Remark]]
