from __future__ import annotations

import re

import pytest

from gracja.app.tokens.models import ApiToken
from gracja.app.tokens.services.callers import caller_with
from gracja.app.tokens.services.tokens import make_token

NEW = {"title": "Kasa", "scopes": ["own", "visit.import"], "days": "30"}


@pytest.fixture
def token(cast):
    return make_token(by=cast.grazyna, title="Kasa", scopes=["own"], days=30).token


def test_a_new_token_is_shown_once_and_works(cast, signed_in):
    client = signed_in(cast.grazyna)

    answer = client.post("/tokens/", NEW)

    (secret,) = re.findall(r'value="(gracja_[\w-]+)"', answer.content.decode())
    assert caller_with(secret).scopes == {"own", "visit.import"}
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in client.get("/tokens/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"scopes": []}, {"scopes": ["everything"]}, {"days": "9999"}]
)
def test_what_does_not_fit_is_said_beside_the_field_and_nothing_typed_is_lost(cast, signed_in, wrong):
    answer = signed_in(cast.grazyna).post("/tokens/", NEW | wrong)

    assert answer.status_code == 422
    assert 'value="Kasa"' in answer.content.decode() or "title" in wrong
    assert not ApiToken.objects.exists()


def test_who_may_make_none_and_has_none_finds_no_page(cast, signed_in):
    for user in (cast.anna, cast.darek, cast.filip):
        assert signed_in(user).get("/tokens/").status_code == 404


def test_who_may_make_none_makes_none(cast, signed_in):
    assert signed_in(cast.filip).post("/tokens/", NEW).status_code in (403, 422)
    assert not ApiToken.objects.exists()


def test_withdrawing_names_the_token_and_asks_first(cast, signed_in, token):
    client = signed_in(cast.grazyna)

    asked = client.get(f"/tokens/{token.uid}/withdraw/").content.decode()
    token.refresh_from_db()
    assert "Kasa" in asked
    assert token.withdrawn_at is None

    answer = client.post(f"/tokens/{token.uid}/withdraw/", follow=True)

    token.refresh_from_db()
    assert token.withdrawn_at is not None
    assert "was withdrawn" in answer.content.decode()


def test_another_person_s_token_is_not_there(cast, signed_in, token):
    assert signed_in(cast.anna).post(f"/tokens/{token.uid}/withdraw/").status_code == 404
    assert signed_in(cast.grazyna).put(f"/tokens/{token.uid}/withdraw/").status_code == 405


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_documentation_names_every_operation_in_the_frame_of_the_house(client, db, language):
    from gracja.app.api.document import document

    page = client.get("/api/v1/docs/", headers={"accept-language": language}).content.decode()

    assert f'<html lang="{language}"' in page
    for path, ways in document()["paths"].items():
        for method, operation in ways.items():
            assert f"{method.upper()} {path}" in page
            assert f'id="{operation["operationId"]}"' in page


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
def test_tokens_and_documentation_are_readable_by_everybody(cast, window, violations, token, width):
    page = window(cast.grazyna, width=width)

    for address in ("/tokens/", f"/tokens/{token.uid}/withdraw/", "/api/v1/docs/"):
        page.go(address)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
