"""`{% load editions %}`: spoken words as a voice, and what belongs to a standard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from gracja.app.web.standards import spoken as words
from gracja.app.web.templatetags.words import reader
from gracja.engine.edition.texts import in_language

register = template.Library()


@register.filter
def spoken(text: str | Mapping[str, str]) -> SafeString:
    """A text of an edition in the reader's language, with what is spoken in it set as a voice."""
    return words.spoken(in_language(dict(text) if isinstance(text, Mapping) else text, reader()), reader())


@register.filter
def get(rows: Mapping[str, Any], key: str) -> Any:
    """What stands under a key that only the page knows; nothing where there is none."""
    return rows.get(key, ())
