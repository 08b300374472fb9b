"""The operations of each word: what they give, to whom, and what they leave alone."""

from __future__ import annotations

from datetime import datetime, timedelta

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


TALK = {
    "contact": "c1",
    "employee": "Darek",
    "channel": "chat",
    "turns": [
        {"speaker": "customer", "text": "Składam reklamację"},
        {"speaker": "agent", "text": "Przepraszam Panią"},
    ],
}


def test_conversations_go_into_the_archive_once(cast, calling, company):
    client = calling(cast.filip)

    first, second = (send(client, "/conversations", {"conversations": [TALK]}).json() for _ in range(2))
    other = TALK | {"turns": TALK["turns"][:1]}
    third = send(client, "/conversations", {"conversations": [other, TALK | {"contact": "c2"}]}).json()

    assert first == {"new": 1, "known": 0, "changed": 0}
    assert second == {"new": 0, "known": 1, "changed": 0}
    assert third == {"new": 1, "known": 0, "changed": 1}


def test_of_conversations_with_a_fault_none_is_put_in_and_each_fault_has_its_place(cast, calling, company):
    wrong = TALK | {"contact": "c2", "turns": [{"speaker": "robot", "text": "Piip"}]}

    answer = send(calling(cast.filip), "/conversations", {"conversations": [TALK, wrong, 7]})

    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("conversations[1].turns[0].speaker", "speaker_unknown"),
        ("conversations[2]", "json_not_object"),
    ] or answer.json()["code"] == "input_does_not_fit"
    assert send(calling(cast.filip), "/conversations", {"conversations": [TALK]}).json()["new"] == 1


def test_who_may_not_bring_conversations_in_brings_none(cast, calling, company):
    for user in (cast.anna, cast.darek, cast.hubert):
        assert send(calling(user), "/conversations", {"conversations": [TALK]}).status_code == 403


def visit(cast, place, edition, **more):
    return {
        "contact": "wizyta-1",
        "edition": edition.uid,
        "place": place.uid,
        "employee": cast.darek.person.uid,
        "occurred_at": "2026-10-01T09:00:00Z",
        "marks": {"greet": "yes"},
    } | more


@pytest.fixture
def marks(edition):
    """Two standards of the edition that are answered by yes or no, seen in person."""
    return {
        one["standard"]: "yes"
        for part in edition.document["sequence"]
        for enhancer in part.get("enhancers", [])
        for one in enhancer.get("standards", [])
        if one.get("measure", "yes_no") == "yes_no" and "in_person" in one["channels"]
    }


def test_a_visit_is_recorded_once_and_read_by_those_whom_it_concerns(
    cast, calling, rynek, edition, marks, told
):
    given = visit(cast, rynek, edition, marks=marks)

    first, second = (send(calling(cast.anna), "/visits", given) for _ in range(2))

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    uid = first.json()["uid"]
    assert {one["value"] for one in first.json()["marks"]} == {1.0}
    for user, status in ((cast.darek, 200), (cast.anna, 200), (cast.celina, 404), (cast.edyta, 404)):
        assert calling(user).get(f"/api/v1/visits/{uid}").status_code == status
    assert [one["uid"] for one in calling(cast.anna).get("/api/v1/visits").json()["items"]] == [uid]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"marks": {"no_such": "yes"}}, "mark_standard_unknown"),
        ({"occurred_at": "2099-01-01T00:00:00Z"}, "moment_in_future"),
        ({"occurred_at": "1989-01-01T00:00:00Z"}, "moment_too_old"),
        ({"occurred_at": "9999-12-31T23:59:59Z"}, "moment_in_future"),  # which no clock at Rynek reaches
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "moment_too_old"),
        ({"edition": "Zk3vXq0aB1cD2eF3"}, "no_such_edition"),
        ({"employee": "Zk3vXq0aB1cD2eF3"}, "no_such_person"),
    ],
)
def test_a_visit_that_cannot_be_is_refused(cast, calling, rynek, edition, marks, wrong, code):
    answer = send(calling(cast.anna), "/visits", visit(cast, rynek, edition, marks=marks) | wrong)

    assert (answer.status_code, answer.json()["code"]) == (409, code)


def test_a_mark_that_is_none_and_another_visit_of_the_same_name_are_refused(
    cast, calling, rynek, edition, marks
):
    client = calling(cast.anna)
    name = next(iter(marks))

    unreadable = send(client, "/visits", visit(cast, rynek, edition, marks={name: "often"}))
    send(client, "/visits", visit(cast, rynek, edition, marks=marks))
    other = send(client, "/visits", visit(cast, rynek, edition, marks={name: "no"}))

    assert unreadable.json()["code"] == "mark_unreadable"
    assert unreadable.json()["facts"]["standard"] == name
    assert f"marks.{name}" in unreadable.json()["detail"]
    assert other.json()["code"] == "visit_named_so"


@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_refusal_of_a_visit_speaks_of_fields_and_not_of_cells(
    cast, calling, rynek, edition, marks, language
):
    client = calling(cast.anna, language=language)
    standards = [
        one
        for part in edition.document["sequence"]
        for enhancer in part.get("enhancers", [])
        for one in enhancer["standards"]
    ]
    always = next(one["standard"] for one in standards if one["standard"] in marks and "na_when" not in one)
    wrong = (
        {"marks": {"no_such": "yes"}},
        {"marks": {always: "often"}},
        {"marks": {always: "n/a"}},
        {"occurred_at": "2099-01-01T00:00:00Z"},
        {"channel": "letter"},
    )

    said = []
    for one in wrong:
        answer = send(client, "/visits", visit(cast, rynek, edition, marks=marks) | one)
        assert answer.status_code == 409
        said.append(answer.json()["detail"])

    assert not [one for one in said if "cell" in one.lower() or "komórk" in one.lower()]
    assert all("marks" in one or "occurred_at" in one for one in said)


def test_a_time_given_in_another_zone_is_answered_in_utc(cast, calling, rynek, edition, marks):
    client = calling(cast.anna)
    given = visit(cast, rynek, edition, marks=marks, occurred_at="2026-10-01T11:00:00+02:00")

    written = send(client, "/visits", given).json()

    read = client.get(f"/api/v1/visits/{written['uid']}").json()
    assert written["occurred_at"] == read["occurred_at"] == "2026-10-01T09:00:00Z"


def test_visits_of_one_person_are_asked_for_by_their_uid(cast, calling, rynek, galeria, edition, marks):
    filip = calling(cast.filip)
    send(filip, "/visits", visit(cast, rynek, edition, marks=marks))
    theirs = {"contact": "wizyta-2", "employee": cast.edyta.person.uid}
    send(filip, "/visits", visit(cast, galeria, edition, marks=marks, **theirs))

    def contacts(user, person):
        found = calling(user).get(f"/api/v1/visits?employee={person.person.uid}").json()["items"]
        return [one["contact"] for one in found]

    assert contacts(cast.filip, cast.darek) == ["wizyta-1"]
    assert contacts(cast.filip, cast.edyta) == ["wizyta-2"]
    assert contacts(cast.anna, cast.edyta) == []


def test_a_lead_records_a_visit_only_of_who_was_hers_on_its_day(cast, calling, rynek, edition, marks):
    seen = visit(cast, rynek, edition, marks=marks)
    day = datetime.fromisoformat(seen["occurred_at"]).date()
    held = cast.darek.person.memberships
    anna = calling(cast.anna)

    held.update(until=day - timedelta(days=1))
    assert send(anna, "/visits", seen).json()["code"] == "no_such_person"
    held.update(until=day)
    assert send(anna, "/visits", seen).status_code == 201


def test_a_visit_at_another_place_is_not_one_s_to_record(cast, calling, galeria, edition, marks):
    answer = send(calling(cast.anna), "/visits", visit(cast, galeria, edition, marks=marks))

    assert answer.status_code == 404
