"""Contacts after the measurement, and hours of the night, in templates."""

from __future__ import annotations

from datetime import time

from django import template
from django.utils.formats import time_format

from gracja.app.web.measurement import fresh_words

register = template.Library()
register.simple_tag(fresh_words.since_head, name="since_head")
register.simple_tag(fresh_words.since_in_words, name="since_in_words")
register.simple_tag(fresh_words.since_explained, name="since_explained")


@register.filter
def hour(number: int) -> str:
    """`3.00`, `3 a.m.`: a full hour of the clock."""
    return time_format(time(number), "TIME_FORMAT")
