"""Customers and their purchases for programs: once each, all or nothing, and gone when they are erased."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gracja.app.common.models import AuditEntry
from gracja.app.contacts.models import Customer, Purchase
from gracja.app.tokens.models import KeptAnswer

pytestmark = pytest.mark.django_db
JOANNA = {
    "name": "Joanna Kruk",
    "phone": "601 234 567",
    "email": "joanna@kruk.example",
    "birthday": {"month": 2, "day": 29},
    "numbers": [{"system": "till", "value": "K-17"}],
}


def send(client, method, path, body=None, key=""):
    headers = {"idempotency-key": key} if key else {}
    return client.generic(
        method, f"/api/v1{path}", json.dumps(body or {}), content_type="application/json", headers=headers
    )


@pytest.fixture
def joanna(cast, calling):
    return send(calling(cast.filip), "POST", "/customers", JOANNA).json()["uid"]


def document(number="P-1", minor=120_00, **more):
    return {
        "system": "till",
        "number": number,
        "at": "2026-11-02T12:00:00Z",
        "amount_minor": minor,
        "currency": "PLN",
        "customer_number": "K-17",
        **more,
    }


def purchases(client, *documents, key=""):
    return send(client, "POST", "/purchases", {"purchases": list(documents)}, key)


def test_a_customer_is_added_read_and_changed_in_part(cast, calling, joanna):
    client = calling(cast.darek)

    known = client.get(f"/api/v1/customers/{joanna}").json()
    assert {name: known[name] for name in JOANNA} == JOANNA
    changed = send(client, "PATCH", f"/customers/{joanna}", {"phone": "", "birthday": None})

    assert changed.status_code == 200
    after = changed.json()
    assert (after["name"], after["phone"], after["birthday"]) == ("Joanna Kruk", "", None)
    assert client.get("/api/v1/customers").status_code == 403  # the counter has no list


def test_a_number_that_is_anothers_adds_nobody(cast, calling, joanna):
    answer = send(calling(cast.darek), "POST", "/customers", JOANNA | {"phone": "", "email": ""})

    assert (answer.status_code, answer.json()["code"]) == (409, "customer_number_taken")
    assert Customer.objects.count() == 1


def test_a_second_record_of_who_is_here_is_made_only_on_purpose(cast, calling, joanna):
    client, zofia = calling(cast.darek), {"name": "Zofia", "phone": "+48 601 234 567"}

    answer = send(client, "POST", "/customers", zofia)
    assert (answer.status_code, answer.json()["code"]) == (409, "customer_known")
    added = send(client, "POST", "/customers", zofia | {"although_known": True})
    assert added.status_code == 201
    mail = {"email": "joanna@kruk.example"}
    assert send(client, "PATCH", f"/customers/{added.json()['uid']}", mail).status_code == 409


def test_no_other_change_takes_back_that_they_want_no_contact(cast, calling, joanna):
    client = calling(cast.darek)

    for body, after in (
        ({"do_not_contact": True}, True),
        ({"name": "J."}, True),
        ({"do_not_contact": False}, False),
    ):
        answer = send(client, "PATCH", f"/customers/{joanna}", body)
        assert answer.json()["do_not_contact"] is after


def test_customers_are_listed_and_sought(cast, calling, joanna):
    send(calling(cast.filip), "POST", "/customers", {"name": "Jan Nowak"})

    def found(text):
        return [
            one["name"] for one in calling(cast.filip).get(f"/api/v1/customers?text={text}").json()["items"]
        ]

    assert found("") == ["Joanna Kruk", "Jan Nowak"]
    assert found("K-17") == found("kruk") == ["Joanna Kruk"]


def test_a_consent_is_given_and_taken_back(cast, calling, joanna):
    client = calling(cast.darek)
    for _ in range(2):
        given = send(client, "POST", f"/customers/{joanna}/consents", {"purpose": "card"})
        assert given.json()["consents"] == ["card"]
    taken = send(client, "POST", f"/customers/{joanna}/consents", {"purpose": "card", "given": False})

    assert taken.json()["consents"] == []
    assert send(client, "POST", f"/customers/{joanna}/consents", {"purpose": "all"}).status_code == 422


def test_purchases_and_refunds_are_taken_once(cast, calling, joanna):
    client = calling(cast.filip)
    batch = (document(), document("P-2", 5_00), document("Z-1", -20_00, refund_of="P-1"))

    assert purchases(client, *batch).json() == {"purchases": 2, "refunds": 1, "same": 0, "erased": 0}
    assert purchases(client, *batch).json() == {"purchases": 0, "refunds": 0, "same": 3, "erased": 0}
    assert Purchase.objects.get(number="P-1").kept.minor == 100_00


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (document("P-2", customer_number="K-99"), "purchase_of_nobody"),
        (document("P-2", customer="nobody", customer_number=""), "purchase_of_nobody"),
        (document("P-2", place="nowhere"), "no_such_place"),
        (document("P-2", at="2199-01-01T00:00:00Z"), "purchase_in_future"),
        (document("P-2", at="0001-01-01T00:00:00+14:00"), "purchase_too_old"),
        (document("P-1", 1), "purchase_differs"),
        (document("Z-1", -1, refund_of="P-404"), "refund_of_nothing"),
        (document("Z-1", -500_00, refund_of="P-1"), "refund_over_purchase"),
        (document("Z-1", -1, refund_of="P-1", currency="EUR"), "purchase_other_currency"),
    ],
)
def test_where_one_document_is_wrong_none_is_taken_and_its_row_is_named(cast, calling, joanna, wrong, code):
    answer = purchases(calling(cast.filip), document(), wrong)

    said = answer.json()
    assert (answer.status_code, said["code"], said["facts"]["row"]) == (409, code, 2)
    assert not Purchase.objects.exists()


def test_only_who_may_sends_purchases_and_erases(cast, calling, joanna):
    for client in (calling(cast.darek), calling(cast.filip, scopes=("customer.find",))):
        assert purchases(client, document()).status_code == 403
        assert send(client, "DELETE", f"/customers/{joanna}").status_code == 403
        assert client.get(f"/api/v1/customers/{joanna}/export").status_code == 403
    assert calling(cast.filip).get("/api/v1/customers/unknown-unknown-0").status_code == 404


def test_who_is_erased_is_gone_also_from_answers_that_were_kept(cast, calling):
    client = calling(cast.filip)
    uid = send(client, "POST", "/customers", JOANNA, key="k-1").json()["uid"]
    purchases(client, document())
    send(client, "POST", "/customers", {"name": "Joanna Krukowska"}, key="k-2")
    assert KeptAnswer.objects.count() == 2

    for _ in range(2):
        gone = send(client, "DELETE", f"/customers/{uid}")
        assert (gone.status_code, gone.json()["name"]) == (200, "")
        assert gone.json()["erased_at"]

    kept = "".join(KeptAnswer.objects.values_list("body", flat=True))
    for trace in ('Joanna Kruk"', "601 234 567", "joanna@kruk.example", "K-17", '"month"'):
        assert trace not in kept
    assert "Krukowska" in kept
    again = send(client, "POST", "/customers", JOANNA, key="k-1")
    assert (again.headers["Idempotent-Replayed"], again.json()["uid"]) == ("true", uid)
    assert Customer.objects.count() == 2


def test_the_export_holds_purchases_with_their_refunds(cast, calling, joanna):
    client = calling(cast.filip)
    purchases(client, document(), document("Z-1", -20_00, refund_of="P-1"))

    known = client.get(f"/api/v1/customers/{joanna}/export").json()

    assert known["purchases"][0]["refunds"][0]["amount"] == "20.00 PLN"
    assert known["keys"]


def test_documents_of_who_was_erased_are_left_out_and_the_rest_is_taken(cast, calling, joanna):
    client = calling(cast.filip)
    other = send(client, "POST", "/customers", {"name": "Jan"}).json()["uid"]
    send(client, "DELETE", f"/customers/{joanna}")

    took = purchases(
        client,
        document("P-1"),
        document("P-2", customer=joanna, customer_number=""),
        document("Z-1", -20_00, refund_of="P-1"),
        document("P-3", customer=other, customer_number=""),
    )

    assert took.json() == {"purchases": 1, "refunds": 0, "same": 0, "erased": 3}
    assert Purchase.objects.get().customer.uid == other


def test_a_program_brings_nobody_back_unless_it_says_why(cast, calling, joanna):
    client = calling(cast.filip)
    send(client, "DELETE", f"/customers/{joanna}")

    refused = send(client, "POST", "/customers", {"phone": "601234567"})
    assert (refused.status_code, refused.json()["code"]) == (409, "customer_erased_before")
    new = send(client, "POST", "/customers", {"name": "Jan"}).json()["uid"]
    number = {"numbers": JOANNA["numbers"]}
    assert send(client, "PATCH", f"/customers/{new}", number).json()["code"] == "customer_erased_before"
    back = send(client, "POST", "/customers", JOANNA | {"back_because": "own_wish"})

    assert back.status_code == 201
    assert purchases(client, document()).json()["purchases"] == 1


def test_a_program_says_that_somebody_came_back_only_with_a_scope_for_that(cast, calling, joanna):
    send(calling(cast.filip), "DELETE", f"/customers/{joanna}")
    back = JOANNA | {"back_because": "own_wish"}
    till, club = (calling(cast.darek, scopes=("customer.find", *more)) for more in ((), ("customer.admit",)))

    refused = send(till, "POST", "/customers", back)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert "customer.admit" in refused.json()["detail"]
    assert not AuditEntry.objects.filter(action="customer.admit").exists()
    assert send(till, "POST", "/customers", {"name": "Jan", "back_because": "own_wish"}).status_code == 201
    assert send(club, "POST", "/customers", back).status_code == 201


def test_a_batch_costs_as_many_queries_as_one_document(cast, calling, joanna, rynek):
    client = calling(cast.filip)

    def cost(*documents):
        with CaptureQueriesContext(connection) as asked:
            assert purchases(client, *documents).status_code == 200
        return len(asked)

    one = cost(document("P-0", place=rynek.uid), document("Z-0", -1, refund_of="P-0"))
    many = [document(f"P-{n}", place=rynek.uid) for n in range(1, 90)]
    back = [document(f"Z-{n}", -1, refund_of=f"P-{n % 50}") for n in range(1, 90)]

    assert cost(*many, *back) <= one + 1
    assert Purchase.objects.get(number="P-1").refunded_minor == 2
