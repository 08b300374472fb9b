"""Conditions of a policy from YAML text or plain data, refused with the place and the nearest name."""

from __future__ import annotations

from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from gracja.engine.documents.faults import coded, in_order
from gracja.engine.documents.tree import Plain, load_tree
from gracja.engine.errors import ManyInputErrors
from gracja.engine.gesture.policy import OWN_FAULTS, Conditions, Node

_READER: Final[TypeAdapter[Any]] = TypeAdapter(Node)
_TAGS: Final = frozenset(("all", "any", "not", "one", "bool", "int", "list[str]"))


def read_conditions(text: str, *, file: str | None = None) -> Conditions:
    """The conditions in this YAML text.

    Raises ManyInputErrors with every error found, each with its place. Codes: those of `yaml_fault`,
    conditions_empty, conditions_too_large, conditions_too_branched, the field_... codes of an edition,
    condition_field (facts: given, nearest), condition_comparison (facts: field, known), condition_value
    (facts: field, form), condition_choice (facts: given, known).
    """
    tree = load_tree(text, file, "conditions")
    return _checked(Plain(file, "conditions").of(tree), tree, file)


def check_conditions(document: dict[str, Any]) -> Conditions:
    """The conditions in plain data, as `as_plain` gives them. Raises ManyInputErrors as `read_conditions`."""
    return _checked(document, document, None)


def as_plain(conditions: Conditions) -> dict[str, Any]:
    """The conditions as plain data."""
    document: dict[str, Any] = conditions.model_dump(mode="json", by_alias=True)
    return document


def _checked(plain: dict[str, Any], tree: dict[str, Any], file: str | None) -> Conditions:
    try:
        conditions: Conditions = _READER.validate_python(plain)
    except ValidationError as invalid:
        wrong = [coded(tree, error, file, own=OWN_FAULTS, tags=_TAGS) for error in invalid.errors()]
        raise ManyInputErrors(in_order(wrong)) from None
    return conditions
