"""Signing in: by login or e-mail, with a wait for who guesses."""

from __future__ import annotations

import json
import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.test import Client
from django.urls import reverse

from gracja.app.common.models import AuditEntry
from gracja.app.organisation.models import Company
from gracja.app.tokens.services.callers import caller_with
from gracja.app.tokens.services.tokens import make_token

PASSWORD = "tylko-do-prób-2026"
WRONG = "to-nie-jest-hasło"


def sign_in(client, login, password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": login, "password": password, **more})


@pytest.fixture
def visitor(cast):
    return Client(headers={"accept-language": "en"})


@pytest.mark.parametrize("login", ["anna", "Anna", "anna@salony.example", "ANNA@salony.example"])
def test_anna_signs_in_by_login_or_e_mail(visitor, login):
    answer = sign_in(visitor, login)

    assert (answer.status_code, answer.url) == (302, "/")
    assert visitor.get("/").status_code == 200


def test_she_lands_where_she_wanted_to_go(visitor):
    asked = visitor.get("/me/")
    answer = sign_in(visitor, "anna", next="/me/")

    assert (asked.url, answer.url) == ("/accounts/login/?next=/me/", "/me/")


def test_on_a_new_device_she_finds_her_language_and_theme(cast, visitor):
    cast.anna.language, cast.anna.theme = "pl", "dark"
    cast.anna.save()
    sign_in(visitor, "anna")

    page = visitor.get("/").content.decode()

    assert 'lang="pl"' in page
    assert 'data-theme="dark"' in page


def test_a_wrong_password_is_said_in_words_and_the_login_stays_in_the_form(visitor):
    page = sign_in(visitor, "anna", WRONG).content.decode()

    assert "Login or password is not right" in page
    assert 'value="anna"' in page
    assert WRONG not in page


def test_after_eight_wrong_passwords_even_the_right_one_waits_and_the_page_says_until_when(visitor):
    answers = [sign_in(visitor, login, WRONG) for login in ["anna", "Anna", "ANNA"] * 3]
    right = sign_in(visitor, "anna")

    assert [one.status_code for one in answers] == [200] * 7 + [429] * 2
    assert right.status_code == 429
    assert re.search(r"Try again after \d+:\d\d (am|pm)", right.content.decode())
    assert int(right.headers["Retry-After"]) == 900


def test_a_lock_out_of_anna_does_not_keep_borys_out(visitor):
    for _ in range(9):
        sign_in(visitor, "anna", WRONG)

    assert sign_in(Client(), "borys", WRONG).status_code == 200
    assert sign_in(Client(), "borys").status_code == 302


def test_who_was_deactivated_does_not_come_in(cast, visitor):
    cast.anna.is_active = False
    cast.anna.save()

    assert sign_in(visitor, "anna").status_code in (200, 302)
    assert visitor.get("/me/").status_code == 302


def test_nobody_signs_up(visitor):
    assert "by invitation" in visitor.get("/accounts/signup/").content.decode()


def test_without_e_mail_the_page_says_whom_to_ask_for_a_new_password(visitor):
    assert "sends no e-mail" in visitor.get("/accounts/password/reset/").content.decode()


def test_with_e_mail_a_link_is_sent(visitor, settings):
    settings.EMAIL_CONFIGURED = True

    assert "Which e-mail" in visitor.get("/accounts/password/reset/").content.decode()


def test_a_new_password_by_a_mailed_link_ends_sessions_and_tokens(cast, visitor, signed_in):
    elsewhere = signed_in(cast.grazyna)
    secret = make_token(by=cast.grazyna, title="Kasa", scopes=["own"], days=30).secret
    key = f"{user_pk_to_url_str(cast.grazyna)}-{default_token_generator.make_token(cast.grazyna)}"
    form = visitor.get(f"/accounts/password/reset/key/{key}/").url

    visitor.post(form, {"password1": "cztery zielone krzesła", "password2": "cztery zielone krzesła"})

    assert caller_with(secret) is None
    assert elsewhere.get("/me/").status_code == 302
    assert AuditEntry.objects.filter(action="account.new_password").count() == 1
    assert sign_in(visitor, "grażyna", "cztery zielone krzesła").status_code == 302
    assert visitor.get("/me/").status_code == 200


def test_signing_out_is_asked_by_get_and_done_by_post(cast, signed_in):
    client = signed_in(cast.anna)

    assert "Sign out on this device?" in client.get("/accounts/logout/").content.decode()
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/me/").status_code == 302


def test_health_needs_no_account_and_says_that_no_worker_lives(db, client):
    answer = client.get("/health/")

    assert answer.status_code == 503
    assert json.loads(answer.content) == {
        "status": "failing", "database": "ok", "archive": "ok", "worker": "failing",
    }  # fmt: skip


def test_one_click_sign_in_exists_in_the_demo_alone(cast, settings):
    assert not settings.DEMO
    assert Client().get("/demo/").status_code == 404
    assert Client().post("/demo/administrator/").status_code == 404
    assert Company.objects.exists()


def test_the_demo_s_account_says_why_nothing_is_set_up_there(cast, settings, signed_in):
    ways = [reverse(name) for name in ("account_change_password", "mfa_add_webauthn", "mfa_activate_totp")]
    own = signed_in(cast.darek).get(reverse("my_account")).content.decode()
    assert all(f'href="{way}"' in own for way in ways)

    settings.DEMO = True
    demo = signed_in(cast.darek).get(reverse("my_account")).content.decode()

    assert "nobody has a password" in demo
    assert not any(f'href="{way}"' in demo for way in ways)


def test_in_the_demo_one_click_leads_into_a_role(cast, settings):
    settings.DEMO = True
    client = Client(headers={"accept-language": "en"})

    page = client.get("/demo/").content.decode()
    entered = client.post("/demo/place_lead/")

    assert "Anna Wilk" in page
    assert (entered.status_code, entered.url) == (302, "/")
    assert "Anna Wilk" in client.get("/").content.decode()
    assert client.get("/demo/place_lead/").status_code == 405
    assert client.post("/demo/nobody/").status_code == 404
