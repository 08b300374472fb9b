"""A double click, or the same in two tabs: harmless, or refused with a sentence, and never an error.

Once one after the other, and once as if both had looked before either wrote: then the database's own rule
decides.
"""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.common.taken import unless_taken
from gracja.app.organisation.models import Person, Place, Role, Team, User
from gracja.app.organisation.services import people, places, teams
from gracja.app.organisation.services import roles as role_services
from gracja.app.organisation.services.invitations import accept_invitation, invite_person
from gracja.app.standards.models import Draft
from gracja.app.standards.services import drafts_start

PASSWORD = "fotel lustro szampon"


def no_look(monkeypatch, module, name, found=None):
    """As if what was looked for were not there yet."""
    monkeypatch.setattr(module, name, lambda *_args, **_given: found)


@pytest.fixture(params=["one after the other", "at once"])
def at_once(request):
    return request.param == "at once"


def test_a_place_is_added_once(cast, krakow, at_once, monkeypatch, refused):
    def add():
        return places.add_place(by=cast.filip, kind=Place.PLACE, name="Stradom", parent=krakow)

    add()
    if at_once:
        no_look(monkeypatch, places, "_check")
    with refused("place_name_taken", name="Stradom"):
        add()
    assert Place.objects.filter(name="Stradom").count() == 1
    assert AuditEntry.objects.filter(action="place.add").count() == 1


def test_a_code_is_one_place_s(cast, krakow, rynek, at_once, monkeypatch, refused):
    if at_once:
        no_look(monkeypatch, places, "_check")
    with refused("place_code_taken", given=rynek.code):
        places.add_place(by=cast.filip, kind=Place.PLACE, name="Stradom", code=rynek.code, parent=krakow)


def test_a_team_is_added_once(cast, rynek, at_once, monkeypatch, refused):
    def add():
        return teams.save_team(by=cast.anna, team=None, name="Poranna", place=rynek, people=[])

    add()
    if at_once:
        no_look(monkeypatch, teams, "_check_name")
    with refused("team_name_taken", name="Poranna"):
        add()
    assert Team.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [({"code": "N1"}, "person_code_taken"), ({"email": "nowa@x.example"}, "person_email_taken")],
)
def test_a_person_is_added_once(cast, roles, rynek, at_once, monkeypatch, refused, given, code):
    def add():
        return people.add_person(by=cast.anna, name="Nowa", role=roles["employee"], place=rynek, **given)

    add()
    if at_once:
        no_look(monkeypatch, people, "check_unique")
    with refused(code):
        add()
    assert Person.objects.filter(name="Nowa").count() == 1


def test_a_role_is_made_once(cast, at_once, monkeypatch, refused):
    def add():
        return role_services.add_role(
            by=cast.grazyna, title_pl="Trener", title_en="Coach", permissions=["person.read"]
        )

    add()
    if at_once:
        no_look(monkeypatch, role_services, "_give")
        no_look(monkeypatch, role_services, "_slug", "coach")
    with refused("role_title_taken"):
        add()
    assert Role.objects.filter(slug="coach").count() == 1


def test_a_login_is_one_account_s(cast, roles, rynek, at_once, monkeypatch, refused):
    new = people.add_person(by=cast.anna, name="Nowa", role=roles["employee"], place=rynek)
    _, token = invite_person(by=cast.anna, person=new)
    if at_once:
        monkeypatch.setattr(QuerySet, "exists", lambda _self: False)

    with refused("login_taken", login="Darek"):
        accept_invitation(token=token, login="Darek", password=PASSWORD)
    assert not User.objects.filter(person=new)
    accept_invitation(token=token, login="nowa", password=PASSWORD)


def test_the_page_of_an_invitation_sent_twice_says_that_it_was_used(cast, roles, rynek, client):
    new = people.add_person(by=cast.anna, name="Nowa", role=roles["employee"], place=rynek)
    _, token = invite_person(by=cast.anna, person=new)
    given = {"login": "nowa", "password": PASSWORD}

    answers = [client.post(f"/organisation/invitation/{token}/", given).status_code for _ in range(2)]

    assert answers == [302, 410]
    assert User.objects.filter(person=new).count() == 1


def test_a_trade_is_started_once(cast, at_once, monkeypatch, refused):
    drafts_start.start_draft(by=cast.filip, from_bundled="salon")
    if at_once:
        no_look(monkeypatch, drafts_start, "_former", [])

    with refused("draft_exists", edition="salon"):
        drafts_start.start_draft(by=cast.filip, from_bundled="salon")
    assert Draft.objects.count() == 1


def test_another_rule_of_the_database_is_no_refusal(cast):
    with pytest.raises(IntegrityError), unless_taken(team_name_once=Refused("team_name_taken", name="x")):
        Person.objects.create(name="Nowa", code="DAREK")
