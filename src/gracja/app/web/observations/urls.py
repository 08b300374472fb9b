"""Visits, one of them, and the spreadsheets they came in."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.observations.views import drawn, imports, planned, second, visits

urlpatterns: list[URLPattern] = [
    path("", visits.visits, name="visits"),
    path("one/<str:uid>/", visits.visit, name="visit"),
    path("one/<str:uid>/beside/", second.beside, name="visit_beside"),
    path("one/<str:uid>/second/", second.ask, name="ask_second_review"),
    path("to-review/", drawn.listed, name="drawn_reviews"),
    path("to-review/draw/", drawn.draw, name="draw_reviews"),
    path("to-review/<str:uid>/", drawn.review, name="drawn_review"),
    path("to-review/<str:uid>/give/", drawn.give, name="give_drawn_review"),
    path("to-review/<str:uid>/call-off/", drawn.call_off, name="call_off_drawn_review"),
    path("second/", second.listed, name="second_reviews"),
    path("second/share/", second.share, name="second_review_share"),
    path("second/<str:uid>/", second.review, name="second_review"),
    path("second/<str:uid>.csv", second.sheet, name="second_review_sheet"),
    path("second/<str:uid>/give/", second.give, name="give_second_review"),
    path("second/<str:uid>/call-off/", second.call_off, name="call_off_second_review"),
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
