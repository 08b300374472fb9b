"""Results: people, places, standards, evaluators; one's own; and the runs that made them."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.measurement import planning, views

urlpatterns: list[URLPattern] = [
    path("", views.people, name="results"),
    path("places/", views.places, name="results_places"),
    path("standards/", views.standards, name="results_standards"),
    path("fit/", views.fit, name="fit"),
    path("over-time/", views.over_time, name="over_time"),
    path("over-time/course/", views.course, name="over_time_course"),
    path("evaluators/", views.evaluators, name="results_evaluators"),
    path("plan/", planning.plan, name="results_plan"),
    path("plan/reviews.csv", planning.as_csv, name="results_plan_csv"),
    path("people/<str:person_uid>/", views.person, name="person_result"),
    path("people/<str:person_uid>/parts/<slug:part>/", views.part, name="person_part"),
    path("mine/", views.mine, name="my_results"),
    path("runs/", views.runs, name="runs"),
    path("runs/start/", views.start, name="run_start"),
    path("runs/by-night/", views.by_night, name="run_by_night"),
]
