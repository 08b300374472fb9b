"""Every address of the application, by word."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from gracja.app.common.later import Later

urlpatterns: list[URLPattern | URLResolver] = [
    Later("api/v1/", "gracja.app.api.urls", "api"),  # first: programs ask most often
    path("", include("gracja.app.web.entry.urls")),
    path("-/", include("gracja.app.web.urls")),
    path("organisation/", include("gracja.app.web.organisation.urls")),
    path("standards/", include("gracja.app.web.standards.urls")),
    path("promise/", include("gracja.app.web.standards.public_urls")),
    path("conversations/", include("gracja.app.web.contacts.urls")),
    path("visits/", include("gracja.app.web.observations.urls")),
    path("results/", include("gracja.app.web.measurement.urls")),
    path("customers/", include("gracja.app.web.customers.urls")),
    path("counter/", include("gracja.app.web.service_mode.urls")),
    path("giving/", include("gracja.app.web.giving.urls")),
    path("situation-rules/", include("gracja.app.web.service_mode.rules_urls")),
    path("calls/", include("gracja.app.web.calls.urls")),
    path("recovery/", include("gracja.app.web.recovery.urls")),
    path("gestures/", include("gracja.app.web.gestures.urls")),
    path("club/", include("gracja.app.web.club.urls")),
    path("tokens/", include("gracja.app.web.tokens.urls")),
    path("accounts/", include("allauth.urls")),
]
handler403 = "gracja.app.web.errors.forbidden"
handler404 = "gracja.app.web.errors.not_found"
handler500 = "gracja.app.web.errors.broken"
