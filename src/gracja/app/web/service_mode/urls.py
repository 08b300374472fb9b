"""The counter."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.service_mode.views import counter

urlpatterns: list[URLPattern] = [
    path("", counter.counter, name="counter"),
    path("panel/", counter.panel, name="counter_panel"),
    path("record/", counter.record, name="counter_record"),
    path("records/", counter.records, name="counter_records"),
    path("state/", counter.state, name="counter_state"),
    path("words/", counter.words, name="counter_words"),
    path("worker.js", counter.worker, name="counter_worker"),
]
