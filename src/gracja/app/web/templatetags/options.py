"""Choices in a form that come by the hundred."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

register = template.Library()
_LONGEST = 60


@register.simple_tag
def options(names: tuple[tuple[str, str], ...], chosen: str | None) -> SafeString:
    """An `<option>` for each name with its title. A page repeats the same list at every condition: a loop in
    the template took longer than everything else on it.
    """
    every = _options(names)
    if not chosen:
        return every
    value = format_html('value="{}"', chosen)
    return mark_safe(every.replace(value, f"{value} selected", 1))  # noqa: S308  (escaped above)


@lru_cache(maxsize=32)
def _options(names: tuple[tuple[str, str], ...]) -> SafeString:
    shown = ((name, Truncator(title).chars(_LONGEST)) for name, title in names)
    return format_html_join("", '<option value="{}">{}</option>', shown)
