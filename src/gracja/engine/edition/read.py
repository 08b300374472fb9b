"""Read an edition document: YAML in, a checked `Edition` out, or all that is wrong with it at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from gracja.engine.edition.check import wrong_in
from gracja.engine.edition.model import UNION_TAGS, Edition, Predicate
from gracja.engine.edition.yaml_faults import yaml_fault
from gracja.engine.errors import EngineInputError, ManyInputErrors, Where

Path = tuple[str | int, ...]
LARGEST_CHARACTERS: Final = 5_000_000
MOST_NODES: Final = 200_000
DEEPEST: Final = 100


@dataclass(frozen=True, slots=True)
class EditionDocument:
    """An edition with the YAML tree that it came from: its comments, order and places."""

    edition: Edition
    tree: CommentedMap
    file: str | None = None

    def where(self, path: Path) -> Where:
        """File, line and column of a field, counted from 1."""
        return place_in(self.tree, path, self.file)


def read_edition(text: str, *, file: str | None = None) -> EditionDocument:
    """The edition in this YAML text.

    Raises ManyInputErrors with every error found, each with its place. Codes: those
    of `yaml_fault`, edition_empty, edition_too_large, edition_too_branched, field_missing, field_unknown,
    field_type, field_choice, field_range, field_pattern, field_too_short, text_needs_quotes,
    predicate_needs_one_kind, where_needs_first_or_last, limit_without_start, endpoint_unreadable, and those
    of `check.wrong_in`.
    """
    tree = _load(text, file)
    try:
        edition = Edition.model_validate(_Plain(file).of(tree))
    except ValidationError as invalid:
        raise ManyInputErrors(_in_order([_coded(tree, error, file) for error in invalid.errors()])) from None
    wrong = [
        EngineInputError(error.code, place_in(tree, error.path, file), **error.facts)
        for error in wrong_in(edition)
    ]
    if wrong:
        raise ManyInputErrors(_in_order(wrong))
    return EditionDocument(edition, tree, file)


def read_predicate(text: str, *, file: str | None = None) -> dict[str, Any]:
    """A detector in this YAML text, alone, as plain data; what it refers to is checked with its edition.

    Raises ManyInputErrors as `read_edition`.
    """
    tree = _load(text, file)
    try:
        predicate = Predicate.model_validate(_Plain(file).of(tree))
    except ValidationError as invalid:
        raise ManyInputErrors(_in_order([_coded(tree, error, file) for error in invalid.errors()])) from None
    return predicate.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def edition_from_json(document: dict[str, Any]) -> Edition:
    """The edition in what `write.as_json` gave; for documents that were read and checked before.

    Raises pydantic's ValidationError: such a document is not ours.
    """
    return Edition.model_validate_json(json.dumps(document))


def check_edition(document: dict[str, Any]) -> Edition:
    """The edition in plain data as `write.as_json` gives it, checked like a file.

    Raises ManyInputErrors with every error found, each with its field. Codes: those of `read_edition` that
    a document in memory can have.
    """
    try:
        edition = Edition.model_validate_json(json.dumps(document))
    except ValidationError as invalid:
        raise ManyInputErrors([_coded(document, error, None) for error in invalid.errors()]) from None
    if wrong := list(wrong_in(edition)):
        raise ManyInputErrors(
            [
                EngineInputError(error.code, place_in(document, error.path, None), **error.facts)
                for error in wrong
            ]
        )
    return edition


def yaml_loader() -> YAML:
    """The YAML reader and writer that keeps comments, quotes and order."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096  # a line is never folded: what was not touched stays as it was
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _load(text: str, file: str | None) -> CommentedMap:
    if len(text) > LARGEST_CHARACTERS:
        raise ManyInputErrors([EngineInputError("edition_too_large", Where(file), most=LARGEST_CHARACTERS)])
    try:
        tree = yaml_loader().load(text)
    except MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        where = Where(file, mark.line + 1, mark.column + 1) if mark else Where(file)
        raise ManyInputErrors([_yaml_error(broken.problem or broken.context, where)]) from None
    except RecursionError:
        raise ManyInputErrors(
            [EngineInputError("edition_too_branched", Where(file), most=MOST_NODES)]
        ) from None
    except (YAMLError, ValueError) as broken:
        raise ManyInputErrors([_yaml_error(str(broken), Where(file))]) from None
    if not isinstance(tree, CommentedMap):
        raise ManyInputErrors([EngineInputError("edition_empty", Where(file, 1, 1))])
    return tree


def _yaml_error(said: str | None, where: Where) -> EngineInputError:
    code, facts = yaml_fault((said or "").split("\n")[0])
    return EngineInputError(code, where, **facts)


class _Plain:
    """The tree as plain dicts, lists and scalars, which is what the model checks.

    YAML's aliases can make a small file a giant (or endless) tree, so what comes out is counted.
    """

    def __init__(self, file: str | None) -> None:
        self._file = file
        self._nodes = 0

    def of(self, value: Any, depth: int = 0) -> Any:
        self._nodes += 1
        if self._nodes > MOST_NODES or depth > DEEPEST:
            where = Where(self._file)
            raise ManyInputErrors([EngineInputError("edition_too_branched", where, most=MOST_NODES)])
        if isinstance(value, dict):
            return {str(key): self.of(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list):
            return [self.of(item, depth + 1) for item in value]
        for plain in (bool, int, float, str):
            if isinstance(value, plain):
                return plain(value)
        return value


def place_in(tree: dict[str, Any], path: Path, file: str | None) -> Where:
    """The place of a field; of what encloses it, where the field itself is missing. Lines only of a file."""
    node: Any = tree
    line, column = 0, 0
    shown: list[str] = []
    for step in path:
        if isinstance(node, dict) and step in node:
            line, column = node.lc.key(step) if isinstance(node, CommentedMap) else (line, column)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            line, column = node.lc.item(step) if isinstance(node, CommentedSeq) else (line, column)
        elif step in UNION_TAGS or not isinstance(node, dict):
            continue
        shown.append(f"[{step}]" if isinstance(step, int) else f".{step}")
        if isinstance(node, dict):
            node = node.get(step)
        elif isinstance(step, int):
            node = node[step]
    field = "".join(shown).lstrip(".") or None
    if not isinstance(tree, CommentedMap):
        return Where(file, field=field)
    return Where(file, line + 1, column + 1, field)


def _in_order(errors: list[EngineInputError]) -> list[EngineInputError]:
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
_OWN: Final = (
    "predicate_needs_one_kind",
    "where_needs_first_or_last",
    "limit_without_start",
    "endpoint_unreadable",
)


def _coded(tree: dict[str, Any], error: Any, file: str | None) -> EngineInputError:
    """An error of pydantic's as one of ours: the code, the place, and what a sentence needs."""
    where = place_in(tree, error["loc"], file)
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    shown = {"given": _short(given)}
    if "by_language" in error["loc"] and (given is None or "[key]" in error["loc"]):
        # {pl: Wie, że ...}: to YAML the comma starts another key
        key = error["loc"][-2 if "[key]" in error["loc"] else -1]
        return EngineInputError("text_needs_quotes", where, given=_short(key))
    if kind in _OWN:
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
