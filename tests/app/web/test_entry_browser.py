"""The front door in a real browser: everybody can use it, and a passkey opens it without a password."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from gracja.app.organisation.models import Company

pytestmark = pytest.mark.browser
HOME = re.compile(r"//[^/]+/$")
PASSWORD = "tylko-do-prób-2026"
SIGNED_OUT = ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/demo/")
SIGNED_IN = (
    "/",
    "/me/",
    "/setup/start/",
    "/accounts/logout/",
    "/accounts/sessions/",
    "/accounts/password/change/",
)


def sign_in(page, login="anna"):
    page.go("/accounts/login/")
    page.fill("#id_login", login)
    page.fill("#id_password", PASSWORD)
    page.click("form[action='/accounts/login/'] button[type=submit]")
    page.wait_for_url(HOME)


def say_it_is_me(page):
    """What changes the ways of signing in asks for the password once more."""
    page.fill("#id_password", PASSWORD)
    page.click("text=To ja")
    page.wait_for_url("**/2fa/**")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(("scheme", "language"), [("light", "pl"), ("dark", "en")])
def test_axe_finds_nothing_at_the_front_door(cast, window, violations, settings, width, scheme, language):
    settings.DEMO = True
    outside = window(width=width, scheme=scheme, language=language)
    for address in SIGNED_OUT:
        outside.go(address)
        assert (address, violations(outside)) == (address, [])

    inside = window(cast.grazyna, width=width, scheme=scheme, language=language)
    for address in SIGNED_IN:
        inside.go(address)
        assert (address, violations(inside)) == (address, [])


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_in_set_up_and_the_password_is_judged_in_words(db, window, violations, width):
    assert not Company.objects.exists()
    page = window(width=width)
    page.go("/setup/")
    assert violations(page) == []

    for password, said in (
        ("krótkie", "Za krótkie"),
        ("dziesięć-znaków", "Wystarczy"),
        ("fotel lustro szampon", "trudne"),
    ):
        page.fill("#id_password", password)
        assert said in page.inner_text("#strength")
    assert violations(page) == []


def test_anna_turns_codes_on_and_is_asked_for_one_at_the_next_sign_in(cast, window, violations):
    page = window()
    sign_in(page)
    page.go("/accounts/2fa/totp/activate/")
    assert violations(page) == []
    say_it_is_me(page)
    assert violations(page) == []
    secret = page.inner_text("code.secret")

    page.fill("#id_code", _code(secret))
    page.click("text=Włącz kody")
    page.wait_for_url("**/2fa/recovery-codes/")
    assert violations(page) == []
    recovery = page.locator(".codes code").first.inner_text()

    page.go("/accounts/logout/")
    page.click("main button[type=submit]")
    page.go("/accounts/login/")
    page.fill("#id_login", "anna")
    page.fill("#id_password", PASSWORD)
    page.click("form[action='/accounts/login/'] button[type=submit]")
    page.wait_for_url("**/2fa/authenticate/")
    assert violations(page) == []
    page.fill("#id_code", recovery)
    page.click("form[action='/accounts/2fa/authenticate/'] button[type=submit]")
    page.wait_for_url(HOME)


def test_a_passkey_is_added_and_opens_the_door_without_a_password(cast, window, violations):
    page = window()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page)

    page.go("/accounts/2fa/webauthn/add/")
    say_it_is_me(page)
    assert violations(page) == []
    assert page.inner_text("label[for=id_name]").startswith(("Nazwa urządzenia", "Name of the device"))
    page.fill("#id_name", "Telefon Anny")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(re.compile("recovery-codes|webauthn/$"))
    page.go("/accounts/2fa/webauthn/")
    assert "Telefon Anny" in page.inner_text("main")
    assert violations(page) == []
    page.go("/me/")
    assert "Telefon Anny" in page.inner_text("main")

    page.go("/accounts/logout/")
    page.click("main button[type=submit]")
    page.go("/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url(HOME)
    assert "Anna Wilk" in page.inner_text("header")


def test_without_scripts_one_signs_in_all_the_same(cast, window):
    page = window(script=False)
    sign_in(page)

    assert "Anna Wilk" in page.inner_text("header")
    page.go("/accounts/login/")


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))
