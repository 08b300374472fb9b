"""Gestures and codes as a till sends them: once, however often, and in words where refused."""

from __future__ import annotations

import pytest
from app.gestures.conftest import (  # noqa: F401  (fixtures)
    _it_is_november,
    budget,
    joanna,
    policy,
    terms,
)

from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.models import Code, Eligible, Entry, Gesture
from gracja.app.gestures.services.policies import write_policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("budget")]


@pytest.fixture
def post(calling):
    def sent(by, path, body=None, key=None, **given):
        headers = {"idempotency-key": key} if key else {}
        return calling(by, **given).post(
            f"/api/v1{path}", body or {}, content_type="application/json", headers=headers
        )

    return sent


@pytest.fixture
def asked(policy, rynek, joanna):  # noqa: F811
    return {
        "policy": policy.uid,
        "place": rynek.uid,
        "customer": joanna.uid,
        "reason": "Czekała godzinę",
    }


def code_of(answer):
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    return answer.json()["code"]


def test_a_gesture_is_granted_and_read(cast, calling, post, asked):
    answer = post(cast.darek, "/gestures", asked)

    told = answer.json()
    assert (answer.status_code, told["state"], told["cost"]) == (
        201, "reserved", {"minor": 10_00, "currency": "PLN"},
    )  # fmt: skip
    assert calling(cast.darek).get(f"/api/v1/gestures/{told['uid']}").json() == told
    assert calling(cast.edyta).get(f"/api/v1/gestures/{told['uid']}").status_code == 404


def test_the_customer_may_be_named_by_telephone(cast, post, asked):
    assert post(cast.darek, "/gestures", asked | {"customer": "601234567"}).status_code == 201
    assert post(cast.darek, "/gestures", asked | {"customer": "700700700"}).status_code == 404


def test_one_key_is_one_gesture_and_another_caller_has_their_own(cast, post, asked):
    first = post(cast.darek, "/gestures", asked, key="sale-1").json()
    again = post(cast.darek, "/gestures", asked, key="sale-1")
    annas = post(cast.anna, "/gestures", asked, key="sale-1").json()

    assert (again.status_code, again.json()) == (201, first)
    assert annas["uid"] != first["uid"]
    assert Entry.objects.count() == 2
    other = asked | {"cost": {"minor": 1, "currency": "PLN"}}
    assert code_of(post(cast.darek, "/gestures", other, key="sale-1")) == "key_of_another"


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"cost": {"minor": 80_01, "currency": "PLN"}}, "over_the_most"),
        ({"cost": {"minor": 1, "currency": "EUR"}}, "currency_of_another_place"),
        ({"reason": "  "}, "reason_missing"),
    ],
)
def test_what_the_terms_do_not_bear_is_refused_and_costs_nothing(cast, post, asked, changed, refusal):
    answer = post(cast.darek, "/gestures", asked | changed, key="sale-1")

    assert (answer.status_code, code_of(answer)) == (409, refusal)
    assert not Entry.objects.exists()


def test_over_the_budget_is_refused_in_words_and_may_be_sent_again(cast, post, asked, budget):  # noqa: F811
    dear = asked | {"cost": {"minor": 60_00, "currency": "PLN"}}
    first = post(cast.darek, "/gestures", dear).json()

    refused = post(cast.darek, "/gestures", dear, key="sale-1")
    assert "40.00 PLN" in refused.json()["detail"]
    post(cast.darek, f"/gestures/{first['uid']}/release")

    assert post(cast.darek, "/gestures", dear, key="sale-1").status_code == 201


def test_who_is_held_out_is_remembered_with_a_key_too_and_refused_like_anybody(cast, post, asked):
    half = write_policy(by=cast.filip, document=terms(held_out_share=0.5, usual_minor=0))
    customers = [add_customer(by=cast.darek, details=Details()) for _ in range(12)]

    answers = [
        post(cast.darek, "/gestures", asked | {"policy": half.uid, "customer": one.uid}, key=one.uid)
        for one in customers
    ]

    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert 0 < len(refused) < 12
    assert {(one["code"], str(one["facts"])) for one in refused} == {("not_open", "{}")}
    assert Eligible.objects.filter(held_out=True).count() == len(refused)


def test_a_second_person_approves_and_nobody_their_own(cast, post, asked):
    dear = write_policy(by=cast.filip, document=terms("discount", approve_above_minor=0))
    waits = post(cast.anna, "/gestures", asked | {"policy": dear.uid}).json()
    at = f"/gestures/{waits['uid']}"

    assert (waits["state"], waits["code"]) == ("asked", None)
    assert code_of(post(cast.anna, f"{at}/approve")) == "approve_own"
    assert post(cast.celina, f"{at}/approve").status_code == 404
    assert post(cast.darek, f"{at}/approve").status_code == 404
    approved = post(cast.filip, f"{at}/approve").json()
    assert (approved["state"], len(approved["code"])) == ("reserved", 12)
    assert post(cast.filip, f"{at}/approve").json() == approved


def test_a_gesture_is_given_for_less_and_comes_back_with_the_purchase(cast, post, asked):
    at = f"/gestures/{post(cast.darek, '/gestures', asked).json()['uid']}"

    given = post(cast.darek, f"{at}/give", {"spent": {"minor": 8_00, "currency": "PLN"}}).json()
    assert (given["state"], given["spent"]["minor"]) == ("committed", 8_00)
    assert code_of(post(cast.darek, f"{at}/release")) == "gesture_ended"
    assert post(cast.darek, f"{at}/return").status_code == 403
    assert post(cast.anna, f"{at}/return").json()["state"] == "released"


def test_a_token_without_the_scope_grants_nothing(cast, post, asked):
    assert post(cast.darek, "/gestures", asked, scopes=("own", "advice.ask")).status_code == 403
    assert not Gesture.objects.exists()


@pytest.fixture
def code(cast, post, asked):
    ten = write_policy(by=cast.filip, document=terms("discount"))
    return post(cast.darek, "/gestures", asked | {"policy": ten.uid}).json()["code"]


def test_a_code_is_checked_as_often_as_one_likes_and_used_once(cast, post, rynek, galeria, code):
    sale = {"code": code.lower(), "place": rynek.uid, "purchase": {"minor": 60_00, "currency": "PLN"}}
    for _ in range(2):
        told = post(cast.darek, "/codes/check", sale).json()
        assert (told["percent"], told["above"]["minor"], told["off"]["minor"]) == (10, 50_00, 6_00)

    first = post(cast.darek, "/codes/redeem", sale, key="receipt-7")
    again = post(cast.darek, "/codes/redeem", sale, key="receipt-7")

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.json()["off"]["minor"] == 6_00
    assert code_of(post(cast.darek, "/codes/redeem", sale, key="receipt-8")) == "code_used"
    assert code_of(post(cast.edyta, "/codes/redeem", sale | {"place": galeria.uid}, key="receipt-7")) == (
        "code_used"
    )
    assert code_of(post(cast.darek, "/codes/check", sale)) == "code_used"
    assert Entry.objects.filter(kind="commit").count() == 1


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"purchase": {"minor": 49_99, "currency": "PLN"}}, "purchase_too_small"),
        ({"purchase": {"minor": 60_00, "currency": "EUR"}}, "currency_of_another_place"),
        ({"code": "AAAABBBBCCCC"}, "code_unknown"),
    ],
)
def test_a_sale_that_does_not_fit_leaves_the_code_good(cast, post, rynek, code, changed, refusal):
    sale = {"code": code, "place": rynek.uid, "purchase": {"minor": 60_00, "currency": "PLN"}}

    assert code_of(post(cast.darek, "/codes/redeem", sale | changed)) == refusal
    assert Code.objects.get().redeemed_at is None
    assert post(cast.darek, "/codes/redeem", sale).status_code == 200


def test_at_another_place_one_takes_no_codes(cast, post, galeria, code):
    sale = {"code": code, "place": galeria.uid, "purchase": {"minor": 60_00, "currency": "PLN"}}

    assert post(cast.darek, "/codes/redeem", sale).status_code == 404
    assert post(cast.borys, "/codes/check", sale).status_code == 404


@pytest.fixture
def advised(cast, post, rynek, joanna):  # noqa: F811
    def asked_for(by=cast.darek, **given):
        situation = {"service": "relationship", "customer": joanna.uid, "gestures_at": rynek.uid}
        return post(by, "/advice", situation | given)

    return asked_for


def test_advice_names_what_is_open_to_a_known_customer(advised, policy):  # noqa: F811
    assert advised().json()["gestures"] == [
        {
            "kind": "gift",
            "text": "Hand cream",
            "policy": policy.uid,
            "cost": {"minor": 10_00, "currency": "PLN"},
            "waits": False,
        }
    ]
    assert advised(customer="601 234 567", language="pl").json()["gestures"][0]["text"] == "Krem do rąk"


def test_advice_names_nothing_where_it_does_not_fit_or_nobody_is_known(advised, policy):  # noqa: F811
    assert advised(cues=["left_alone"]).json()["gestures"] == []
    assert advised(customer="700 700 700").json()["gestures"] == []
    assert advised(cues=["left_alone"], gestures_at=None).json()["gestures"][0]["kind"] == "discount"


def test_advice_says_nothing_of_customers_to_whom_it_is_not_allowed(cast, advised, galeria):
    assert advised(by=cast.edyta).status_code == 404
    assert advised(gestures_at=galeria.uid).status_code == 404


def test_a_remembered_answer_that_repeats_is_not_granted_again_after_a_day(cast, post, asked):
    from datetime import timedelta

    from gracja.app.common.clock import now, stopped_at

    first = post(cast.darek, "/gestures", asked, key="sale-1").json()
    with stopped_at(now() + timedelta(days=2)):
        assert post(cast.darek, "/gestures", asked, key="sale-1").json()["uid"] == first["uid"]
