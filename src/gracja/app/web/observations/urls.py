"""Visits, one of them, and the spreadsheets they came in."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.observations.views import imports, planned, visits

urlpatterns: list[URLPattern] = [
    path("", visits.visits, name="visits"),
    path("one/<str:uid>/", visits.visit, name="visit"),
    path("planned/", planned.listed, name="planned_visits"),
    path("planned/new/", planned.new, name="order_visit"),
    path("planned/<str:uid>.csv", planned.sheet, name="planned_sheet"),
    path("planned/<str:uid>/call-off/", planned.call_off, name="call_off_visit"),
    path("files/", imports.files, name="visit_files"),
    path("files/template/<str:edition_uid>.csv", imports.template, name="visit_template"),
    path("files/<str:uid>/", imports.file, name="visit_file"),
    path("files/<str:uid>/names/", imports.names, name="visit_names"),
    path("files/<str:uid>/add/", imports.add, name="add_visits"),
    path("files/<str:uid>/drop/", imports.drop, name="drop_visits"),
    path("files/<str:uid>/faults.csv", imports.faults, name="visit_faults"),
]
