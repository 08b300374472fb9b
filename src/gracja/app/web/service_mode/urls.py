"""The counter."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.service_mode.views import counter, panel

urlpatterns: list[URLPattern] = [
    path("", counter.counter, name="counter"),
    path("panel/", panel.panel, name="counter_panel"),
    path("panel/keys/", panel.panel_keys, name="panel_keys"),
    path("panel/keys/<str:uid>/withdraw/", panel.withdraw, name="panel_key_withdraw"),
    path("record/", counter.record, name="counter_record"),
    path("records/", counter.records, name="counter_records"),
    path("state/", counter.state, name="counter_state"),
    path("words/", counter.words, name="counter_words"),
    path("worker.js", counter.worker, name="counter_worker"),
]
