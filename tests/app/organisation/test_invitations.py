from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from gracja.app.organisation.models import Membership, User
from gracja.app.organisation.services.invitations import accept_invitation, invite_person
from gracja.app.organisation.services.people import add_person, deactivate_person

PASSWORD = "tylko-do-prób-2026"


@pytest.fixture
def invited(cast, roles, rynek):
    """Somebody new at Rynek, and the link that Anna, who leads it, made for them."""
    person = add_person(by=cast.anna, name="Nowa Osoba", role=roles["employee"], place=rynek)
    return person, invite_person(by=cast.anna, person=person)[1]


def test_a_link_makes_the_account_once(invited, refused):
    person, token = invited

    assert accept_invitation(token=token, login="nowa", password=PASSWORD).person == person
    with refused("invitation_used"):
        accept_invitation(token=token, login="nowa", password=PASSWORD)


def test_a_link_does_not_let_its_maker_into_an_account_above_their_own(invited, roles, refused):
    person, token = invited
    Membership.objects.create(person=person, role=roles["administrator"])

    with refused("invitation_withdrawn"):
        accept_invitation(token=token, login="nowa", password=PASSWORD)
    assert not User.objects.filter(person=person).exists()


def test_links_of_somebody_who_left_stop_working(cast, invited, refused):
    deactivate_person(by=cast.filip, person=cast.anna.person)

    with refused("invitation_withdrawn"):
        accept_invitation(token=invited[1], login="nowa", password=PASSWORD)


def test_a_new_password_by_link_does_not_pass_by_the_second_factor(cast, client):
    _, token = invite_person(by=cast.anna, person=cast.darek.person)
    Authenticator.objects.create(user=cast.darek, type=Authenticator.Type.TOTP, data={"secret": "x"})

    answer = client.post(f"/organisation/invitation/{token}/", {"login": "darek", "password": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_who_comes_in_by_a_link_finds_that_device_in_the_list_and_can_end_it(invited, client):
    person, token = invited

    client.post(f"/organisation/invitation/{token}/", {"login": "nowa", "password": PASSWORD})

    here = UserSession.objects.get(user__person=person)
    assert here.session_key == client.session.session_key
    assert client.get("/").status_code == 200
    here.end()
    assert client.get("/").url.startswith("/accounts/login/")
