"""Whom to contact, and cards."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.calls.views import calls, cards, planning

urlpatterns: list[URLPattern] = [
    path("", calls.listed, name="calls"),
    path("new/", planning.new, name="contact_new"),
    path("rules/", calls.rules, name="call_rules"),
    path("cards/", cards.listed, name="cards"),
    path("cards/make/", cards.make, name="cards_make"),
    path("cards/<str:uid>/", cards.batch, name="cards_batch"),
    path("cards/<str:uid>/<slug:sheet>.pdf", cards.as_pdf, name="cards_pdf"),
    path("cards/<str:uid>/sent/", cards.sent, name="cards_sent"),
    path("cards/<str:uid>/drop/", cards.drop, name="cards_drop"),
    path("<str:uid>/", calls.call, name="call"),
    path("<str:uid>/card.png", cards.picture, name="card_picture"),
    path("<str:uid>/outcome/", calls.outcome, name="call_outcome"),
    path("<str:uid>/postpone/", calls.postpone, name="call_postpone"),
    path("<str:uid>/owner/", calls.give, name="call_owner"),
]
