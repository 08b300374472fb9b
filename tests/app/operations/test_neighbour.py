"""Start with demo data: a process next door, while nobody has set up the company."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from django.test import Client

from gracja.app.common.refused import Refused
from gracja.app.operations.neighbour import neighbour, start_neighbour, stop_neighbour

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    client = Client(headers={"accept-language": "pl"})
    client.handler.load_middleware()  # its own FirstRun, which has not seen a company yet
    yield client
    stop_neighbour()


def started(settings) -> dict[str, int]:
    return json.loads((Path(settings.HOME) / "demo" / "next-door.json").read_text())


def ended(pid: int) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            # The first thread is a zombie while others still run: ended is only who has no other left.
            threads = [entry.name for entry in Path(f"/proc/{pid}/task").iterdir()]
            if threads == [str(pid)] and Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.1)
    return False


def test_one_click_begins_to_fill_it_and_a_second_changes_nothing(visitor, settings):
    assert neighbour().state == "none"
    assert "Zacznij od danych pokazowych" in visitor.get("/setup/").content.decode()

    assert visitor.post("/setup/demo/").url == "/setup/demo/"
    first = started(settings)
    visitor.post("/setup/demo/")

    assert started(settings) == first
    assert neighbour().state == "filling"
    assert "Pokaz się wypełnia" in visitor.get("/setup/demo/").content.decode()
    assert "DOCTYPE" not in visitor.get("/setup/demo/", headers={"HX-Request": "true"}).content.decode()


def test_it_ends_with_the_server(visitor, settings):
    start_neighbour(language="pl")
    pid = started(settings)["pid"]

    stop_neighbour()
    stop_neighbour()

    assert ended(pid)
    assert neighbour().state == "none"


def test_one_that_ended_too_soon_is_said_and_may_be_tried_again(visitor, settings):
    folder = Path(settings.HOME) / "demo"
    (folder / "home").mkdir(parents=True)
    (folder / "home" / "of somebody else").touch()  # gracja demo deletes nothing that is not its own
    start_neighbour(language="pl")

    assert ended(started(settings)["pid"])

    shown = visitor.get("/setup/demo/").content.decode()
    assert neighbour().state == "failed"
    assert "demo/log" in shown
    assert "Zacznij od danych pokazowych" in shown


def test_with_a_company_or_where_others_reach_the_page_there_is_none(visitor, settings, company):
    assert visitor.post("/setup/demo/").url == "/"
    with pytest.raises(Refused, match="no_demo_next_door"):
        start_neighbour(language="pl")
    company.delete()
    settings.SETUP_CODE_NEEDED = True
    assert visitor.post("/setup/demo/").url == "/setup/"
    assert "Zacznij od danych pokazowych" not in visitor.get("/setup/").content.decode()
    assert neighbour().state == "none"
