"""What belongs to every page."""

from __future__ import annotations

from django.urls import path

from gracja.app.web import reader, sheet

urlpatterns = [
    path("language", reader.choose_language, name="choose_language"),
    path("theme", reader.choose_theme, name="choose_theme"),
    path("components", sheet.components, name="components"),
]
