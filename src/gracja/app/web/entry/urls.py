"""The front door: overview, set-up, the reader's own settings, health."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
