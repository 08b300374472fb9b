"""A text in two languages as a form shows it: the reader's own first, the other folded away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from gracja.app.web.templatetags.words import reader


@dataclass(frozen=True)
class Text:
    """name: of the field in the document; id: unlike any other on the page."""

    name: str
    id: str
    label: str | Promise
    language: str
    own: str
    other_language: str
    other: str
    hint: str | Promise = ""
    lines: int = 1
    voice: bool = False  # what people say is set in serif


def text(
    element: Mapping[str, Any],
    name: str,
    label: str | Promise,
    *,
    key: str = "",
    hint: str | Promise = "",
    lines: int = 1,
    voice: bool = False,
) -> Text:
    """The field `name` of a part, an enhancer, a service. key: tells this element's fields from another's."""
    language = reader()
    other = "en" if language == "pl" else "pl"
    value = element.get(name) or {}
    texts = value if isinstance(value, dict) else {"pl": value, "en": value}
    return Text(
        name=name,
        id=f"{key}-{name}" if key else name,
        label=label,
        language=language,
        own=texts.get(language, ""),
        other_language=other,
        other=texts.get(other, ""),
        hint=hint,
        lines=lines,
        voice=voice,
    )
