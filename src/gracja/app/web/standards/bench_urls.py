"""Addresses of phase 4 of the studio."""

from __future__ import annotations

from django.urls import path

from gracja.app.web.standards.views import behaviours, detecting, recognising

urlpatterns = [
    path("studio/<str:uid>/standards/", behaviours.standards, name="studio_standards"),
    path("studio/<str:uid>/enhancers/<str:enhancer_id>/add/", behaviours.add, name="studio_standard_add"),
    path("studio/<str:uid>/standards/<str:standard_id>/", behaviours.standard, name="studio_standard"),
    path("studio/<str:uid>/standards/<str:standard_id>/read/", behaviours.read, name="studio_standard_read"),
    path(
        "studio/<str:uid>/standards/<str:standard_id>/set/", behaviours.set_field, name="studio_standard_set"
    ),
    path(
        "studio/<str:uid>/standards/<str:standard_id>/measure/",
        behaviours.choose_measure,
        name="studio_standard_measure",
    ),
    path(
        "studio/<str:uid>/standards/<str:standard_id>/split/", behaviours.split, name="studio_standard_split"
    ),
    path("studio/<str:uid>/standards/<str:standard_id>/act/", behaviours.act, name="studio_standard_act"),
    path("studio/<str:uid>/standards/<str:standard_id>/phrases/", detecting.phrases, name="studio_phrases"),
    path("studio/<str:uid>/standards/<str:standard_id>/moment/", detecting.moment, name="studio_moment"),
    path("studio/<str:uid>/standards/<str:standard_id>/node/", recognising.node, name="studio_node"),
    path("studio/<str:uid>/standards/<str:standard_id>/time/", recognising.time, name="studio_time"),
    path("studio/<str:uid>/standards/<str:standard_id>/judge/", recognising.judge, name="studio_judge"),
    path(
        "studio/<str:uid>/standards/<str:standard_id>/permission/",
        recognising.permission,
        name="studio_permission",
    ),
    path("studio/<str:uid>/standards/<str:standard_id>/yaml/", detecting.as_yaml, name="studio_detector"),
    path("studio/<str:uid>/standards/<str:standard_id>/try/", detecting.try_it, name="studio_try"),
    path("studio/<str:uid>/standards/<str:standard_id>/missed/", detecting.missed, name="studio_missed"),
    path("studio/<str:uid>/standards/<str:standard_id>/words/", detecting.words, name="studio_words"),
    path("studio/<str:uid>/signals/", detecting.signals, name="studio_signals"),
    path("studio/<str:uid>/signals/<str:signal_id>/", detecting.signal, name="studio_signal"),
]
