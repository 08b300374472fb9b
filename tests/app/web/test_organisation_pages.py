"""Pages of the organisation: who sees them, and what they do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gracja.app.common.clock import now, today
from gracja.app.common.models import AuditEntry
from gracja.app.organisation.models import (
    ImportFile,
    Invitation,
    Membership,
    Person,
    Place,
    Role,
    Shift,
    StaffNotice,
    Team,
    User,
)
from gracja.app.organisation.services.imports import files
from gracja.app.organisation.services.imports.background import work_at_file
from gracja.app.organisation.services.invitations import invite_person

PAGES = (
    *("people", "person_add", "places", "place_add", "teams", "team_add", "roster", "roles", "role_add"),
    *("imports", "notices", "notice_add", "company", "log", "log_csv"),
)
COMPANY_WIDE = ("place_add", "roles", "role_add", "notice_add", "company", "log", "log_csv")


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_an_administrator_opens_every_page(cast, signed_in, name, language, django_assert_max_num_queries):
    client = signed_in(cast.grazyna, language=language)
    with django_assert_max_num_queries(15):
        response = client.get(reverse(name))
        b"".join(response)

    assert response.status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_lead_opens_what_concerns_her_place(cast, signed_in, name):
    status = signed_in(cast.anna).get(reverse(name)).status_code

    assert status == (404 if name in COMPANY_WIDE else 302 if name == "roster" else 200)


@pytest.mark.parametrize("name", PAGES)
def test_an_employee_opens_the_notices_only(cast, signed_in, name):
    assert signed_in(cast.darek).get(reverse(name)).status_code == (200 if name == "notices" else 404)


@pytest.mark.parametrize("name", PAGES)
def test_nobody_opens_anything_without_signing_in(client, company, name):
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        *("person_reactivate", "membership_add", "membership_remove", "invite", "invitation_withdraw"),
        *("place_open", "shift_remove", "notice_confirm"),
    ],
)
def test_what_changes_something_is_not_done_by_following_a_link(cast, signed_in, name):
    assert signed_in(cast.grazyna).get(reverse(name, args=("x",))).status_code == 405


def test_a_page_of_somebody_elsewhere_is_not_found(cast, signed_in, galeria):
    client = signed_in(cast.anna)
    uid = cast.edyta.person.uid
    for name in ("person", "person_change", "person_deactivate", "person_pseudonymise"):
        assert client.get(reverse(name, args=(uid,))).status_code == 404
    for name in ("person_reactivate", "membership_add", "membership_remove", "invite"):
        assert client.post(reverse(name, args=(uid,))).status_code == 404
    assert client.get(reverse("roster_week", args=(galeria.uid,))).status_code == 404
    assert client.get(reverse("place", args=(galeria.uid,))).status_code == 404


def test_an_employee_sees_their_own_page_and_changes_nothing_there(cast, signed_in):
    client = signed_in(cast.darek)
    uid = cast.darek.person.uid

    assert client.get(reverse("person", args=(uid,))).status_code == 200
    assert client.get(reverse("person_change", args=(uid,))).status_code == 403
    assert client.post(reverse("person_deactivate", args=(uid,))).status_code == 403


def test_somebody_is_added_and_what_is_wrong_stays_in_the_form(cast, signed_in, rynek):
    client = signed_in(cast.anna)
    said = {"name": "Żaneta Łoś", "role": "employee", "place": rynek.uid, "code": "darek"}

    wrong = client.post(reverse("person_add"), said)
    assert wrong.status_code == 422
    assert "already belongs to somebody" in wrong.text
    assert "Żaneta Łoś" in wrong.text
    right = client.post(reverse("person_add"), said | {"code": "Z1"})
    assert right.url == reverse("person", args=(Person.objects.get(code="Z1").uid,))


def test_a_person_changes_is_deactivated_taken_back_and_erased(cast, signed_in):
    client = signed_in(cast.filip)
    uid = cast.darek.person.uid

    assert client.post(reverse("person_change", args=(uid,)), {"name": "Dariusz Lis"}).status_code == 302
    assert "Dariusz Lis?" in client.get(reverse("person_deactivate", args=(uid,))).text
    client.post(reverse("person_deactivate", args=(uid,)))
    assert "Take the account back" in client.get(reverse("person", args=(uid,))).text
    client.post(reverse("person_reactivate", args=(uid,)))
    assert "Dariusz Lis?" in client.get(reverse("person_pseudonymise", args=(uid,))).text
    client.post(reverse("person_pseudonymise", args=(uid,)))
    page = client.get(reverse("person", args=(uid,))).text
    assert "Personal data erased" in page
    assert "Dariusz" not in page


def test_a_role_is_given_and_taken_away(cast, signed_in, rynek):
    client = signed_in(cast.anna)
    uid = cast.darek.person.uid
    said = {"role": "place_lead", "place": rynek.uid}
    for _ in range(2):
        client.post(reverse("membership_add", args=(uid,)), said)
    assert cast.darek.person.memberships.count() == 2
    for _ in range(2):
        client.post(reverse("membership_remove", args=(uid,)), said)
    assert cast.darek.person.memberships.count() == 1
    page = client.post(reverse("membership_remove", args=(uid,)), said | {"role": "employee"}, follow=True)
    assert page.status_code == 404  # nobody of hers any longer
    page = signed_in(cast.grazyna).get(reverse("person", args=(uid,))).text
    assert "No role yet" in page
    assert "Employee</strong>" not in page
    assert "Earlier roles" in page


def test_a_role_that_is_not_in_the_lists_is_not_given(cast, signed_in):
    client = signed_in(cast.anna)
    uid = cast.darek.person.uid
    page = client.post(
        reverse("membership_add", args=(uid,)), {"role": "administrator", "place": "company"}, follow=True
    )
    assert "Choose a role and a place" in page.text


def test_the_last_administrator_is_told_why_not(cast, signed_in):
    client = signed_in(cast.grazyna)
    response = client.post(reverse("person_deactivate", args=(cast.grazyna.person.uid,)))

    assert response.status_code == 409
    assert "Nobody would be left" in response.text


def test_places_are_added_renamed_moved_closed_and_opened(cast, signed_in, krakow, rynek):
    client = signed_in(cast.filip)
    client.post(
        reverse("place_add"),
        {"name": "Południe", "kind": "region", "zone": "Europe/Warsaw", "parent": "company"},
    )
    south = Place.objects.get(name="Południe")
    said = {"name": "Kraków", "kind": "region", "zone": "Europe/Warsaw", "parent": south.uid}
    assert client.post(reverse("place", args=(krakow.uid,)), said).status_code == 302
    rynek.refresh_from_db()
    assert rynek.path.startswith(south.path)
    wrong = client.post(reverse("place", args=(south.uid,)), said | {"parent": rynek.uid})
    assert wrong.status_code == 422
    client.post(reverse("place_close", args=(krakow.uid,)))
    assert "Rynek" not in client.get(reverse("places")).text
    assert "Rynek" in client.get(reverse("places") + "?closed=1").text
    client.post(reverse("place_open", args=(krakow.uid,)))
    assert "Rynek" in client.get(reverse("places")).text


def test_a_team_is_made_changed_and_dissolved(cast, signed_in, rynek):
    client = signed_in(cast.anna)
    address = f"{reverse('team_add')}?place={rynek.uid}"
    assert client.get(address).status_code == 200
    client.post(address, {"name": "Rano", "people": [cast.darek.person.uid]})
    team = Team.objects.get()
    assert client.post(address, {"name": "RANO"}).status_code == 422
    client.post(reverse("team", args=(team.uid,)), {"name": "Poranek", "people": []})
    assert (Team.objects.get().name, team.people.count()) == ("Poranek", 0)
    assert signed_in(cast.celina).get(reverse("team", args=(team.uid,))).status_code == 404
    client.post(reverse("team_delete", args=(team.uid,)))
    assert not Team.objects.exists()


def test_roles_of_ones_own_come_and_go_and_built_in_ones_stay(cast, signed_in):
    client = signed_in(cast.grazyna)
    said = {"title_pl": "Trener", "title_en": "Coach", "permissions": ["result.read"]}
    client.post(reverse("role_add"), said)
    assert client.post(reverse("role_add"), said).status_code == 422
    client.post(reverse("role", args=("coach",)), said | {"permissions": ["result.read", "visit.read"]})
    assert Role.objects.get(slug="coach").permissions == ["visit.read", "result.read"]
    assert client.get(reverse("role", args=("employee",))).status_code == 200
    assert client.post(reverse("role", args=("employee",)), said | {"title_pl": "x"}).status_code == 422
    assert client.post(reverse("role_delete", args=("employee",))).status_code == 409
    client.post(reverse("role_delete", args=("coach",)))
    assert not Role.objects.filter(slug="coach").exists()


def test_a_week_of_the_roster_is_planned_and_downloaded(cast, signed_in, rynek):
    client = signed_in(cast.anna)
    address = reverse("roster_week", args=(rynek.uid,))
    said = {"person": cast.darek.person.uid, "day": "2026-11-23", "begins": "08:30", "ends": "16:00"}
    assert client.post(address, said).url == f"{address}?week=2026-11-23"
    overlap = client.post(address, said | {"begins": "10:00"})
    assert overlap.status_code == 422
    assert "already serves then" in overlap.text
    page = client.get(f"{address}?week=2026-11-25").text
    assert "Darek Lis" in page
    file = client.get(reverse("roster_csv", args=(rynek.uid,)) + "?week=2026-11-25")
    assert "Darek Lis;darek;Rynek;2026-11-23;08:30;16:00" in file.content.decode("utf-8-sig")
    shift = Shift.objects.get()
    gone = {"person": cast.darek.person.uid, "starts_at": shift.starts_at.isoformat()}
    assert client.post(reverse("shift_remove", args=(rynek.uid,)), gone).status_code == 302
    assert client.post(reverse("shift_remove", args=(rynek.uid,)), gone).status_code == 404


@pytest.mark.parametrize("week", ["nonsense", "2026-13-45", ""])
def test_a_week_that_is_none_is_this_one(cast, signed_in, rynek, week):
    assert (
        signed_in(cast.anna).get(f"{reverse('roster_week', args=(rynek.uid,))}?week={week}").status_code
        == 200
    )


def test_an_invitation_makes_an_account_once(cast, signed_in, client, roles, rynek):
    person = Person.objects.create(name="Iga Nowa", email="iga@salony.example")
    Membership.objects.create(person=person, role=roles["employee"], place=rynek)
    page = signed_in(cast.anna).post(reverse("invite", args=(person.uid,)))
    address = page.context["address"]
    assert page.status_code == 200
    assert "<svg" in page.text
    assert "style=" not in page.text
    assert address.rsplit("/", 2)[1] not in str(list(Invitation.objects.values()))
    assert "Welcome, Iga Nowa" in client.get(address, headers={"accept-language": "en"}).text
    easy = client.post(address, {"login": "iga", "password": "password"})
    assert easy.status_code == 422
    taken = client.post(address, {"login": "DAREK", "password": "kot-na-dachu-2026"})
    assert taken.status_code == 422
    assert client.post(address, {"login": "iga", "password": "kot-na-dachu-2026"}).url == reverse("home")
    assert User.objects.get(login="iga").person == person
    again = client.get(address, headers={"accept-language": "en"})
    assert again.status_code == 410
    assert "has been used" in again.text


def test_a_link_that_is_over_says_what_to_do(cast, client):
    _, withdrawn = invite_person(by=cast.anna, person=cast.darek.person)
    _, expired = invite_person(by=cast.anna, person=cast.darek.person)
    Invitation.objects.filter(withdrawn_at=None).update(expires_at=now() - timedelta(minutes=1))
    english = {"accept-language": "en"}

    assert "withdrawn" in client.get(reverse("invitation", args=(withdrawn,)), headers=english).text
    assert "seven days" in client.get(reverse("invitation", args=(expired,)), headers=english).text
    unknown = client.get(reverse("invitation", args=("made-up",)), headers=english)
    assert (unknown.status_code, "Copy the whole link" in unknown.text) == (404, True)


def test_a_new_password_by_link_signs_the_old_one_out(cast, signed_in, client):
    _, token = invite_person(by=cast.anna, person=cast.darek.person)
    address = reverse("invitation", args=(token,))
    assert client.post(address, {"password": "kot-na-dachu-2026"}).status_code == 302
    assert User.objects.get(login="darek").check_password("kot-na-dachu-2026")


def test_an_invitation_is_sent_where_mail_is_set_up(cast, signed_in, settings, mailoutbox):
    settings.EMAIL_CONFIGURED = True
    page = signed_in(cast.anna).post(reverse("invite", args=(cast.darek.person.uid,)))

    (message,) = mailoutbox
    assert message.to == ["darek@salony.example"]
    assert page.context["address"] in message.body


def given(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("ludzie.csv", text.encode("cp1250"), "text/csv")


PEOPLE = "Imię i nazwisko;Kod;Placówka\nŻaneta Źdźbło;Z1;Rynek\n;Z2;Rynek\n"


def test_a_file_is_looked_at_put_right_and_taken_over(cast, signed_in):
    client = signed_in(cast.filip)
    response = client.post(reverse("import_upload", args=("people",)), {"file": given(PEOPLE)})
    page = client.get(response.url)
    file = ImportFile.objects.get()
    assert (page.context["counts"], "Żaneta Źdźbło" in page.text) == (
        {"add": 1, "change": 0, "same": 0, "wrong": 1},
        True,
    )
    columns = {"column-name": "0", "column-code": "1", "column-place": "-1", "separator": ";"}
    client.post(response.url, columns)
    file.refresh_from_db()
    assert file.mapping == {"name": 0, "code": 1}
    address = reverse("import_apply", args=("people", file.uid))
    assert client.post(address).url == response.url
    assert not Person.objects.filter(code="Z1").exists()
    for _ in range(2):
        assert client.post(address, {"leave_wrong": "1"}).url == reverse("people")
    assert Person.objects.filter(code="Z1").count() == 1
    assert signed_in(cast.grazyna).get(response.url).status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"PK\x03\x04zip", "workbook"), (b"", "empty"), (b'a;b\n"x', "quotation mark")],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(cast, signed_in, content, said):
    file = SimpleUploadedFile("x.csv", content)
    page = signed_in(cast.filip).post(reverse("import_upload", args=("people",)), {"file": file})

    assert page.status_code == 422
    assert said in page.text


def test_a_file_whose_columns_are_strange_asks_which_is_which(cast, signed_in):
    client = signed_in(cast.filip)
    response = client.post(reverse("import_upload", args=("people",)), {"file": given("Kto;Co\nAla;1\n")})
    page = client.get(response.url)

    assert page.status_code == 422
    assert "Which column is which" in page.text
    assert "No column is “First name and surname”" in page.text


@pytest.mark.parametrize("kind", ["people", "places", "roster"])
def test_a_sample_can_be_taken_over_itself(cast, signed_in, kind):
    client = signed_in(cast.grazyna)
    sample = client.get(reverse("import_sample", args=(kind,)))
    file = SimpleUploadedFile("s.csv", sample.content)
    response = client.post(reverse("import_upload", args=(kind,)), {"file": file})

    assert "columns" in client.get(response.url).context


def test_a_notice_is_drafted_given_read_and_stays(cast, signed_in):
    client, darek = signed_in(cast.filip), signed_in(cast.darek)
    said = {"text_en": "We measure visits.", "sources": ["visit"], "measured_from": today().isoformat()}
    client.post(reverse("notice_add"), said)
    notice = StaffNotice.objects.get()
    page = reverse("notice", args=(notice.uid,))
    assert darek.get(page).status_code == 404
    assert darek.post(reverse("notice_give", args=(notice.uid,))).status_code == 404
    for _ in range(2):
        client.post(reverse("notice_give", args=(notice.uid,)))
    assert "We measure visits." in darek.get(page).text
    for _ in range(2):
        darek.post(reverse("notice_confirm", args=(notice.uid,)))
    assert AuditEntry.objects.filter(action="notice.confirm").count() == 1
    missing = [one.name for one in client.get(page).context["missing"]]
    assert (len(missing), "Darek Lis" in missing) == (7, False)
    assert client.post(reverse("notice_change", args=(notice.uid,)), said).status_code == 422
    assert client.post(reverse("notice_drop", args=(notice.uid,))).status_code == 409


def test_a_notice_for_the_past_is_not_given_and_leads_back_to_its_date(cast, signed_in):
    client = signed_in(cast.filip)
    client.post(reverse("notice_add"), {"text_pl": "x", "sources": ["visit"], "measured_from": "2020-01-01"})
    notice = StaffNotice.objects.get()
    response = client.post(reverse("notice_give", args=(notice.uid,)))

    assert response.url == reverse("notice_change", args=(notice.uid,))
    assert StaffNotice.objects.get().given_at is None
    assert "1\xa0January\xa02020 is past" in client.get(response.url).text


def test_the_log_is_read_narrowed_and_downloaded(cast, signed_in, rynek):
    client = signed_in(cast.filip)
    client.post(reverse("person_change", args=(cast.darek.person.uid,)), {"name": "Dariusz Lis"})
    client.post(reverse("place_close", args=(rynek.uid,)))
    log = reverse("log")

    assert "Particulars changed: Dariusz Lis" in client.get(log).text
    assert len(client.get(f"{log}?who=dariusz").context["lines"]) == 1
    assert len(client.get(f"{log}?action=place.close").context["lines"]) == 1
    assert len(client.get(f"{log}?place={rynek.uid}&subject=place").context["lines"]) == 1
    assert len(client.get(f"{log}?first=2099-01-01").context["lines"]) == 0
    assert len(client.get(f"{log}?last={date(2000, 1, 1)}").context["lines"]) == 0
    file = b"".join(client.get(reverse("log_csv"))).decode("utf-8-sig")
    assert "Filip Żuk;Place closed: Rynek;Rynek;In use;yes;no" in file


def test_of_five_thousand_people_only_those_shown_are_read(
    cast, signed_in, roles, rynek, django_assert_max_num_queries
):
    people = Person.objects.bulk_create(Person(name=f"Osoba Numer {n}", code=f"P{n}") for n in range(5000))
    Membership.objects.bulk_create(
        Membership(person=one, role=roles["employee"], place=rynek) for one in people
    )
    client = signed_in(cast.filip)
    with django_assert_max_num_queries(15):
        page = client.get(reverse("people"), {"text": "numer 49", "place": rynek.uid}).context["page"]

    assert page.paginator.count == sum("49" in str(n) for n in range(5000))
    assert len(page.object_list) == 50, "whoever is not shown is not read"


def test_a_large_file_is_followed_until_it_is_taken_over(cast, signed_in, monkeypatch):
    monkeypatch.setattr(files, "AT_ONCE", 1)
    client = signed_in(cast.grazyna, language="en")
    given = SimpleUploadedFile("osoby.csv", b"Name;Code\nJan Mak;J1\nAla Kot;A1\n")
    page = client.post(reverse("import_upload", args=["people"]), {"file": given}).url
    fragment = {"hx-request": "true"}

    assert "being looked at" in client.get(page).content.decode()
    assert 'hx-trigger="every 2s"' in client.get(page, headers=fragment).content.decode()
    file = ImportFile.objects.get()
    work_at_file.call(file.uid)
    assert client.get(page, headers=fragment).headers["HX-Refresh"] == "true"
    assert "2 rows would be added" in client.get(page).content.decode()

    assert client.post(reverse("import_apply", args=["people", file.uid])).url == page
    assert "being taken over" in client.get(page).content.decode()
    work_at_file.call(file.uid)
    assert client.get(page, headers=fragment).headers["HX-Refresh"] == "true"
    assert "2 rows were added" in client.get(page).content.decode()
    assert Person.objects.filter(code__in=("J1", "A1")).count() == 2


def test_a_large_file_that_needs_help_says_so_and_can_be_put_right(cast, signed_in, monkeypatch):
    monkeypatch.setattr(files, "AT_ONCE", 1)
    client = signed_in(cast.grazyna, language="en")
    given = SimpleUploadedFile("osoby.csv", b"X;Y\nJan Mak;J1\nAla Kot;A1\n")
    page = client.post(reverse("import_upload", args=["people"]), {"file": given}).url
    work_at_file.call(ImportFile.objects.get().uid)

    assert "Which column is which" in client.get(page).content.decode()
    assert client.get(page).context["trouble"]
    client.post(page, {"column-name": "0", "column-code": "1"})
    work_at_file.call(ImportFile.objects.get().uid)
    assert "2 rows would be added" in client.get(page).content.decode()


def test_the_list_does_not_say_that_somebody_without_an_account_is_at_work(cast, signed_in, rynek):
    client = signed_in(cast.anna)
    User.objects.filter(pk=cast.darek.pk).delete()

    assert "no account yet" in client.get(reverse("people"), {"text": "Darek"}).content.decode()
    invite_person(by=cast.anna, person=cast.darek.person)
    assert "invited, no account yet" in client.get(reverse("people"), {"text": "Darek"}).content.decode()
    assert "no account yet" not in client.get(reverse("people"), {"text": "Borys"}).content.decode()
