"""What the linter found, in words: what will go wrong, why, what to do."""

from __future__ import annotations

from typing import Any

from gracja.engine.edition.lint import Finding
from gracja.engine.errors import EngineInputError
from gracja.wording.sentences import catalogue, say, say_error


def title(code: str, lang: str) -> str:
    """What will go wrong."""
    return say(f"{code}_title", lang, area="lint")


def why(finding: Finding, lang: str, *, page: bool = False) -> str:
    """Why this is a finding: the sentence of its reason. page: fields by the names of the studio's page."""
    key = f"{finding.code}_what" + (f"_{finding.reason}" if finding.reason else "")
    facts = {name: _in_words(name, value, lang) for name, value in finding.facts.items()}
    return say(key, lang, area=_area(key, page=page), quote=finding.quote, **facts)


def remedy(finding: Finding, lang: str, *, page: bool = False) -> str:
    """What to do about it. page: as for `why`."""
    key = f"{finding.code}_remedy"
    return say(key, lang, area=_area(key, page=page))


def say_error_on_page(error: EngineInputError, lang: str) -> str:
    """What is wrong with a document, fields by the names of the studio's page, where those differ."""
    if error.code in catalogue("studio"):
        return say(error.code, lang, area="studio", **error.facts)
    return say_error(error, lang, page=True)


def _area(key: str, *, page: bool) -> str:
    return "studio" if page and key in catalogue("studio") else "lint"


def _in_words(name: str, value: Any, lang: str) -> Any:
    """Channels and languages are ids in a finding and words in a sentence."""
    if name == "channels":
        return [say(f"channel_{channel}", lang, area="lint") for channel in value]
    if name in ("languages", "used"):
        return [_language(language, lang) for language in value]
    return _language(value, lang) if name == "missing" else value


def _language(language: str, lang: str) -> str:
    key = f"language_{language}"
    return say(key, lang, area="lint") if key in catalogue("lint") else language
