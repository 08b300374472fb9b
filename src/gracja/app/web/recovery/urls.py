"""Failures and complaints."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.recovery import views

urlpatterns: list[URLPattern] = [
    path("", views.listed, name="recovery"),
    path("note/", views.note, name="recovery_note"),
    path("deadlines/", views.deadlines, name="recovery_deadlines"),
    path("<str:uid>/", views.case, name="recovery_case"),
    path("<str:uid>/owner/", views.give, name="recovery_owner"),
    path("<str:uid>/promise/", views.promise, name="recovery_promise"),
    path("<str:uid>/close/", views.close, name="recovery_close"),
    path("<str:uid>/told/", views.told, name="recovery_told"),
]
