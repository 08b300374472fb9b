"""Gestures at the counter, approvals, and codes at the till."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.giving.views import approvals, counter, mine, till

urlpatterns: list[URLPattern] = [
    path("", counter.giving, name="giving"),
    path("grant/", counter.grant, name="grant_gesture"),
    path("mine/", mine.mine, name="my_gestures"),
    path("one/<str:uid>/", mine.gesture, name="gesture"),
    path("one/<str:uid>/give/", mine.give, name="give_gesture"),
    path("one/<str:uid>/release/", mine.release, name="release_gesture"),
    path("one/<str:uid>/return/", mine.take_back, name="return_gesture"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<str:uid>/approve/", approvals.approve, name="approve_gesture"),
    path("approvals/<str:uid>/refuse/", approvals.refuse, name="refuse_gesture"),
    path("till/", till.till, name="till"),
]
