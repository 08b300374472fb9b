"""What customers may read without signing in, at addresses that nobody can guess."""

from __future__ import annotations

from django.urls import path

from gracja.app.web.standards.views import promise

urlpatterns = [path("<str:token>/", promise.public, name="public_promise")]
