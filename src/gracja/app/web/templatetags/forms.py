"""Fields in the look of the house: label above, hint and error below, the widget told of both."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()
FEW = 4  # so many choices stand side by side; more become a list


@register.simple_tag
def field(bound: BoundField, classes: str = "") -> SafeString:
    """One field of a form: `{% field form.name %}`."""
    kind = _kind(bound)
    attrs: dict[str, str | bool] = {}
    if kind == "input":
        mine = "input input--error" if bound.errors else "input"
        attrs["class"] = f"{mine} {bound.field.widget.attrs.get('class', '')}".strip()
    context: dict[str, Any] = {
        "field": bound,
        "kind": kind,
        "classes": classes,
        "hidden": bound.is_hidden,
        "many": isinstance(bound.field.widget, CheckboxSelectMultiple),
        "required": bound.field.required,
        "described": bound.aria_describedby,
        "widget": bound.as_widget(attrs=attrs),
    }
    return render_to_string("common/field.html", context)


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, RadioSelect):
        return "seg" if len(list(widget.choices)) <= FEW else "choices"
    return "input"
