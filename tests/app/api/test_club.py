"""The club through the interface."""

from __future__ import annotations

import pytest
from app.club_world import club_at
from app.giving_world import gestures_at

from gracja.app.gestures.club.models import Member
from gracja.app.gestures.club.services.members import note_visit

AT = "/api/v1/club"


@pytest.fixture
def made(cast, rynek):
    gestures_at(rynek, cast)
    return club_at(rynek, cast)


def sent(client, path, body=None, **headers):
    return client.post(f"{AT}{path}", body or {}, content_type="application/json", headers=headers)


def joining(customer, **changed):
    return {"customer": customer.uid, "version": 1, "language": "pl"} | changed


def test_a_customer_joins_with_consent_once_and_leaves(calling, cast, made):
    darek = calling(cast.darek)
    assert darek.get(AT).json()["version"] == 1

    first = sent(darek, "/members", joining(made.newcomer), **{"idempotency-key": "a"})
    again = sent(darek, "/members", joining(made.newcomer), **{"idempotency-key": "a"})
    anew = sent(darek, "/members", joining(made.newcomer))

    assert first.status_code == again.status_code == anew.status_code == 200, first.content
    member = first.json()
    assert again.json() == anew.json() == member
    assert (member["customer"], member["level"], member["birthday_agreed"]) == (
        made.newcomer.uid,
        None,
        False,
    )
    assert darek.get(f"{AT}/members/{member['uid']}").json() == member
    for _ in range(2):
        left = sent(darek, f"/members/{member['uid']}/leave").json()
    assert left["left_at"]
    assert (left["card"], left["level"]) == (None, None)
    assert not made.newcomer.consents.filter(purpose="club", withdrawn_at=None).exists()


def test_a_text_that_is_no_longer_in_force_was_not_agreed_to(calling, cast, made):
    answer = sent(calling(cast.darek), "/members", joining(made.newcomer, version=7))

    assert (answer.status_code, answer.json()["code"]) == (409, "club_changed_meanwhile")
    assert Member.objects.count() == 1


def test_a_card_leads_to_level_and_perks(calling, cast, made):
    darek = calling(cast.darek)
    card = darek.get(f"{AT}/members/{made.member.uid}").json()["card"]

    found = sent(darek, "/cards/scan", {"card": card.replace("-", "").lower()}).json()
    unknown = sent(darek, "/cards/scan", {"card": "none"})

    assert (found["uid"], found["card"], found["agreed_version"]) == (made.member.uid, card, 1)
    assert found["next"]["start_at"] - found["counted"] == found["still"]
    assert (unknown.status_code, unknown.json()["code"]) == (409, "card_unknown")


def test_a_visit_is_noted_once_a_day(calling, cast, made):
    darek = calling(cast.darek)
    member = sent(darek, "/members", joining(made.newcomer)).json()["uid"]

    noted = [sent(darek, f"/members/{member}/visits").json()["noted"] for _ in range(2)]

    assert noted == [True, False]
    assert not note_visit(by=cast.darek, member=Member.objects.get(uid=member))


def test_gifts_are_for_whoever_reads_customers(calling, cast, made):
    gifts = calling(cast.filip).get(f"{AT}/members/{made.member.uid}/gifts").json()["items"]

    assert [(one["uid"], one["cost_minor"]) for one in gifts] == [(made.promised.uid, 45_00)]
    assert calling(cast.darek).get(f"{AT}/members/{made.member.uid}/gifts").status_code == 403


def test_what_is_not_there_and_who_may_not(calling, cast, made):
    nowhere = made.member.uid[::-1]

    assert calling(cast.darek).get(f"{AT}/members/{nowhere}").status_code == 404
    body = joining(made.newcomer) | {"customer": nowhere}
    assert sent(calling(cast.darek), "/members", body).status_code == 404
    assert calling(cast.borys).get(f"{AT}/members/{made.member.uid}").status_code == 403
    assert sent(calling(cast.borys), "/members", joining(made.newcomer)).status_code == 403


def test_where_there_is_no_club_it_is_said(calling, cast):
    answer = calling(cast.darek).get(AT, headers={"accept-language": "pl"})

    assert (answer.status_code, answer.json()["code"]) == (409, "club_not_set_up")
