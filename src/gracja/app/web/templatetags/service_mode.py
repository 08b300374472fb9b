"""`{% load service_mode %}`: points and lines of advice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gracja.app.web.templatetags.marks import BANDS
from gracja.app.web.templatetags.words import reader
from gracja.engine.dial.reading import Reading, Reason
from gracja.wording.advice import say_reason

register = template.Library()
_QUOTED: Final = re.compile(r"(„[^”]*”|“[^”]*”)")


@register.filter
def signed(points: int) -> str:
    """`+5`, `−20`: with a true minus."""
    return f"+{points}" if points > 0 else str(points).replace("-", "−")


@register.filter
def count_of(cues: Mapping[str, int], cue: str) -> int:
    """How many of a cue; 0 where it is not there."""
    return cues.get(cue, 0)


@register.filter
def quoted(text: str) -> SafeString:
    """A line of advice, with what is to be said in it set as a voice."""
    parts = (
        format_html('<q class="said">{}</q>' if _QUOTED.fullmatch(part) else "{}", part)
        for part in _QUOTED.split(text)
    )
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag
def reason_said(reason: Reason, reading: Reading) -> str:
    """Why this step of the dial, in a sentence."""
    return say_reason(reason, reading, reader())


@register.filter
def words(names: str) -> list[str]:
    """`a b c` as a list."""
    return names.split()


@register.simple_tag
def band_word(name: str) -> str:
    """A band by its word alone, for where no picture can stand."""
    return str(BANDS[name])
