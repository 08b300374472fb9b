"""Tags that every template may use, without loading them."""

from __future__ import annotations

from django import template

from gracja.app.web.templatetags import forms, marks, words

register = template.Library()
for _module in (words, marks, forms):
    register.tags.update(_module.register.tags)
    register.filters.update(_module.register.filters)
