"""Read an edition document: YAML in, a checked `Edition` out, or all that is wrong with it at once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap

from gracja.engine.documents.faults import coded, in_order
from gracja.engine.documents.tree import Path, Plain, load_tree, place_in
from gracja.engine.edition.check import wrong_in
from gracja.engine.edition.model import UNION_TAGS, Edition
from gracja.engine.edition.predicate import Predicate
from gracja.engine.errors import EngineInputError, ManyInputErrors, Where

_OWN: Final = (
    "predicate_needs_one_kind",
    "where_needs_first_or_last",
    "limit_without_start",
    "endpoint_unreadable",
)
_coded = partial(coded, own=_OWN, tags=UNION_TAGS)
_place_in = partial(place_in, tags=UNION_TAGS)


@dataclass(frozen=True, slots=True)
class EditionDocument:
    """An edition with the YAML tree that it came from: its comments, order and places."""

    edition: Edition
    tree: CommentedMap
    file: str | None = None

    def where(self, path: Path) -> Where:
        """File, line and column of a field, counted from 1."""
        return _place_in(self.tree, path, self.file)


def read_edition(text: str, *, file: str | None = None) -> EditionDocument:
    """The edition in this YAML text.

    Raises ManyInputErrors with every error found, each with its place. Codes: those
    of `yaml_fault`, edition_empty, edition_too_large, edition_too_branched, field_missing, field_unknown,
    field_type, field_choice, field_range, field_pattern, field_too_short, text_needs_quotes,
    predicate_needs_one_kind, where_needs_first_or_last, limit_without_start, endpoint_unreadable, and those
    of `check.wrong_in`.
    """
    tree = load_tree(text, file, "edition")
    try:
        edition = Edition.model_validate(Plain(file, "edition").of(tree))
    except ValidationError as invalid:
        raise ManyInputErrors(in_order([_coded(tree, error, file) for error in invalid.errors()])) from None
    wrong = [
        EngineInputError(error.code, _place_in(tree, error.path, file), **error.facts)
        for error in wrong_in(edition)
    ]
    if wrong:
        raise ManyInputErrors(in_order(wrong))
    return EditionDocument(edition, tree, file)


def read_predicate(text: str, *, file: str | None = None) -> dict[str, Any]:
    """A detector in this YAML text, alone, as plain data; what it refers to is checked with its edition.

    Raises ManyInputErrors as `read_edition`.
    """
    tree = load_tree(text, file, "edition")
    try:
        predicate = Predicate.model_validate(Plain(file, "edition").of(tree))
    except ValidationError as invalid:
        raise ManyInputErrors(in_order([_coded(tree, error, file) for error in invalid.errors()])) from None
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
                EngineInputError(error.code, _place_in(document, error.path, None), **error.facts)
                for error in wrong
            ]
        )
    return edition
