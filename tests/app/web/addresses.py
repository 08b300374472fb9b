"""Every address of the application, and something real to put into each: for tests that go through all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from gracja.app.api.document import document

ALLAUTH = "accounts/"


@dataclass(frozen=True)
class Address:
    """A named page: `route` as urls.py writes it, `names` of what stands in it."""

    name: str
    route: str
    names: tuple[str, ...]


def pages() -> list[Address]:
    """Every page of ours, by name. The interface's operations and allauth's pages are apart."""
    return sorted(
        (one for one in _walk(get_resolver().url_patterns, "") if not _apart(one)), key=lambda one: one.route
    )


def allauth_pages() -> list[Address]:
    return [one for one in _walk(get_resolver().url_patterns, "") if one.route.startswith(ALLAUTH)]


def operations() -> list[tuple[str, str]]:
    """(method, path) of every operation of the interface."""
    return [(method.upper(), path) for path, ways in document()["paths"].items() for method in ways]


def _apart(address: Address) -> bool:
    operation = address.route.startswith("api/") and address.name not in ("openapi", "documentation")
    return operation or address.route.startswith(ALLAUTH)


def _walk(patterns: Any, before: str) -> Iterator[Address]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield Address(one.name or route, route, tuple(one.pattern.converters))
