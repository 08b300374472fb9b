"""How forms look: every `{{ form }}` and `{{ form.name.as_field_group }}` in the look of the house."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.forms.renderers import TemplatesSetting


class Face(TemplatesSetting):
    """Renders forms with the application's own templates."""

    form_template_name = "common/fields.html"
    field_template_name = "common/field_group.html"


class Day(forms.DateInput):
    """A day, chosen with the browser's own calendar, written as it needs it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def zones(chosen: str = "") -> list[tuple[str, str]]:
    """Time zones to choose from, Europe first: most companies that speak Polish or English here are there.

    chosen: one that stays a choice although it is an alias, such as Poland or UTC.
    """
    names = sorted(
        one
        for one in available_timezones()
        if one == chosen or ("/" in one and not one.startswith(("Etc/", "posix")))
    )
    names.sort(key=lambda one: not one.startswith("Europe/"))
    return [(one, one.replace("_", " ")) for one in names]
