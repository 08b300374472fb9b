"""Gestures at the counter, approvals and codes at the till: pages, with and without the counter's script."""

from __future__ import annotations

import re

import pytest
from app.gestures.conftest import (  # noqa: F401  (fixtures)
    _it_is_november,
    budget,
    joanna,
    policy,
    published,
    terms,
    wish,
)

from gracja.app.common.models import AuditEntry
from gracja.app.common.money import Money
from gracja.app.contacts.services.customers.finding import MOST
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.club.models import Shelf
from gracja.app.gestures.club.services.stock import Named, receive_gifts, save_gift, write_off_gifts
from gracja.app.gestures.models import Code, Eligible, Entry, Gesture
from gracja.app.gestures.selectors.ledger import proof
from gracja.app.gestures.services.forgetting import forget_customers
from gracja.app.gestures.services.granting import give_gesture, grant_gesture, return_gesture
from gracja.app.gestures.services.policies import change_policy, close_policy, write_policy

pytestmark = pytest.mark.django_db
FRAGMENT = {"hx-request": "true"}


@pytest.fixture
def darek(cast, signed_in):
    return signed_in(cast.darek)


@pytest.fixture
def found(rynek, joanna):  # noqa: F811
    return {"place": rynek.uid, "number": "601 234 567", "band": "attentive", "cue": ["advice"]}


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\xa0", " ")


def offered(answer):
    """What the form of an answer would send for its first tile."""
    html = answer.content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    return sent | {"policy": re.search(r'name="policy" value="([^"]+)"', html)[1]}


def test_the_counter_has_a_line_for_the_customer_and_names_nobody(cast, darek, signed_in, joanna):  # noqa: F811
    page = darek.get("/counter/")

    assert "Customer number or card" in text(page)
    assert joanna.name not in text(page)
    assert joanna.name not in text(darek.get("/counter/panel/"))


def test_where_standards_forbid_gestures_the_counter_offers_none(darek, edition, policy, published):  # noqa: F811
    assert "Show gestures" in text(darek.get("/counter/"))
    published(gestures="forbidden")

    for page in ("/counter/", "/counter/panel/"):
        assert "Show gestures" not in text(darek.get(page))


def test_a_page_that_is_not_for_them_names_the_permission_as_the_roles_do(darek):
    refused = darek.get("/giving/approvals/")

    assert refused.status_code == 403
    assert "(Approve gestures that another has asked for)" in text(refused)
    assert "gesture.approve" not in text(refused)


def test_what_is_open_is_shown_with_its_cost(darek, budget, policy, found):  # noqa: F811
    answer = darek.post("/giving/", found, headers=FRAGMENT)

    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    for said in ("Joanna Kruk", "Hand cream", "PLN 10.00", "PLN 100.00 in the budget"):
        assert said in text(answer)


def test_without_the_script_it_is_a_page(darek, budget, policy, found):  # noqa: F811
    answer = darek.post("/giving/", found)

    assert "<html" in answer.content.decode()
    assert "Hand cream" in text(answer)
    sent = darek.post("/giving/grant/", offered(answer))
    assert sent.status_code == 302
    assert "Granted: Hand cream" in text(darek.get(sent.url))


def test_who_is_not_found_is_said_and_what_was_typed_stays(darek, budget, found):  # noqa: F811
    answer = darek.post("/giving/", found | {"number": "700 700 700"})

    assert answer.status_code == 422
    assert 'value="700 700 700"' in answer.content.decode()
    assert "Nobody is found by this" in text(answer)
    assert "Nobody is found" in text(darek.post("/giving/", found | {"number": "7"}, headers=FRAGMENT))


def test_too_many_searches_are_refused_in_words(darek, budget, found):  # noqa: F811
    for number in range(MOST):
        darek.post("/giving/", found | {"number": f"70070070{number}"}, headers=FRAGMENT)

    answer = darek.post("/giving/", found, headers=FRAGMENT)
    assert answer.status_code == 409
    assert "30 times in a minute" in text(answer)
    assert AuditEntry.objects.filter(action="customer.find").count() == MOST


def test_one_tap_grants_and_a_second_is_the_same_gesture(darek, budget, policy, found):  # noqa: F811
    sent = offered(darek.post("/giving/", found, headers=FRAGMENT)) | {"band": "attentive", "cue": ["advice"]}

    answers = [darek.post("/giving/grant/", sent, headers=FRAGMENT) for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 200]
    assert "Granted: Hand cream" in text(answers[0])
    gesture = Gesture.objects.get()
    assert (gesture.state, gesture.cost) == ("reserved", Money(10_00, "PLN"))
    assert gesture.reason.startswith("At the counter")


def test_a_discount_gives_a_code_to_hand_over(cast, darek, budget, found):  # noqa: F811
    write_policy(by=cast.filip, document=terms("discount"))
    answer = darek.post(
        "/giving/grant/", offered(darek.post("/giving/", found, headers=FRAGMENT)), headers=FRAGMENT
    )

    code = Code.objects.get().code
    assert f"{code[:4]} {code[4:8]} {code[8:]}" in text(answer)
    assert "<svg" in answer.content.decode()
    assert "10% off a purchase from PLN 50.00" in text(answer)


def test_over_the_budget_is_said_in_words_and_what_was_typed_stays(cast, darek, budget, policy, found, wish):  # noqa: F811
    grant_gesture(by=cast.darek, wish=wish(cost=Money(80_00, "PLN")), key="1")
    sent = offered(darek.post("/giving/", found, headers=FRAGMENT))

    answer = darek.post(
        "/giving/grant/", sent | {"amount": "50,00", "reason": "Zgubiona paczka"}, headers=FRAGMENT
    )

    assert answer.status_code == 409
    assert "PLN 20.00 of the budget is left" in text(answer)
    assert 'value="50,00"' in answer.content.decode()
    assert 'value="Zgubiona paczka"' in answer.content.decode()
    assert Entry.objects.count() == 1


def test_who_is_held_out_sees_what_anybody_sees_to_whom_nothing_is_open(cast, darek, budget, policy, rynek):  # noqa: F811
    close_policy(by=cast.filip, policy=policy)
    half = write_policy(by=cast.filip, document=terms(held_out_share=0.5))
    customers = [add_customer(by=cast.darek, details=Details()) for _ in range(12)]

    said = {
        one.key: text(darek.post("/giving/", {"place": rynek.uid, "number": one.uid}, headers=FRAGMENT))
        for one in customers
    }
    held = set(Eligible.objects.filter(held_out=True).values_list("customer_key", flat=True))
    assert 0 < len(held) < 12
    close_policy(by=cast.filip, policy=half)
    nothing = text(darek.post("/giving/", {"place": rynek.uid, "number": customers[0].uid}, headers=FRAGMENT))

    assert {said[key] for key in held} == {nothing}
    held_out = next(one for one in customers if one.key in held)
    sent = {"place": rynek.uid, "customer": held_out.uid, "policy": half.uid, "key": "k"}
    refused = text(darek.post("/giving/grant/", sent, headers=FRAGMENT))
    assert "held" not in refused.lower()


def test_above_the_limit_a_reason_of_ones_own_is_wanted(cast, darek, budget, policy, found, signed_in):  # noqa: F811
    change_policy(by=cast.filip, policy=policy, document=terms(approve_above_minor=5_00), version=1)
    sent = offered(darek.post("/giving/", found, headers=FRAGMENT))

    refused = darek.post("/giving/grant/", sent, headers=FRAGMENT)
    assert "Write in a few words why" in text(refused)
    answer = darek.post("/giving/grant/", sent | {"reason": "Czekała godzinę"}, headers=FRAGMENT)
    assert "waits for a second person" in text(answer)

    anna = signed_in(cast.anna)
    page = text(anna.get("/giving/approvals/"))
    for said in ("1 gesture waits for your yes", "Czekała godzinę", "Darek Lis", "Joanna Kruk", "PLN 10.00"):
        assert said in page
    uid = Gesture.objects.get().uid
    assert anna.post(f"/giving/approvals/{uid}/approve/").status_code == 302
    assert Gesture.objects.get().approved_by == cast.anna.person
    assert "No gesture waits" in text(anna.get("/giving/approvals/"))


def test_nobody_approves_or_refuses_by_that_page_what_they_asked_for(cast, signed_in, wish, budget):  # noqa: F811
    dear = write_policy(by=cast.filip, document=terms(approve_above_minor=0))
    asked = grant_gesture(by=cast.anna, wish=wish(policy=dear), key="1")
    anna = signed_in(cast.anna)

    assert "No gesture waits" in text(anna.get("/giving/approvals/"))
    anna.post(f"/giving/approvals/{asked.uid}/approve/")
    assert anna.post(f"/giving/approvals/{asked.uid}/refuse/").status_code == 409
    assert Gesture.objects.get().state == "asked"
    assert signed_in(cast.celina).post(f"/giving/approvals/{asked.uid}/refuse/").status_code == 404
    signed_in(cast.filip).post(f"/giving/approvals/{asked.uid}/refuse/")
    assert Gesture.objects.get().state == "released"


def test_ones_own_gestures_are_given_and_taken_back(cast, darek, signed_in, wish, budget):  # noqa: F811
    first, second = (grant_gesture(by=cast.darek, wish=wish(), key=key) for key in "12")
    assert "2 gestures of yours are still open" in text(darek.get("/giving/mine/"))

    darek.post(f"/giving/one/{first.uid}/give/")
    darek.post(f"/giving/one/{second.uid}/release/")
    darek.post(f"/giving/one/{second.uid}/release/")

    assert set(Gesture.objects.values_list("pk", "state")) == {
        (first.pk, "committed"),
        (second.pk, "released"),
    }
    page = text(darek.get("/giving/mine/"))
    assert "No gesture of yours is open" in page
    assert "Joanna" not in page  # nobody needs the name of an ended one
    assert darek.post(f"/giving/one/{first.uid}/release/").status_code == 409
    assert signed_in(cast.edyta).get(f"/giving/one/{first.uid}/").status_code == 404


@pytest.fixture
def code(cast, wish, budget):  # noqa: F811
    ten = write_policy(by=cast.filip, document=terms("discount"))
    return grant_gesture(by=cast.darek, wish=wish(policy=ten, cost=Money(15_00, "PLN")), key="1").code.code


def test_a_code_is_checked_and_used_at_the_till(darek, rynek, code):
    sale = {"code": code.lower(), "place": rynek.uid, "key": "sale-1"}
    checked = darek.post("/giving/till/", sale | {"do": "check"})
    assert "The code is good." in text(checked)
    assert "10% off a purchase from PLN 50.00" in text(checked)

    sale |= {"do": "redeem", "purchase": "120,00"}
    used = darek.post("/giving/till/", sale)
    again = darek.post("/giving/till/", sale)

    assert "PLN 12.00 off. To pay: PLN 108.00." in text(used)
    assert text(again) == text(used)
    other = darek.post("/giving/till/", sale | {"key": "sale-2"})
    assert (other.status_code, Entry.objects.filter(kind="commit").count()) == (409, 1)
    assert "used already" in text(other)
    no_amount = darek.post("/giving/till/", sale | {"key": "sale-3", "purchase": ""})
    assert "used already" in text(no_amount)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"purchase": "49,99"}, "This discount begins at PLN 50.00"),
        ({"purchase": ""}, "Write what is bought"),
        ({"purchase": "dużo"}, "“dużo” is no amount"),
        ({"code": "AAAA BBBB CCCC"}, "There is no such code"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_the_code_stays_good(darek, rynek, code, typed, said):
    sale = {"code": code, "place": rynek.uid, "key": "sale-1", "do": "redeem", "purchase": "60"} | typed

    answer = darek.post("/giving/till/", sale)

    assert answer.status_code == 409
    assert said in text(answer)
    assert f'value="{sale["code"]}"' in answer.content.decode()
    assert Code.objects.get().redeemed_at is None


@pytest.mark.parametrize("path", ["", "mine/", "till/"])
def test_who_grants_nothing_has_no_such_pages(cast, signed_in, path):
    assert signed_in(cast.borys).get(f"/giving/{path}").status_code == 403


@pytest.mark.parametrize("path", ["/giving/grant/", "/giving/one/x/give/", "/giving/approvals/x/approve/"])
def test_what_changes_something_is_posted(darek, path):
    assert darek.get(path).status_code == 405


def test_at_another_place_nothing_is_granted(cast, signed_in, budget, policy, joanna, rynek):  # noqa: F811
    sent = {"place": rynek.uid, "customer": joanna.uid, "policy": policy.uid, "key": "k"}

    assert signed_in(cast.edyta).post("/giving/grant/", sent).status_code == 404
    assert not Gesture.objects.exists()


@pytest.fixture
def given_by_darek(cast, wish, budget):  # noqa: F811
    gesture = grant_gesture(by=cast.darek, wish=wish(), key="given")
    return give_gesture(by=cast.darek, gesture=gesture)


def test_what_was_given_is_taken_back_with_a_reason_by_somebody_else(
    cast,
    darek,
    signed_in,
    budget,  # noqa: F811
    given_by_darek,
):
    page = f"/giving/one/{given_by_darek.uid}/"
    assert "Take back what was given" not in text(darek.get(page))
    assert "somebody else who may approve takes it back" in text(darek.get(page))
    anna = signed_in(cast.anna)
    assert "Take back what was given" in text(anna.get(page))

    answer = anna.post(f"{page}return/", {"because": "Purchase refunded"})

    assert answer.status_code == 302
    assert "Purchase refunded" in text(anna.get(page))
    assert [one.kind for one in Entry.objects.order_by("pk")] == ["reserve", "commit", "return"]
    budget.refresh_from_db()
    assert (budget.spent_minor, budget.reserved_minor) == (0, 0)
    assert not proof()
    again = anna.post(f"{page}return/", {"because": "Once more"})
    assert again.status_code == 302
    assert "Once more" not in text(anna.get(page))
    assert Entry.objects.count() == 3


def test_a_reason_is_needed_to_take_back(cast, signed_in, given_by_darek):
    answer = signed_in(cast.anna).post(f"/giving/one/{given_by_darek.uid}/return/", {"because": " "})

    assert answer.status_code == 422
    assert "Why it comes back" in text(answer)
    assert Gesture.objects.get().state == "committed"


def test_nobody_takes_back_what_they_gave_or_what_is_elsewhere(cast, darek, signed_in, wish, budget):  # noqa: F811
    own = give_gesture(by=cast.anna, gesture=grant_gesture(by=cast.anna, wish=wish(), key="own"))
    there = f"/giving/one/{own.uid}/return/"

    answer = signed_in(cast.anna).post(there, {"because": "Refunded"})

    assert answer.status_code == 409
    assert "Somebody else has to take back" in text(answer)
    assert darek.post(there, {"because": "Refunded"}).status_code == 404
    assert signed_in(cast.celina).post(there, {"because": "Refunded"}).status_code == 404
    assert signed_in(cast.anna).get(there).status_code == 405
    assert Gesture.objects.get().state == "committed"


def test_the_reason_of_a_return_goes_with_the_customer(cast, given_by_darek, joanna):  # noqa: F811
    return_gesture(by=cast.anna, gesture=given_by_darek, because="Joanna Kruk oddała krem")

    forget_customers([joanna.key])

    assert Gesture.objects.get().details == {}


@pytest.fixture
def gifts(cast, rynek, policy):  # noqa: F811
    """Two creams and one scarf at Rynek, and a comb of which there is none, all by one policy."""
    made = {}
    for pl, en, minor, count in (
        ("Krem", "A cream", 12_00, 2),
        ("Szalik", "A scarf", 45_00, 1),
        ("Grzebień", "A comb", 5_00, 1),
    ):
        made[en] = save_gift(by=cast.filip, named=Named(pl, en, Money(minor, "PLN"), policy.uid))
        receive_gifts(by=cast.anna, gift=made[en], place=rynek, count=count, key=f"first {en}")
    write_off_gifts(by=cast.anna, gift=made["A comb"], place=rynek, count=1, key="gone")
    return made


def choices(answer):
    return re.findall(r'name="policy" value="([^"]+)"', answer.content.decode())


def test_of_several_gifts_one_in_stock_is_chosen_and_leaves_the_shelf_when_given(
    cast,
    darek,
    budget,  # noqa: F811
    policy,  # noqa: F811
    found,
    gifts,
    rynek,
):
    answer = darek.post("/giving/", found, headers=FRAGMENT)
    for said in ("A cream", "2 on the shelf", "A scarf", "1 on the shelf", "PLN 45.00"):
        assert said in text(answer)
    assert "A comb" not in text(answer)
    assert "another amount" not in text(answer)
    scarf = gifts["A scarf"]

    sent = offered(answer) | {"policy": f"{policy.uid}.{scarf.uid}"}
    answers = [darek.post("/giving/grant/", sent, headers=FRAGMENT) for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 200]
    assert "Granted: A scarf" in text(answers[0])
    gesture = Gesture.objects.get()
    assert (gesture.cost, gesture.details["gift"]) == (Money(45_00, "PLN"), scarf.uid)
    assert Shelf.objects.get(gift=scarf).balance == 1  # until it is handed over
    assert darek.post(f"/giving/one/{gesture.uid}/give/").status_code == 302
    assert Shelf.objects.get(gift=scarf).balance == 0
    assert Shelf.objects.get(gift=gifts["A cream"]).balance == 2


def test_a_gift_that_went_meanwhile_is_refused(darek, budget, policy, found, gifts):  # noqa: F811
    sent = offered(darek.post("/giving/", found, headers=FRAGMENT))
    sent["policy"] = f"{policy.uid}.{gifts['A comb'].uid}"

    answer = darek.post("/giving/grant/", sent, headers=FRAGMENT)

    assert answer.status_code == 409
    assert not Gesture.objects.exists()
    budget.refresh_from_db()
    assert budget.reserved_minor == 0


def test_a_gift_of_another_policy_is_not_there(cast, darek, budget, policy, found, gifts):  # noqa: F811
    other = write_policy(by=cast.filip, document=terms())
    sent = offered(darek.post("/giving/", found, headers=FRAGMENT))

    sent["policy"] = f"{other.uid}.{gifts['A cream'].uid}"

    assert darek.post("/giving/grant/", sent, headers=FRAGMENT).status_code == 404
    assert not Gesture.objects.exists()


def test_where_all_gifts_are_given_out_it_is_said(cast, darek, budget, found, gifts, rynek):  # noqa: F811
    write_off_gifts(by=cast.anna, gift=gifts["A cream"], place=rynek, count=2, key="a")
    write_off_gifts(by=cast.anna, gift=gifts["A scarf"], place=rynek, count=1, key="b")

    answer = darek.post("/giving/", found, headers=FRAGMENT)

    assert "none is left on the shelf here" in text(answer)
    assert choices(answer) == []


def test_the_policy_names_its_gifts(cast, signed_in, policy, gifts):  # noqa: F811
    for page in ("", "change/"):
        shown = text(signed_in(cast.filip).get(f"/gestures/policies/{policy.uid}/{page}"))
        assert "Gifts on the shelf" in shown
        assert "A cream" in shown
        assert "2 on all shelves" in shown
    assert "name the gifts that are given by it" in text(
        signed_in(cast.filip).get("/gestures/policies/new/?kind=gift")
    )


def test_a_policy_may_ask_for_expected_purchases(cast, signed_in, budget):  # noqa: F811
    page = text(signed_in(cast.filip).get("/gestures/policies/new/?kind=gift"))

    assert "Expected purchases of the next twelve months" in page
