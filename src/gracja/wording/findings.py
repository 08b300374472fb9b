"""What the linter found, in words: what will go wrong, why, what to do."""

from __future__ import annotations

from typing import Any

from gracja.engine.edition.lint import Finding
from gracja.wording.sentences import catalogue, say


def title(code: str, lang: str) -> str:
    """What will go wrong."""
    return say(f"{code}_title", lang, area="lint")


def why(finding: Finding, lang: str) -> str:
    """Why this is a finding: the sentence of its reason."""
    key = f"{finding.code}_what" + (f"_{finding.reason}" if finding.reason else "")
    facts = {name: _in_words(name, value, lang) for name, value in finding.facts.items()}
    return say(key, lang, area="lint", quote=finding.quote, **facts)


def remedy(finding: Finding, lang: str) -> str:
    """What to do about it."""
    return say(f"{finding.code}_remedy", lang, area="lint")


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
