"""Write an edition document back; what the author wrote around it (comments, order, quotes) survives."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from gracja.engine.documents.tree import yaml_loader
from gracja.engine.edition.model import Edition
from gracja.engine.edition.read import EditionDocument

_NAMES = ("part", "enhancer", "standard")


def write_edition(document: EditionDocument, edition: Edition | None = None) -> str:
    """The document as YAML text; with `edition`, the same document brought to this content."""
    if edition is not None and edition != document.edition:
        _bring(document.tree, as_plain(edition))
    text = io.StringIO()
    yaml_loader().dump(document.tree, text)
    return text.getvalue()


def edition_text(edition: Edition) -> str:
    """The edition as YAML text of its own, with no author's text to bring along."""
    return write_edition(EditionDocument(edition, _tree(as_plain(edition))))


def write_predicate(predicate: dict[str, Any]) -> str:
    """A detector in plain data as YAML text, as `read_predicate` takes it."""
    text = io.StringIO()
    yaml_loader().dump(predicate, text)
    return text.getvalue()


def as_plain(edition: Edition) -> dict[str, Any]:
    """The edition as plain data in the document's own shape, defaults left out."""
    return edition.model_dump(mode="python", by_alias=True, exclude_defaults=True)


def as_json(edition: Edition) -> dict[str, Any]:
    """The same with values that JSON knows: a date is text."""
    return edition.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def edition_digest(edition: Edition) -> str:
    """SHA-256 of the content (not of its comments or layout), as 64 hexadecimal digits."""
    # what is not given leaves no trace, so that a new field of the format changes no older edition
    given = edition.model_dump(mode="json", by_alias=True, exclude_none=True)
    content = json.dumps(given, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _tree(plain: dict[str, Any]) -> CommentedMap:
    tree = CommentedMap()
    _bring(tree, plain)
    return tree


def _bring(old: CommentedMap, new: dict[str, Any]) -> None:
    """Change the tree to the new content in place; untouched nodes keep their comments."""
    for key in [key for key in old if key not in new]:
        del old[key]
    for key, value in new.items():
        old[key] = _merged(old.get(key), value)


def _merged(old: Any, new: Any) -> Any:
    if isinstance(old, CommentedMap) and isinstance(new, dict):
        _bring(old, new)
        return old
    if isinstance(old, CommentedSeq) and isinstance(new, list):
        _bring_items(old, new)
        return old
    return old if old == new else new


def _bring_items(old: CommentedSeq, new: list[Any]) -> None:
    """Items that carry an id are matched by it, so that a moved standard takes its comments along."""
    named = {name: item for item in old if (name := _name_of(item)) is not None}
    for index, value in enumerate(new):
        name = _name_of(value)
        former = named.get(name) if name else (old[index] if index < len(old) else None)
        new[index] = _merged(former, value)
    old[:] = new


def _name_of(item: Any) -> tuple[str, str] | None:
    if isinstance(item, dict):
        for key in _NAMES:
            if key in item:
                return key, str(item[key])
    return None
