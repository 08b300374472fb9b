"""The operations of each word: what they give, to whom, and what they leave alone."""

from __future__ import annotations

import pytest

from gracja.app.common.models import AuditEntry
from gracja.app.organisation.models import Person, Place, Shift
from gracja.engine.edition.read import read_edition


def send(client, address, given=None, method="post"):
    return getattr(client, method)(f"/api/v1{address}", given or {}, content_type="application/json")


def names(answer):
    return {one["name"] for one in answer.json()["items"]}


def test_a_place_is_added_changed_closed_and_opened(cast, calling, krakow):
    client = calling(cast.grazyna)

    added = send(client, "/places", {"name": "Kazimierz", "code": "KR-3", "parent": krakow.uid})
    uid = added.json()["uid"]
    changed = send(client, f"/places/{uid}", {"name": "Stradom"}, "patch")
    closed = [send(client, f"/places/{uid}/closing").json()["active"] for _ in range(2)]
    opened = send(client, f"/places/{uid}/opening").json()

    assert (added.status_code, changed.json()["code"], closed) == (201, "KR-3", [False, False])
    assert (opened["name"], opened["parent"], opened["active"]) == ("Stradom", krakow.uid, True)
    assert list(
        AuditEntry.objects.filter(subject_key=uid).order_by("pk").values_list("action", flat=True)
    ) == ["place.add", "place.change", "place.close", "place.open"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, None, 7, "a\x00b", "\ud800"])
def test_a_name_that_is_none_is_refused(cast, calling, name):
    assert send(calling(cast.grazyna), "/places", {"name": name}).status_code == 422


def test_a_place_lead_sees_her_place_and_its_people_and_no_other(cast, calling, rynek, galeria):
    client = calling(cast.anna)

    assert names(client.get("/api/v1/places")) == {"Rynek"}
    assert client.get(f"/api/v1/places/{galeria.uid}").status_code == 404
    assert names(client.get("/api/v1/people")) == {"Anna Wilk", "Darek Lis"}
    assert client.get(f"/api/v1/people/{cast.edyta.person.uid}").status_code == 404
    assert client.get(f"/api/v1/places/{galeria.uid}/shifts?week=2026-11-22").status_code == 404


def test_an_employee_sees_nobody_but_themselves(cast, calling):
    client = calling(cast.darek)

    assert names(client.get("/api/v1/people")) == set()
    assert client.get(f"/api/v1/people/{cast.darek.person.uid}").status_code == 200
    assert client.get(f"/api/v1/people/{cast.anna.person.uid}").status_code == 404


def test_somebody_is_added_with_a_role_and_deactivated(cast, calling, rynek):
    client = calling(cast.anna)
    given = {"name": "Ewa Mak", "role": "employee", "place": rynek.uid, "started_on": "2026-11-02"}

    added = send(client, "/people", given)
    uid = added.json()["uid"]

    assert added.status_code == 201
    assert added.json()["roles"] == [{"role": "employee", "place": rynek.uid}]
    assert send(client, f"/people/{uid}/deactivation").json()["active"] is False
    assert send(client, f"/people/{uid}/reactivation").json()["active"] is True


def test_nobody_gives_a_role_above_their_own(cast, calling, rynek, galeria):
    client = calling(cast.anna)

    for given in ({"role": "administrator"}, {"role": "employee", "place": galeria.uid}):
        assert send(client, "/people", {"name": "Ewa Mak", "place": rynek.uid} | given).status_code == 404
    assert send(client, "/people", {"name": "Ewa Mak", "role": "employee"}).status_code == 403
    assert not Person.objects.filter(name="Ewa Mak").exists()


def test_who_served_when_is_written_into_the_roster_once(cast, calling, rynek):
    client = calling(cast.anna)
    given = {"person": cast.darek.person.uid, "day": "2026-11-20", "begins": "22:00", "ends": "06:00"}

    for _ in range(2):
        added = send(client, f"/places/{rynek.uid}/shifts", given)

    assert added.status_code == 201
    assert Shift.objects.count() == 1
    assert client.get(f"/api/v1/places/{rynek.uid}/shifts?week=2026-11-22").json() == [
        {
            "person": cast.darek.person.uid,
            "place": rynek.uid,
            "starts_at": "2026-11-20T21:00:00Z",
            "ends_at": "2026-11-21T05:00:00Z",
        }
    ]


def test_a_day_off_the_calendar_is_refused(cast, calling, rynek):
    for week in ("0001-01-01", "9999-12-31", "soon"):
        answer = calling(cast.anna).get(f"/api/v1/places/{rynek.uid}/shifts?week={week}")
        assert answer.status_code == 422


def test_everybody_reads_the_edition_in_force_as_json_and_yaml(cast, calling, edition):
    client = calling(cast.darek)

    (only,) = client.get("/api/v1/editions/in-force").json()
    document = client.get(f"/api/v1/editions/{only['uid']}/document").json()
    text = client.get(f"/api/v1/editions/{only['uid']}/document.yaml")

    assert only["name"] == "salon@1"
    assert document == edition.document
    assert text.headers["Content-Type"] == "application/yaml"
    assert read_edition(text.content.decode()).edition.id == "salon"


def test_who_read_an_edition_is_told_to_those_who_may_see_them(cast, calling, edition):
    type(edition).objects.filter(pk=edition.pk)
    edition.pk, edition.uid, edition.version = None, "Zk3vXq0aB1cD2eF3", 2
    edition.must_acknowledge = ["employee"]
    edition.save()
    address = "/editions/Zk3vXq0aB1cD2eF3/acknowledgements"

    first, second = (send(calling(cast.darek), address).json() for _ in range(2))

    assert first == second
    assert names(calling(cast.filip).get(f"/api/v1{address}")) == {"Darek Lis"}
    assert names(calling(cast.filip).get(f"/api/v1{address}/missing")) == {"Edyta Kos"}
    assert names(calling(cast.celina).get(f"/api/v1{address}")) == set()
    assert calling(cast.darek).get(f"/api/v1{address}").status_code == 404


def test_a_notice_is_read_and_confirmed(cast, calling, told):
    client = calling(cast.darek)

    assert client.get("/api/v1/notices").json()["items"][0]["read_by_me"] is False
    for _ in range(2):
        assert send(client, f"/notices/{told.uid}/confirmation").json()["read_by_me"] is True
    assert AuditEntry.objects.filter(action="notice.confirm").count() == 1


def test_results_are_one_s_own_unless_one_may_read_others(cast, calling, edition, told, visits):
    from gracja.app.measurement.services.runs import ask_for_run, carry_out

    run = carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))

    mine = calling(cast.darek).get("/api/v1/me/result").json()
    assert mine["subject"] == cast.darek.person.uid
    assert mine["base"]["low"] < mine["base"]["value"] < mine["base"]["high"]
    assert calling(cast.darek).get(f"/api/v1/runs/{run.uid}").status_code == 404
    seen = calling(cast.anna).get(f"/api/v1/runs/{run.uid}/people").json()["items"]
    assert {one["title"] for one in seen} == {"Darek Lis"}
    both = calling(cast.filip).get(f"/api/v1/runs/{run.uid}/people").json()["items"]
    assert {one["title"] for one in both} == {"Darek Lis", "Edyta Kos"}
    places = calling(cast.filip).get(f"/api/v1/runs/{run.uid}/places").json()["items"]
    assert {one["title"] for one in places} == {"Rynek", "Galeria"}
    assert calling(cast.borys).get("/api/v1/me/result").status_code == 404


def test_a_place_closed_meanwhile_is_still_there_by_its_uid(cast, calling, rynek):
    Place.objects.filter(pk=rynek.pk).update(active=False)

    client = calling(cast.filip)
    assert "Rynek" not in names(client.get("/api/v1/places"))
    assert client.get(f"/api/v1/places/{rynek.uid}").json()["active"] is False
