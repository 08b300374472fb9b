from __future__ import annotations

from datetime import date, timedelta

import pytest
from axes.models import AccessAttempt
from django.http import Http404

from gracja.app.common.audit import HIDDEN
from gracja.app.common.clock import today
from gracja.app.common.models import AuditEntry
from gracja.app.contacts.models import ExternalId
from gracja.app.operations.erasure import pseudonymise_person
from gracja.app.organisation.models import ImportFile, Membership, Person, User
from gracja.app.organisation.selectors import people as selectors
from gracja.app.organisation.selectors.people import Sought
from gracja.app.organisation.services import people as services
from gracja.app.organisation.services.teams import save_team


def given(person: Person, **other):
    return {
        "name": person.name,
        "email": person.email,
        "code": person.code,
        "started_on": person.started_on,
        "trainee_until": person.trainee_until,
        **other,
    }


def test_a_lead_adds_somebody_at_her_place(cast, roles, rynek):
    person = services.add_person(
        by=cast.anna, name="Żaneta Łoś", role=roles["employee"], place=rynek, code="Z1"
    )

    assert person.memberships.get().place == rynek
    entry = AuditEntry.objects.get(action="person.add")
    assert (entry.subject_key, entry.after["name"], entry.after["code"]) == (person.key, HIDDEN, HIDDEN)


def test_a_lead_adds_nobody_elsewhere_and_nobody_above_her(cast, roles, rynek, galeria, refused):
    with refused("not_permitted"):
        services.add_person(by=cast.anna, name="X", role=roles["employee"], place=galeria)
    with refused("permission_not_yours"):
        services.add_person(by=cast.anna, name="X", role=roles["analyst"], place=rynek)
    assert not Person.objects.filter(name="X").exists()


def test_codes_and_addresses_are_one_persons(cast, roles, rynek, refused):
    with refused("person_code_taken"):
        services.add_person(by=cast.anna, name="X", role=roles["employee"], place=rynek, code="DAREK")
    with refused("person_email_taken"):
        services.change_person(
            by=cast.anna,
            person=cast.darek.person,
            **given(cast.darek.person, email="Edyta@salony.example"),
        )


def test_the_accounts_address_follows_and_the_log_says_only_that_it_changed(cast):
    services.change_person(
        by=cast.anna, person=cast.darek.person, **given(cast.darek.person, email="nowy@salony.example")
    )

    assert User.objects.get(login="darek").email == "nowy@salony.example"
    assert AuditEntry.objects.get(action="person.change").after == {"email": HIDDEN}


def test_a_lead_cannot_take_over_the_account_of_somebody_who_may_do_more(cast, roles, rynek, refused):
    cast.grazyna.person.memberships.create(role=roles["employee"], place=rynek)
    person = Person.objects.get(pk=cast.grazyna.person_id)
    with refused("not_permitted"):
        services.change_person(by=cast.anna, person=person, **given(person, email="x@salony.example"))
    with refused("above_you"):
        services.change_person(by=cast.filip, person=person, **given(person, email="x@salony.example"))


def test_who_is_deactivated_is_signed_out_everywhere_and_may_come_back(cast, signed_in):
    client = signed_in(cast.darek)
    client.get("/results/mine/")
    services.deactivate_person(by=cast.anna, person=cast.darek.person)
    services.deactivate_person(by=cast.anna, person=cast.darek.person)

    assert client.get("/results/mine/").status_code == 302
    assert AuditEntry.objects.filter(action="person.deactivate").count() == 1
    services.reactivate_person(by=cast.anna, person=cast.darek.person)
    assert client.get("/results/mine/").status_code == 302  # the old session stays ended
    assert User.objects.get(login="darek").is_active


def test_pseudonymising_leaves_a_key_and_nothing_that_names_them(cast, rynek):
    person = cast.darek.person
    ExternalId.objects.create(system="visits", value="D. Lis", person=person)
    User.objects.filter(person=person).update(login="Darek", email="")
    for username in ("Darek", "darek", ""):  # as it is, as a guess is kept, and somebody else's
        AccessAttempt.objects.create(username=username, ip_address="10.0.0.1", failures_since_start=1)
    content = b"Osoba\nDarek Lis\n"
    ImportFile.objects.create(kind="people", file_name="x.csv", content=content, given_by=cast.filip.person)
    services.change_person(by=cast.anna, person=person, **given(person, code="D-7"))

    pseudonymise_person(by=cast.filip, person=person)
    pseudonymise_person(by=cast.filip, person=person)

    person.refresh_from_db()
    letters = "".join(one for one in person.key if one.isalnum())[:4].upper()
    assert (person.name, person.email, person.code) == (f"Osoba {letters}", "", "")
    assert person.found_by == f"osoba{letters.lower()}"
    assert not person.active
    assert not User.objects.filter(person=person).exists()
    assert not ExternalId.objects.exists()
    assert not ImportFile.objects.exists()
    assert [one.username for one in AccessAttempt.objects.all()] == [""]
    kept = str(list(AuditEntry.objects.values()))
    assert not any(word in kept for word in ("Lis", "salony.example", "D-7"))
    assert AuditEntry.objects.filter(action="person.pseudonymise").count() == 1


def test_a_pseudonym_is_final(cast, refused):
    pseudonymise_person(by=cast.filip, person=cast.darek.person)
    person = Person.objects.get(pk=cast.darek.person_id)
    with refused("erased"):
        services.reactivate_person(by=cast.filip, person=person)
    with refused("erased"):
        services.change_person(by=cast.filip, person=person, **given(person, name="Darek"))


def test_a_lead_pseudonymises_nobody(cast, refused):
    with refused("not_permitted"):
        pseudonymise_person(by=cast.anna, person=cast.darek.person)


@pytest.mark.parametrize("text", ["zuk", "Żuk", "FILIP", "filip ŻUK", "filip@sal", "fil"])
def test_people_are_found_without_regard_to_case_and_diacritics(cast, text):
    assert [one.name for one in selectors.people(by=cast.filip, sought=Sought(text=text))] == ["Filip Żuk"]


def test_a_list_is_narrowed_by_place_role_and_state(cast, krakow, rynek):
    cast.darek.person.trainee_until = date(2099, 1, 1)
    cast.darek.person.save()
    Person.objects.filter(pk=cast.edyta.person_id).update(deactivated_at=cast.anna.made_at)

    def names(**sought):
        found = selectors.people(by=cast.filip, sought=Sought(**sought))
        return [one.name.split()[0] for one in found]

    assert names(place=rynek.uid) == ["Anna", "Darek"]
    assert names(place=krakow.uid) == ["Anna", "Celina", "Darek"]
    assert names(role="employee") == ["Darek"]
    assert names(state="trainee") == ["Darek"]
    assert names(state="inactive") == ["Edyta"]


def test_a_lead_sees_people_of_her_place_and_an_employee_only_themselves(cast):
    assert [one.name for one in selectors.people(by=cast.anna, sought=Sought())] == ["Anna Wilk", "Darek Lis"]
    assert not selectors.people(by=cast.darek, sought=Sought())
    assert selectors.person_page(by=cast.darek, uid=cast.darek.person.uid) == cast.darek.person
    with pytest.raises(Http404):
        selectors.person_page(by=cast.anna, uid=cast.edyta.person.uid)
    with pytest.raises(Http404):
        selectors.person_page(by=cast.darek, uid=cast.anna.person.uid)


@pytest.mark.parametrize(
    ("began", "said"),
    [(date(2024, 10, 23), (2, 0)), (date(2024, 11, 23), (1, 11)), (date(2027, 1, 1), None), (None, None)],
)
def test_tenure_is_counted_in_whole_months(began, said, monkeypatch):
    monkeypatch.setattr(selectors, "today", lambda: date(2026, 11, 22))

    assert selectors.tenure(Person(started_on=began)) == said


def test_a_team_takes_only_who_works_at_its_place(cast, rynek, refused):
    with refused("team_person_elsewhere", name=cast.edyta.person.name):
        save_team(by=cast.filip, team=None, name="Ranna", place=rynek, people=[cast.edyta.person])


def test_who_moved_away_may_stay_in_the_team(cast, rynek):
    team = save_team(by=cast.filip, team=None, name="Ranna", place=rynek, people=[cast.darek.person])
    Membership.objects.filter(person=cast.darek.person).update(until=today() - timedelta(days=1))

    save_team(by=cast.filip, team=team, name="Wczesna", place=rynek, people=[cast.darek.person])

    assert list(team.people.all()) == [cast.darek.person]
