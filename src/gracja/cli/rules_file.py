"""Situation rules from a file."""

from __future__ import annotations

from pathlib import Path

from gracja.engine.dial.read import bundled_rules, read_rules
from gracja.engine.dial.rules import SituationRules
from gracja.files.document_text import text_of


def load_rules(path: Path | None) -> SituationRules:
    """The rules in this file, or those that Gracja comes with.

    Raises EngineInputError: rules_not_found, edition_not_utf8; ManyInputErrors as `read_rules`.
    """
    if path is None:
        return bundled_rules()
    return read_rules(text_of(path, missing="rules_not_found"), file=str(path))
