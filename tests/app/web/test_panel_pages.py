"""Keys of panels on their pages, and what comes in with one."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from gracja.app.common.models import AuditEntry
from gracja.app.service_mode.models import Advised, Keeping, PanelKey
from gracja.app.service_mode.services.panel_keys import make_panel_key

KEYS = "/counter/panel/keys/"
PANEL = "/counter/panel/"
NEW = {"title": "Chatwoot", "grants": "on", "days": "30"}


@pytest.fixture(autouse=True)
def helpdesk(db):
    cache.clear()
    Keeping.objects.create(panel_origins=["https://chat.example.com"])
    yield
    cache.clear()


@pytest.fixture
def secret(cast):
    return make_panel_key(by=cast.darek, title="Chatwoot", grants=True, days=30).secret


@pytest.fixture
def frame():
    """A browser without a cookie, as in a frame of another site; forms without a token are refused."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


def by(secret):
    return {"authorization": f"Panel {secret}", "accept-language": "en"}


def test_a_new_key_is_shown_once_and_lets_the_panel_in(cast, signed_in, frame, edition):
    client = signed_in(cast.darek)

    answer = client.post(KEYS, NEW)

    secret = re.findall(r'value="(gracja_panel_[\w-]+)"', answer.content.decode())[0]
    assert f"#key={secret}" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in client.get(KEYS).content.decode()
    for given in (secret, f"https://gracja.example.com{PANEL}#key={secret}"):
        page = frame.post(PANEL, {"key": given})
        assert page.status_code == 200
        assert "data-gestures" in page.content.decode()
        assert "frame-ancestors https://chat.example.com" in page.headers["Content-Security-Policy"]
        assert "sessionid" not in page.cookies


@pytest.mark.parametrize("wrong", [{"title": ""}, {"days": "9999"}])
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(cast, signed_in, wrong):
    answer = signed_in(cast.darek).post(KEYS, NEW | wrong)

    assert answer.status_code == 422
    assert 'value="Chatwoot"' in answer.content.decode() or "title" in wrong
    assert not PanelKey.objects.exists()


def test_where_the_panel_may_stand_nowhere_no_key_is_made(cast, signed_in, secret, frame):
    Keeping.objects.update(panel_origins=[])
    cache.clear()

    assert signed_in(cast.darek).post(KEYS, NEW).status_code == 409
    assert frame.post(PANEL, {"key": secret}).status_code == 401
    assert frame.get("/counter/state/", headers=by(secret)).status_code == 401


def test_who_may_not_ask_for_advice_finds_no_page(cast, signed_in):
    assert signed_in(cast.borys).get(KEYS).status_code == 403
    assert signed_in(cast.borys).post(KEYS, NEW).status_code == 403


def test_withdrawing_asks_first_and_ends_it_at_once(cast, signed_in, secret, frame):
    client, key = signed_in(cast.darek), PanelKey.objects.get()
    asked = client.get(f"{KEYS}{key.uid}/withdraw/").content.decode()
    assert "Chatwoot" in asked
    assert frame.get("/counter/state/", headers=by(secret)).status_code == 200

    assert "was withdrawn" in client.post(f"{KEYS}{key.uid}/withdraw/", follow=True).content.decode()

    assert frame.get("/counter/state/", headers=by(secret)).status_code == 401
    assert AuditEntry.objects.filter(action="panel_key.withdraw").count() == 1


def test_another_s_key_is_not_there_but_for_who_manages_the_panel(cast, signed_in, secret):
    address = f"{KEYS}{PanelKey.objects.get().uid}/withdraw/"

    assert signed_in(cast.anna).post(address).status_code == 404
    assert signed_in(cast.anna).get(KEYS).content.decode().count(cast.darek.name) == 0
    assert cast.darek.name in signed_in(cast.filip).get(KEYS).content.decode()
    assert signed_in(cast.filip).post(address).status_code == 302


def test_a_key_opens_what_the_panel_needs_and_no_other_page(secret, frame, edition):
    row = {"uid": "made-by-the-device-1", "kind": "encounter", "cues": {"tired": 1}, "source": "panel"}
    sent = {"content_type": "application/json", "headers": by(secret)}

    assert frame.post("/counter/records/", {"records": [row]}, **sent).status_code == 200
    assert frame.post("/counter/words/", {"messages": []}, **sent).status_code == 200
    assert frame.post("/giving/", {"number": "?"}, headers=by(secret)).status_code == 422
    assert Advised.objects.get().source == "panel"
    for page in ("/", "/counter/", "/customers/", KEYS, "/giving/mine/", "/tokens/"):
        assert frame.get(page, headers=by(secret)).status_code == 302, page
    assert frame.get("/api/v1/me", headers=by(secret)).status_code == 401


def test_without_a_key_a_form_still_needs_its_token(cast, frame, secret):
    frame.force_login(cast.darek, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert frame.post("/giving/", {"number": "?"}).status_code == 403
    assert frame.post("/giving/", {"number": "?"}, headers=by("gracja_panel_made-up")).status_code == 401


def test_a_key_for_advice_alone_grants_nothing(cast, frame, edition):
    secret = make_panel_key(by=cast.darek, title="x", grants=False, days=1).secret

    assert "data-gestures" not in frame.post(PANEL, {"key": secret}).content.decode()
    assert frame.post("/giving/", {"number": "?"}, headers=by(secret)).status_code == 403


def test_the_panel_speaks_the_language_of_the_account(cast, frame, secret, edition):
    cast.darek.language = "pl"
    cast.darek.save(update_fields=("language",))

    page = frame.post(PANEL, {"key": secret})

    assert '<html lang="pl"' in page.content.decode()
    assert page.headers["Content-Language"] == "pl"
