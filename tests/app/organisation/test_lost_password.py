"""`gracja user reset-password`: a link for an hour, from the server itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.organisation.models import Invitation
from gracja.app.organisation.services.invitations import accept_invitation, invite_person, usable_invitation
from gracja.app.organisation.services.lost_password import reset_password
from gracja.app.organisation.services.people import deactivate_person
from gracja.cli.main import main

PASSWORD = "fotel lustro szampon"


@pytest.fixture
def gracja(capsys, monkeypatch, db):
    """The command on the tests' own database."""
    monkeypatch.setattr("gracja.cli.serving.opened.configure", lambda _home: None)

    def run(*arguments):
        code = 0
        try:
            main(list(arguments))
        except SystemExit as ended:
            code = ended.code or 0
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize("who", ["grażyna@salony.example", "grażyna@SALONY.example", " grażyna "])
def test_the_account_is_found_by_login_or_address_and_gets_a_new_password(cast, who):
    made = reset_password(who)

    user = accept_invitation(token=made.token, login="", password=PASSWORD)

    assert user == cast.grazyna
    assert user.check_password(PASSWORD)
    entry = AuditEntry.objects.get(action="account.reset_on_server")
    assert (entry.by_key, entry.subject_key) == ("", cast.grazyna.person.key)
    assert made.token not in str(list(AuditEntry.objects.values()))


def test_the_link_works_once_for_an_hour_and_ends_earlier_ones(cast, refused):
    _, earlier = invite_person(by=cast.grazyna, person=cast.filip.person)
    first, second = reset_password("filip"), reset_password("filip")

    for token in (earlier, first.token):
        with refused("invitation_withdrawn"):
            usable_invitation(token)
    assert timedelta(minutes=59) < usable_invitation(second.token).expires_at - now() <= timedelta(hours=1)
    Invitation.objects.update(expires_at=now())
    with refused("invitation_expired"):
        usable_invitation(second.token)


def test_who_has_no_account_or_left_gets_no_link(cast, refused):
    with refused("account_unknown", given="nikt@salony.example"):
        reset_password("nikt@salony.example")
    with refused("account_unknown"):
        reset_password(" ")
    deactivate_person(by=cast.grazyna, person=cast.filip.person)
    with refused("person_inactive"):
        reset_password("filip")
    assert not Invitation.objects.exists()


def test_the_command_prints_the_link_and_nothing_else_for_a_program(cast, gracja, client):
    code, out, said = gracja(
        *("--lang", "pl", "user", "reset-password", "filip", "--address", "https://gracja.example/")
    )

    assert code == 0
    assert out.startswith("https://gracja.example/organisation/invitation/")
    assert client.get(out.strip().removeprefix("https://gracja.example")).status_code == 200
    assert "konto filip dostanie nowe hasło" in said


@pytest.mark.parametrize(("lang", "sentence"), [("pl", "Nikt nie loguje się"), ("en", "Nobody signs in as")])
def test_the_command_says_whom_it_does_not_know(company, gracja, lang, sentence):
    code, out, said = gracja("--lang", lang, "user", "reset-password", "nikt")

    assert (code, out) == (2, "")
    assert sentence in said


@pytest.mark.parametrize(("lang", "sentence"), [("pl", "Wypisz link"), ("en", "Print a link")])
def test_the_command_explains_itself(gracja, lang, sentence):
    code, out, _ = gracja("--lang", lang, "user", "reset-password", "--help")

    assert code == 0
    assert sentence in out
