"""Tokens for programs: one's own, and everybody's for those who manage them."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.tokens import views

urlpatterns: list[URLPattern] = [
    path("", views.tokens, name="tokens"),
    path("<str:uid>/withdraw/", views.withdraw, name="token_withdraw"),
]
