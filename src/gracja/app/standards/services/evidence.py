"""An enhancer's evidence in words, from what it is known from."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.utils import translation
from django.utils.formats import date_format

_LANGUAGES: Final = ("pl", "en")


def in_words(sources: Any) -> dict[str, str]:
    """Each source (customer interviews: 14/20, 3 March 2026) in the languages they are written in."""
    usable = isinstance(sources, list) and all(isinstance(one, dict) and one.get("source") for one in sources)
    if not usable:
        return {}  # the engine refuses them with their place
    said: dict[str, str] = {}
    for language in _LANGUAGES:
        with translation.override(language):
            lines = [_line(source, language) for source in sources]
        if any(isinstance(source["source"], str) or language in source["source"] for source in sources):
            said[language] = "; ".join(lines)
    return said


def _line(source: dict[str, Any], language: str) -> str:
    text = source["source"]
    if isinstance(text, dict):
        text = text.get(language) or next(iter(text.values()), "")
    facts = [source.get("number"), _day(source.get("date"))]
    known = ", ".join(fact for fact in facts if fact)
    return f"{text}: {known}" if known else str(text)


def _day(given: str | None) -> str:
    try:
        return date_format(date.fromisoformat(given), "DATE_FORMAT") if given else ""
    except (TypeError, ValueError):
        return ""  # no day: the engine refuses it with its place
