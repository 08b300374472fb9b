"""Addresses whose code is loaded when the first of them is asked for."""

from __future__ import annotations

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern


class Later(URLResolver):
    """What `path(route, include(module))` is, for a module with `app_name`, but no start waits for it."""

    def __init__(self, route: str, module: str, namespace: str) -> None:
        super().__init__(RoutePattern(route), module, app_name=namespace, namespace=namespace)

    def _populate(self) -> None:
        # Django gathers every name before it finds the first one; ours are found below our own namespace
        if "urlconf_module" in vars(self):
            super()._populate()
