from __future__ import annotations

from django.urls import include, path

from gracja.app.web.standards.views import phases, studio

urlpatterns = [
    path("", include("gracja.app.web.standards.edition_urls")),
    path("", include("gracja.app.web.standards.bench_urls")),
    path("studio/", studio.studio, name="studio"),
    path("studio/<str:uid>/", phases.continue_draft, name="studio_draft"),
    path("studio/<str:uid>/sequence/", phases.sequence, name="studio_sequence"),
    path("studio/<str:uid>/parts/", phases.parts, name="studio_parts"),
    path("studio/<str:uid>/enhancers/", phases.enhancers, name="studio_enhancers"),
    path("studio/<str:uid>/change/", studio.change, name="studio_change"),
    path("studio/<str:uid>/undo/", studio.undo, name="studio_undo"),
    path("studio/<str:uid>/redo/", studio.redo, name="studio_redo"),
    path("studio/<str:uid>/state/", studio.state, name="studio_state"),
]
