"""The front door: overview, set-up, the reader's own account, the demo's doors, health."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from gracja.app.web.entry.health import health
from gracja.app.web.entry.views import account, demo, home, next_door, setup, shifts

_own = RedirectView.as_view(pattern_name="my_account")

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("setup/", setup.set_up, name="setup"),
    path("setup/demo/", next_door.next_door, name="setup_demo"),
    path("setup/start/", setup.start, name="setup_start"),
    path("setup/hide/", setup.hide_first_steps, name="hide_first_steps"),
    path("me/", account.me, name="my_account"),
    path("me/shifts/", shifts.mine, name="my_shifts"),
    path("demo/", demo.doors, name="demo"),
    path("demo/<slug:role>/", demo.enter, name="demo_enter"),
    path("health/", health, name="health"),
    # Of allauth's pages: what the organisation's own services do instead, and what needs e-mail.
    path("accounts/password/reset/", account.forgotten_password, name="forgotten_password"),
    path("accounts/email/", _own),
    path("accounts/password/set/", _own),
    path("accounts/2fa/", _own),
]
