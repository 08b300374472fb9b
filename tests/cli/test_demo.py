"""`gracja demo`: a filled application, one click for each role; another folder is never touched."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress

import pytest

PATIENCE_SECONDS = 300  # on a busy machine; twenty on an idle one
ROLES = ("administrator", "service_manager", "place_lead", "evaluator", "employee", "analyst")


class Browser:
    """Cookies, pages, and buttons that are forms."""

    def __init__(self, address: str) -> None:
        self._address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        self._opener.addheaders = [("Accept-Language", "pl")]

    def get(self, path: str) -> str:
        return self._opener.open(self._address + path, timeout=60).read().decode()

    def press(self, page: str, action: str) -> str:
        form = page[page.index(f'action="{action}"') :]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token}).encode()
        return self._opener.open(self._address + action, sent, timeout=60).read().decode()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start(out, port, *options):
    environment = {k: v for k, v in os.environ.items() if k not in ("GRACJA_HOME", "DISPLAY")}
    command = [sys.executable, "-m", "gracja", "--lang", "pl", "demo", "--out", str(out), "--port", str(port)]
    # the demo keeps away from a database that was meant for something else
    environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nothing"
    with (out / "said").open("a") as said:
        return subprocess.Popen([*command, *options], env=environment, stderr=said, stdout=said)


def wait_for_page(process, out, port) -> str:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(urllib.error.URLError, OSError):
            return Browser(f"http://127.0.0.1:{port}").get("/demo/")
        time.sleep(0.3)
    process.terminate()
    raise AssertionError((out / "said").read_text())


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """(address, data folder) of a demo that is running."""
    out, port = tmp_path_factory.mktemp("demo"), free_port()
    process = start(out, port)
    wait_for_page(process, out, port)
    yield f"http://127.0.0.1:{port}", out / "home"
    process.terminate()
    process.communicate(timeout=60)


def test_the_first_page_has_a_door_for_each_role_and_says_that_all_is_made_up(demo):
    page = Browser(demo[0]).get("/demo/")

    assert re.findall(r'action="/demo/(\w+)/"', page) == list(ROLES)
    assert "zmyślone" in page


@pytest.mark.parametrize("role", ROLES)
def test_one_click_leads_to_the_overview_of_each_role(demo, role):
    browser = Browser(demo[0])

    page = browser.press(browser.get("/demo/"), f"/demo/{role}/")

    assert "data-sign-out" in page
    assert "zmyślone" in page


def test_the_service_manager_sees_places_measured_and_what_waits(demo):
    browser = Browser(demo[0])

    page = browser.press(browser.get("/demo/"), "/demo/service_manager/")

    for name in ("Rynek", "Podgórze", "Ursynów", "Infolinia"):
        assert f'<th scope="row">{name}' in page
    assert "pytanie do odpowiedzi" in page
    assert "wersja 3" in page
    doors = re.findall(r'<a href="([^"]+)"', page[page.index("<nav") : page.index("</nav>")])
    assert len(doors) == 11
    for address in doors:
        shown = browser.get(address)
        # the counter is one screen of its own, without the bar
        assert "data-sign-out" in shown or address == "/counter/"


def test_darek_has_an_edition_to_read_and_his_own_result(demo):
    browser = Browser(demo[0])

    page = browser.press(browser.get("/demo/"), "/demo/employee/")

    assert "wydanie 2" in page
    assert "Moje wyniki" in page
    assert "Celina" not in page


def test_a_second_demo_of_the_same_folder_is_there_at_once_with_what_was_done(demo):
    _address, home = demo
    made = (home / "gracja.sqlite3").stat().st_ino
    port = free_port()
    process = start(home.parent, port)
    try:
        assert "Anna Wilk" in wait_for_page(process, home.parent, port)
    finally:
        process.terminate()
        process.communicate(timeout=60)

    assert (home / "gracja.sqlite3").stat().st_ino == made
    assert json.loads((home / "demo.json").read_text())["filled"]


def test_a_folder_that_is_no_demo_is_left_alone(gracja, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "gracja.sqlite3").write_text("somebody's work")

    done = gracja("--lang", "en", "demo", "--out", tmp_path, "--port", free_port(), "--reset")

    assert done.code == 2
    assert "is not a demo of Gracja" in done.err
    assert (tmp_path / "home" / "gracja.sqlite3").read_text() == "somebody's work"
