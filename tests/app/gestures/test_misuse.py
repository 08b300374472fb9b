"""What somebody would try, or what goes wrong by itself, and the rule that holds then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from app.gestures.conftest import NOON, terms

from gracja.app.common.clock import stopped_at
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.contacts.services.customers.joining import merge_customers
from gracja.app.contacts.services.customers.purchases import add_purchase, refund_purchase
from gracja.app.contacts.services.customers.records import Details, add_customer, give_consent
from gracja.app.gestures.models import Eligible
from gracja.app.gestures.selectors.facts import facts_of
from gracja.app.gestures.selectors.ledger import proof
from gracja.app.gestures.services.budgets import change_budget, open_budget
from gracja.app.gestures.services.granting import (
    approve_gesture,
    give_gesture,
    grant_gesture,
    return_gesture,
)
from gracja.app.gestures.services.offering import grant_offer, offer_gestures
from gracja.app.gestures.services.policies import write_policy
from gracja.app.gestures.services.redeeming import check_code, redeem_code
from gracja.app.organisation.services.roles import add_membership

pytestmark = pytest.mark.django_db
ONCE_A_MONTH = [{"of": "customer", "most": 1, "days": 30}]


def test_a_role_at_another_place_gives_nothing_here(cast, roles, wish, galeria):
    add_membership(by=cast.grazyna, person=cast.darek.person, role=roles["place_lead"], place=galeria)
    for_leads = write_policy(by=cast.filip, document=terms(given_by=["place_lead"]))

    del cast.darek.held
    with pytest.raises(Refused, match="not_yours_to_give"):
        grant_gesture(by=cast.darek, wish=wish(policy=for_leads), key="1")
    assert grant_gesture(by=cast.anna, wish=wish(policy=for_leads), key="2").state == "reserved"


def test_nobody_takes_back_what_they_gave_alone(cast, wish, budget):
    gesture = give_gesture(by=cast.anna, gesture=grant_gesture(by=cast.anna, wish=wish(), key="1"))

    with pytest.raises(Refused, match="return_own"):
        return_gesture(by=cast.anna, gesture=gesture)
    return_gesture(by=cast.filip, gesture=gesture)
    budget.refresh_from_db()
    assert (budget.left.minor, proof()) == (100_00, [])


def test_what_was_given_and_returned_counts_against_caps(cast, wish):
    policy = write_policy(by=cast.filip, document=terms(caps=ONCE_A_MONTH))
    gesture = grant_gesture(by=cast.darek, wish=wish(policy=policy), key="1")
    return_gesture(by=cast.anna, gesture=give_gesture(by=cast.darek, gesture=gesture))

    with pytest.raises(Refused, match="cap_reached"):
        grant_gesture(by=cast.darek, wish=wish(policy=policy), key="2")


def test_a_cap_counts_gestures_in_every_currency(cast, wish, galeria, joanna):
    open_budget(
        by=cast.filip,
        place=galeria,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        amount=Money(50_00, "EUR"),
    )
    zloty, euro = (
        write_policy(by=cast.filip, document=terms(currency=currency, caps=ONCE_A_MONTH))
        for currency in ("PLN", "EUR")
    )
    grant_gesture(by=cast.darek, wish=wish(policy=zloty), key="1")

    with pytest.raises(Refused, match="cap_reached"):
        grant_gesture(by=cast.edyta, wish=wish(policy=euro, place=galeria), key="2")


def test_an_amount_that_a_code_promises_is_set_aside_whole(cast, wish):
    with pytest.raises(Refused) as refused:
        write_policy(by=cast.filip, document=terms("discount", discount={"amount_minor": 50_00}))
    assert refused.value.facts["problem"] == "discount_not_set_aside"
    fifty = {"discount": {"amount_minor": 50_00}, "usual_minor": 50_00, "most_minor": 50_00}
    policy = write_policy(by=cast.filip, document=terms("discount", **fifty))

    with pytest.raises(Refused, match="discount_cost_fixed"):
        grant_gesture(by=cast.darek, wish=wish(policy=policy, cost=Money(10_00, "PLN")), key="1")
    code = grant_gesture(by=cast.darek, wish=wish(policy=policy), key="2").code
    off = check_code(by=cast.darek, place=wish().place, given=code.code, purchase=Money(90_00, "PLN")).off
    assert off == Money(50_00, "PLN")


def test_a_code_of_nothing_is_not_granted(cast, wish):
    policy = write_policy(by=cast.filip, document=terms("discount"))

    with pytest.raises(Refused, match="discount_of_nothing"):
        grant_gesture(by=cast.darek, wish=wish(policy=policy, cost=Money(0, "PLN")), key="1")


def test_a_condition_that_nobody_could_meet_is_refused(cast):
    rated = {"field": "last_rating_1_5", "comparison": "at_least", "value": 4}

    with pytest.raises(Refused) as refused:
        write_policy(by=cast.filip, document=terms(conditions={"not": rated}))
    assert refused.value.facts["problem"] == "fact_not_known_yet: last_rating_1_5"


@pytest.mark.parametrize(
    ("granted", "last_moment"),
    [
        # 23:30 in Warsaw: the code is good until the end of the next day there
        (datetime(2026, 11, 20, 22, 30, tzinfo=UTC), datetime(2026, 11, 21, 22, 59, 59, tzinfo=UTC)),
        # over the night in which the clock goes back: the day has an hour more
        (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
        # and in March one less
        (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_code_is_good_to_the_end_of_its_last_day_at_the_place(cast, wish, rynek, granted, last_moment):
    if granted.month != 11:
        first = granted.date().replace(day=1)
        amount = Money(100_00, "PLN")
        open_budget(by=cast.filip, place=rynek, first_day=first, last_day=granted.date(), amount=amount)
    policy = write_policy(by=cast.filip, document=terms("discount", lasts_days=1))
    with stopped_at(granted):
        code = grant_gesture(by=cast.darek, wish=wish(policy=policy), key="1").code.code

    with stopped_at(last_moment):
        assert check_code(by=cast.darek, place=rynek, given=code).off is None
    with stopped_at(last_moment + timedelta(seconds=1)), pytest.raises(Refused, match="code_expired"):
        check_code(by=cast.darek, place=rynek, given=code)


def test_what_is_over_is_neither_approved_nor_given(cast, wish):
    policy = write_policy(by=cast.filip, document=terms(approve_above_minor=20_00, lasts_days=1))
    asked = grant_gesture(by=cast.darek, wish=wish(policy=policy, cost=Money(30_00, "PLN")), key="1")
    promised = grant_gesture(by=cast.darek, wish=wish(policy=policy), key="2")

    with stopped_at(NOON + timedelta(days=4)):
        with pytest.raises(Refused, match="gesture_ended"):
            approve_gesture(by=cast.anna, gesture=asked)
        with pytest.raises(Refused, match="gesture_ended"):
            give_gesture(by=cast.darek, gesture=promised)


def test_who_says_meanwhile_that_they_want_no_contact_gets_none(cast, wish, joanna):
    give_consent(by=cast.darek, customer=joanna, purpose="call")
    calls = write_policy(by=cast.filip, document=terms("personal_contact", approve_above_minor=20_00))
    costly = wish(policy=calls, cost=Money(30_00, "PLN"))
    asked = grant_gesture(by=cast.darek, wish=costly, key="1")
    promised = grant_gesture(by=cast.darek, wish=wish(policy=calls, cost=Money(1_00, "PLN")), key="2")
    Customer.objects.filter(pk=joanna.pk).update(do_not_contact=True)  # `joanna` is what a page read before

    for act in (
        lambda: approve_gesture(by=cast.anna, gesture=asked),
        lambda: give_gesture(by=cast.darek, gesture=promised),
        lambda: grant_gesture(by=cast.darek, wish=wish(policy=calls), key="3"),
    ):
        with pytest.raises(Refused, match="customer_not_contacted"):
            act()


def test_who_agreed_to_neither_calls_nor_cards_is_not_contacted(cast, wish):
    calls = write_policy(by=cast.filip, document=terms("personal_contact"))

    with pytest.raises(Refused, match="contact_not_agreed"):
        grant_gesture(by=cast.darek, wish=wish(policy=calls), key="1")


def test_with_the_budget_used_up_the_held_out_hear_what_all_hear(cast, wish, rynek, budget):
    policy = write_policy(by=cast.filip, document=terms(held_out_share=0.5))
    close = wish().policy
    close.closed_at = NOON
    close.save()
    change_budget(by=cast.filip, budget=budget, amount=Money(0, "PLN"))
    heard = {True: set(), False: set()}
    for number in range(24):
        customer = add_customer(by=cast.darek, details=Details(f"Klient {number}"))
        offered = offer_gestures(by=cast.darek, place=rynek, customer=customer, told={}).nothing
        with pytest.raises(Refused) as refused:
            grant_offer(by=cast.darek, wish=wish(policy=policy, customer=customer), key=str(number))
        held_out = Eligible.objects.get(policy=policy, customer_key=customer.key).held_out
        heard[held_out].add((offered, refused.value.code))

    assert heard == {True: {("over_budget", "over_budget")}, False: {("over_budget", "over_budget")}}


def test_two_purchases_of_one_local_day_are_one_visit_and_one_given_back_is_none(cast, joanna, rynek):
    def bought(number, at):
        return add_purchase(
            by=cast.filip, customer=joanna, place=rynek, system="till", number=number, at=at,
            amount=Money(50_00, "PLN"),
        )  # fmt: skip

    def known(at):
        return facts_of(joanna, place=rynek, currency="PLN", at=at, told={})

    bought("1", datetime(2026, 11, 18, 23, 30, tzinfo=UTC))  # 19 November in Warsaw
    bought("2", datetime(2026, 11, 19, 19, 0, tzinfo=UTC))
    back = bought("3", datetime(2026, 11, 10, 12, 0, tzinfo=UTC))
    bought("4", NOON - timedelta(minutes=5))  # this very visit
    refund_purchase(by=cast.filip, purchase=back, number="R-3", amount=Money(50_00, "PLN"))

    facts = known(NOON)

    assert (facts["earlier_visits"], facts["days_since_last_visit"]) == (1, 1)
    assert known(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))["days_since_last_visit"] == 1  # 14 hours later


def test_who_was_born_on_29_february_has_a_birthday_every_year(cast, rynek):
    leap = add_customer(by=cast.darek, details=Details("Ewa Bis", birthday=(2, 29)))

    def birthday(*day):
        at = datetime(*day, 12, tzinfo=UTC)
        return facts_of(leap, place=rynek, currency="PLN", at=at, told={})["birthday"]

    assert [birthday(2027, 2, 28), birthday(2028, 2, 28), birthday(2028, 2, 29)] == [True, False, True]


def test_a_place_that_is_closed_grants_nothing(cast, wish, rynek):
    rynek.active = False
    rynek.save()

    with pytest.raises(Refused, match="place_closed"):
        grant_gesture(by=cast.darek, wish=wish(), key="1")


def test_a_key_sent_again_after_the_records_were_joined_finds_its_gesture(cast, wish, joanna):
    other = add_customer(by=cast.darek, details=Details("J. Kruk"))
    first = grant_gesture(by=cast.darek, wish=wish(customer=other), key="1")
    merge_customers(by=cast.filip, kept=joanna, other=other)

    assert grant_gesture(by=cast.darek, wish=wish(), key="1") == first


def test_a_code_of_a_share_takes_off_no_more_than_was_set_aside(cast, wish, rynek):
    policy = write_policy(by=cast.filip, document=terms("discount"))
    code = grant_gesture(by=cast.darek, wish=wish(policy=policy), key="1").code.code

    done = redeem_code(by=cast.darek, place=rynek, given=code, purchase=Money(900_00, "PLN"))

    assert done.off == Money(10_00, "PLN")  # of 90.00; the ceiling is the cost that was set aside
