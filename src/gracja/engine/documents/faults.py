"""What a model finds wrong with a document, as codes with places."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

from gracja.engine.documents.tree import place_in
from gracja.engine.errors import EngineInputError


def in_order(errors: list[EngineInputError]) -> list[EngineInputError]:
    """As they stand in the file."""
    return sorted(errors, key=lambda error: (error.where.line or 0, error.where.column or 0))


# pydantic's kind of error -> our code, and the facts that its sentence needs
_FACTS: Final[dict[str, Callable[[Any, Any], tuple[str, dict[str, Any]]]]] = {
    "missing": lambda error, _: ("field_missing", {"name": str(error["loc"][-1])}),
    "extra_forbidden": lambda error, _: ("field_unknown", {"name": str(error["loc"][-1])}),
    "literal_error": lambda _, context: ("field_choice", {"expected": context["expected"]}),
    "string_pattern_mismatch": lambda _, context: ("field_pattern", {"pattern": context["pattern"]}),
    "too_short": lambda *_: ("field_too_short", {}),
    "string_too_short": lambda *_: ("field_too_short", {}),
}
_RANGES: Final = {"greater_than_equal": "≥", "greater_than": ">", "less_than_equal": "≤", "less_than": "<"}


def coded(
    tree: dict[str, Any],
    error: Any,
    file: str | None,
    *,
    own: Collection[str],
    tags: frozenset[str] = frozenset(),
) -> EngineInputError:
    """An error of pydantic's as one of ours: the code, the place, and what a sentence needs.

    own: kinds that our models raise themselves. tags: see `place_in`.
    """
    where = place_in(tree, error["loc"], file, tags=tags)
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    shown = {"given": _short(given)}
    if "by_language" in error["loc"] and (given is None or "[key]" in error["loc"]):
        # {pl: Wie, że ...}: to YAML the comma starts another key
        key = error["loc"][-2 if "[key]" in error["loc"] else -1]
        return EngineInputError("text_needs_quotes", where, given=_short(key))
    if kind in own:
        return EngineInputError(kind, where, **context)
    if kind in _RANGES:
        limit = next(iter(context.values()))
        return EngineInputError("field_range", where, rule=_RANGES[kind], limit=limit, **shown)
    if kind in _FACTS:
        code, facts = _FACTS[kind](error, context)
        return EngineInputError(code, where, **facts, **shown)
    return EngineInputError("field_type", where, expected=kind, **shown)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
