"""A real browser in front of the application, for tests marked `browser`.

`window(cast.anna)` opens a page signed in as Anna; `page.go("/visits/")` follows it there. What the console
complains about (CSP above all) fails the test when it ends; a test that expects it empties `page.said`.
"""

from __future__ import annotations

import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler

WIDTHS = {390: 844, 1440: 900}


class OneAtATime(StaticFilesHandler):
    """Files at once; pages one after another, because they share the test's connection and transaction."""

    _turn = threading.Lock()

    def __call__(self, environ, start_response):
        if self._should_handle(environ["PATH_INFO"]):
            return super().__call__(environ, start_response)
        with self._turn:
            return super().__call__(environ, start_response)


class Answering(QuietWSGIRequestHandler):
    protocol_version = "HTTP/1.0"  # no connection outlives its answer
    timeout = 2  # nor one that a browser opened to have it at hand


class Serving(ThreadedWSGIServer):
    """Stops only when its last answer is given, and leaves the test's connection open."""

    daemon_threads = False

    def __init__(self, address, _handler, **given):
        super().__init__(address, Answering, **given)

    def _close_connections(self):
        pass


class Server(LiveServerThread):
    server_class = Serving


@pytest.fixture
def served(db, one_connection, chromium):
    """The application's address, in the test's own transaction: append-only tables cannot be emptied."""
    shared = {connection.alias: connection for connection in connections.all()}
    for connection in shared.values():
        connection.inc_thread_sharing()
    server = Server("localhost", OneAtATime, connections_override=shared)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None, server.error
    yield f"http://localhost:{server.port}"
    server.terminate()
    for connection in shared.values():
        connection.dec_thread_sharing()


def is_complaint(said) -> bool:
    """An error or a warning; not htmx's word that a newer request took an older one's place ("replace")."""
    return said.type in ("error", "warning") and "AbortError" not in said.text


@pytest.fixture
def window(served, chromium):
    """`window(user, width=390, scheme="dark", language="pl", script=True)`: a page of a browser. browser:
    another than the tests' own.
    """
    pages = []

    def opened(user=None, *, width=1440, scheme="light", language="pl", script=True, browser=None, **options):
        context = (browser or chromium).new_context(
            viewport={"width": width, "height": WIDTHS.get(width, 900)},
            color_scheme=scheme,
            locale=language,
            java_script_enabled=script,
            base_url=served,
            **options,
        )
        if user is not None:
            client = Client()
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": served}]
            )
        page = context.new_page()
        page.said = []
        page.on("console", lambda one: is_complaint(one) and page.said.append(one.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.go = lambda path: page.goto(f"{served}{path}")
        pages.append(page)
        return page

    yield opened
    said = [text for page in pages for text in page.said]
    for page in pages:
        page.context.close()
    assert said == []


@pytest.fixture(scope="session")
def violations():
    """`violations(page)`: what axe finds, a line each; empty where all is well."""
    axe = Axe()

    def found(page):
        result = axe.run(page, options={"resultTypes": ["violations"]})
        return [
            f"{one['id']} ({one['impact']}): {node['html'][:160]}"
            for one in result.response["violations"]
            for node in one["nodes"]
        ]

    return found
