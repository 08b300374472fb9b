"""Addresses of published editions, of the readers' page, and of documents in and out."""

from __future__ import annotations

from django.urls import path

from gracja.app.web.standards.views import (
    documents,
    editions,
    our_standards,
    printed,
    promise,
    publish,
    questions,
)

urlpatterns = [
    path("ours/", our_standards.ours, name="our_standards"),
    path("ours/questions/", questions.questions, name="questions"),
    path("ours/questions/<str:uid>/answer/", questions.answer, name="answer_question"),
    path("ours/questions/<str:uid>/read/", questions.read, name="read_answer"),
    path("ours/<str:uid>/", our_standards.ours, name="our_edition"),
    path("ours/<str:uid>/acknowledge/", our_standards.acknowledge, name="acknowledge_edition"),
    path("ours/<str:uid>/ask/", questions.ask, name="ask_question"),
    path("editions/", editions.editions, name="editions"),
    path("editions/upload/", documents.start, name="upload_edition"),
    path("editions/<str:uid>/", editions.edition, name="edition"),
    path("editions/<str:uid>/readers/", editions.readers, name="edition_readers"),
    path("editions/<str:uid>/document.yaml", documents.edition_yaml, name="edition_yaml"),
    path("editions/<str:uid>/handbook-<str:lang>.pdf", printed.handbook, name="edition_handbook"),
    path("editions/<str:uid>/poster-<slug:part>-<str:lang>.pdf", printed.poster, name="edition_poster"),
    path("studio/<str:uid>/publish/", publish.publish, name="studio_publish"),
    path("studio/<str:uid>/document.yaml", documents.draft_yaml, name="draft_yaml"),
    path("studio/<str:uid>/document/", documents.replace, name="studio_document"),
    path("promise/<slug:edition_id>/", promise.choose, name="choose_promise"),
    path("promise/<slug:edition_id>/move/", promise.move, name="move_promise"),
]
