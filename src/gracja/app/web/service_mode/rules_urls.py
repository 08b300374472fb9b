"""The situation rules."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.service_mode.views import rules

urlpatterns: list[URLPattern] = [
    path("", rules.rules, name="rules"),
    path("look/", rules.look, name="rules_look"),
    path("undo/", rules.undo, name="rules_undo"),
    path("drop/", rules.drop, name="rules_drop"),
    path("publish/", rules.publish, name="rules_publish"),
    path("keeping/", rules.keeping, name="rules_keeping"),
]
