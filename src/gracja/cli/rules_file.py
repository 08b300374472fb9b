"""Situation rules from a file."""

from __future__ import annotations

from pathlib import Path

from gracja.engine.dial.read import bundled_rules, read_rules
from gracja.engine.dial.rules import SituationRules
from gracja.engine.errors import EngineInputError, Where


def load_rules(path: Path | None) -> SituationRules:
    """The rules in this file, or those that Gracja comes with.

    Raises EngineInputError: rules_not_found, edition_not_utf8; ManyInputErrors as `read_rules`.
    """
    if path is None:
        return bundled_rules()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise EngineInputError("rules_not_found", Where(str(path))) from None
    except UnicodeDecodeError as broken:
        raise EngineInputError("edition_not_utf8", Where(str(path)), byte=broken.start) from None
    return read_rules(text, file=str(path))
