"""Contacts that we start: proposed by rules, with consent, never too many, and not again once they ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from app.gestures.conftest import terms
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from gracja.app.common.clock import now, stopped_at
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Consent, Customer, Purchase
from gracja.app.contacts.services.customers.joining import merge_customers
from gracja.app.contacts.services.customers.purchases import add_purchase, refund_purchase
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    change_customer,
    give_consent,
    withdraw_consent,
)
from gracja.app.gestures.calls.models import Call, Reason
from gracja.app.gestures.calls.selectors.calls import call_for, calls, due
from gracja.app.gestures.calls.services import proposing
from gracja.app.gestures.calls.services.making import give_call, note_outcome, postpone_call
from gracja.app.gestures.calls.services.proposing import propose_contacts
from gracja.app.gestures.calls.services.rules import Rule, change_reason
from gracja.app.gestures.recovery.services.cases import (
    Happened,
    Remedy,
    close_case,
    note_case,
    promise_remedy,
)
from gracja.app.gestures.services.granting import grant_gesture
from gracja.app.gestures.services.policies import write_policy
from gracja.app.gestures.wish import Wish
from gracja.app.operations.erasure import erase_customer, pseudonymise_person
from gracja.app.operations.export import export_customer
from gracja.app.organisation.models import User
from gracja.app.service_mode.selectors.rules import company_rules

TEXT = "Dziękujemy, że jest Pani z nami."


@pytest.fixture
def rule(cast):
    def made(name, **given):
        rule = {"on": True, "way": "call", "days": 2, "least": Money(500_00, "PLN"), "text_pl": TEXT} | given
        return change_reason(by=cast.filip, name=name, rule=Rule(**rule))

    return made


@pytest.fixture
def agreed(cast, joanna):
    for way in ("call", "card"):
        give_consent(by=cast.darek, customer=joanna, purpose=way)
    return joanna


@pytest.fixture
def bought(cast, rynek):
    def buy(customer, amount=600_00, *, days_ago=1, number=None):
        return add_purchase(
            by=cast.filip,
            customer=customer,
            place=rynek,
            system="till",
            number=number or str(Purchase.objects.count()),
            at=now() - timedelta(days=days_ago),
            amount=Money(amount, "PLN"),
        )

    return buy


@pytest.fixture
def settled(cast, rynek):
    def settle(customer):
        happened = Happened(rynek, "failure", "Zimna woda", now(), customer)
        case = note_case(by=cast.darek, happened=happened, own=True)
        promise_remedy(by=cast.darek, case=case, remedy=Remedy("Mycie jeszcze raz"))
        return close_case(by=cast.darek, case=case, done=True, answer="", told="yes")

    return settle


@pytest.fixture
def call(agreed, rule, settled):
    rule("after_failure")
    settled(agreed)
    propose_contacts()
    return Call.objects.get()


def test_after_a_failure_its_owner_calls_and_it_says_why(cast, call, rynek):
    assert (call.reason, call.owner, call.place) == ("after_failure", cast.darek.person, rynek)
    assert call.due_on == date(2026, 11, 22)
    assert call.why["state"] == "done"


def test_what_was_proposed_is_not_proposed_again_also_when_it_ended(cast, call):
    assert propose_contacts() == 0
    note_outcome(by=cast.darek, call=call, outcome="reached", note="Zadowolona")
    assert propose_contacts() == 0
    assert Call.objects.get().outcome == "reached"


def test_nothing_is_proposed_without_consent_a_number_or_against_a_wish(cast, joanna, rule, bought):
    rule("thanks_purchase")
    bought(joanna)

    assert propose_contacts() == 0  # no consent
    give_consent(by=cast.darek, customer=joanna, purpose="card")
    assert propose_contacts() == 0  # to cards alone
    give_consent(by=cast.darek, customer=joanna, purpose="call")
    change_customer(by=cast.darek, customer=joanna, details=Details("Joanna", do_not_contact=True))
    assert propose_contacts() == 0  # asked not to be contacted
    change_customer(by=cast.darek, customer=joanna, details=Details("Joanna", do_not_contact=False))
    assert propose_contacts() == 0  # no number
    change_customer(by=cast.darek, customer=joanna, details=Details("Joanna", "601 234 567"))
    assert propose_contacts() == 1


def test_a_rule_that_is_off_proposes_nothing(agreed, rule, bought):
    rule("thanks_purchase", on=False)
    bought(agreed)

    assert propose_contacts() == 0


def test_thanks_for_a_big_purchase_and_not_for_a_refunded_or_old_or_foreign_one(agreed, rule, bought):
    rule("thanks_purchase")
    bought(agreed, 499_99, number="small")
    bought(agreed, 900_00, number="old", days_ago=20)
    Purchase.objects.filter(number="old").update(refunded_minor=0)
    back = bought(agreed, 900_00, number="back")
    Purchase.objects.filter(pk=back.pk).update(refunded_minor=900_00)
    assert propose_contacts() == 0

    bought(agreed, 500_00, number="big")

    assert propose_contacts() == 1
    assert Call.objects.get().why["amount"] == "500.00 PLN"


def test_thanks_for_many_visits_come_once(agreed, rule, bought):
    rule("thanks_visits", least=Money(3, "PLN"))
    for days in (9, 6):
        bought(agreed, 10_00, days_ago=days)
    assert propose_contacts() == 0
    bought(agreed, 10_00, days_ago=1)

    assert propose_contacts() == 1
    bought(agreed, 10_00, days_ago=0)
    assert propose_contacts() == 0


def test_anniversaries_are_proposed_a_week_before_their_day(agreed, cast, rule, bought):
    rule("anniversary_first", way="card", days=0)
    rule("anniversary_joined", way="card", days=0)
    bought(agreed, 10_00, days_ago=365 - 5)
    give_consent(by=cast.darek, customer=agreed, purpose="club")
    Consent.objects.filter(purpose="club").update(given_at=datetime(2024, 11, 27, 12, tzinfo=UTC))

    assert propose_contacts() == 2
    found = {one.reason: (one.due_on, one.why["years"]) for one in Call.objects.all()}
    assert found == {
        "anniversary_first": (date(2026, 11, 25), 1),
        "anniversary_joined": (date(2026, 11, 27), 2),
    }
    assert propose_contacts() == 0


def test_proposing_asks_the_database_as_often_for_many_as_for_one(cast, rynek, rule, bought):
    rule("thanks_purchase")

    def proposed(n):
        for _ in range(n):
            customer = add_customer(
                by=cast.darek, details=Details("Klientka", "601 234 567"), although_known=True
            )
            give_consent(by=cast.darek, customer=customer, purpose="call")
            bought(customer)
        with CaptureQueriesContext(connection) as asked:
            assert propose_contacts() == n
        return len(asked)

    # 17, and two more where the rules and the clock are not remembered; one for each would be 11 more
    assert proposed(1) < 22
    assert proposed(12) < 22


def test_more_than_one_chunk_is_proposed_and_two_causes_of_one_customer_count_together(
    agreed, rule, bought, monkeypatch
):
    monkeypatch.setattr(proposing, "AT_ONCE", 2)
    rule("thanks_purchase")
    for n in range(5):
        bought(agreed, 600_00 + n)

    assert propose_contacts() == 2  # the bundled rules allow two in thirty days
    assert propose_contacts() == 0


def test_the_29th_of_february_is_kept_on_the_28th(agreed, rule, rynek, cast):
    rule("anniversary_joined", way="card", days=0)
    give_consent(by=cast.darek, customer=agreed, purpose="club")
    Consent.objects.filter(purpose="club").update(given_at=datetime(2024, 2, 29, 12, tzinfo=UTC))

    with stopped_at(datetime(2027, 2, 25, 12, tzinfo=UTC)):
        assert propose_contacts() == 1
        assert Call.objects.get().due_on == date(2027, 2, 28)


def test_never_more_than_the_overdose_guard_allows_and_the_failure_first(agreed, rule, bought, settled):
    for name in ("after_failure", "thanks_purchase", "thanks_visits"):
        rule(name, least=Money(2, "PLN"))
    for days in (8, 5, 3, 1):
        bought(agreed, 700_00, days_ago=days)
    settled(agreed)

    propose_contacts()

    assert Call.objects.count() == 2  # the bundled rules allow two in thirty days
    assert Call.objects.filter(reason="after_failure").count() == 1


def test_other_gestures_of_personal_contact_count_too(cast, agreed, rule, bought, budget, rynek):
    policy = write_policy(by=cast.filip, document=terms("personal_contact", usual_minor=2_00))
    for key in ("a", "b"):
        grant_gesture(by=cast.darek, wish=Wish(policy, rynek, agreed, "Podziękowanie"), key=key)
    rule("thanks_purchase")
    bought(agreed)

    assert propose_contacts() == 0


def test_calls_count_where_a_contact_is_granted_as_a_gesture(cast, agreed, rynek, budget):
    policy = write_policy(by=cast.filip, document=terms("personal_contact"))
    wish = Wish(policy, rynek, agreed, "Po zabiegu")
    most = company_rules().overdose.contacts_started_in_30_days
    for n in range(most):
        Call.objects.create(
            cause=f"thanks_visits:{n}",
            customer_key=agreed.key,
            place=rynek,
            reason="thanks_visits",
            way="call",
            due_on=now().date(),
            begun_at=now() - timedelta(days=n),
        )

    with pytest.raises(Refused, match="contact_too_often"):
        grant_gesture(by=cast.darek, wish=wish, key="one too many")

    Call.objects.filter(cause="thanks_visits:0").update(state="ended", outcome="wrong_number", ended_at=now())
    assert grant_gesture(by=cast.darek, wish=wish, key="fits").state == "reserved"


def test_days_are_the_company_s_also_around_midnight(agreed, cast, rule, rynek):
    rule("anniversary_first", days=0)
    half_past_midnight = datetime(2024, 11, 24, 23, 30, tzinfo=UTC)  # 25 November in Warsaw
    bought_at(cast, agreed, rynek, half_past_midnight)

    propose_contacts()

    assert Call.objects.get().due_on == date(2026, 11, 25)


def test_two_days_are_two_visits_whatever_day_it_is_in_greenwich(agreed, cast, rule, rynek):
    rule("thanks_visits", least=Money(3, "PLN"))
    # three days in UTC
    for day, hour in ((17, 23), (18, 12), (18, 23), (19, 12)):
        bought_at(cast, agreed, rynek, datetime(2026, 11, day, hour, 30, tzinfo=UTC))

    assert propose_contacts() == 0


def test_a_purchase_that_was_given_back_is_no_visit(agreed, cast, rule, bought):
    rule("thanks_visits", least=Money(3, "PLN"))
    last = [bought(agreed, days_ago=n) for n in (1, 2, 3)][-1]
    refund_purchase(by=cast.filip, purchase=last, amount=last.kept, number="Z-1")

    assert propose_contacts() == 0


def bought_at(cast, customer, place, at):
    return add_purchase(
        by=cast.filip, customer=customer, place=place, system="till", number=f"{at}", at=at,
        amount=Money(5_00, "PLN"),
    )  # fmt: skip


def test_a_wrong_number_does_not_count_and_is_not_dialled_again(cast, agreed, call, rule, bought):
    for _ in range(2):
        note_outcome(by=cast.darek, call=call, outcome="wrong_number")
    rule("thanks_purchase")
    bought(agreed)

    agreed.refresh_from_db()
    assert (agreed.phone_wrong, agreed.do_not_contact) == (True, False)
    assert propose_contacts() == 0
    rule("thanks_purchase", way="card")
    assert propose_contacts() == 1


def test_whoever_has_a_new_number_is_called_again(cast, agreed, call, rule, bought):
    note_outcome(by=cast.darek, call=call, outcome="wrong_number")
    rule("thanks_purchase")
    bought(agreed)
    for phone, proposed in (("+48 601-234-567", 0), ("602 000 000", 1)):
        customer = Customer.objects.get(pk=agreed.pk)
        change_customer(by=cast.darek, customer=customer, details=Details(agreed.name, phone))
        assert propose_contacts() == proposed


def test_other_calls_to_a_wrong_number_end_and_cards_do_not(cast, agreed, call, rynek):
    others = [
        Call.objects.create(
            cause=f"hand:{way}",
            customer_key=agreed.key,
            place=rynek,
            owner=cast.darek.person,
            reason="other",
            way=way,
            due_on=date(2026, 12, 1),
        )
        for way in ("call", "card")
    ]

    note_outcome(by=cast.darek, call=call, outcome="wrong_number")

    assert [Call.objects.get(pk=one.pk).outcome for one in others] == ["withdrawn", ""]


def test_a_wrong_number_stays_wrong_in_the_record_that_it_is_joined_into(cast, agreed, call):
    kept = add_customer(by=cast.darek, details=Details("Joanna K."))
    note_outcome(by=cast.darek, call=call, outcome="wrong_number")

    merge_customers(by=cast.filip, kept=kept, other=Customer.objects.get(pk=agreed.pk))

    kept.refresh_from_db()
    assert (kept.phone, kept.phone_wrong) == ("601 234 567", True)


def test_nobody_answered_it_is_due_again_and_ends_the_third_time(cast, call):
    for day in (22, 24):
        with stopped_at(datetime(2026, 11, day, 12, tzinfo=UTC)):
            kept = note_outcome(by=cast.darek, call=call, outcome="no_answer")
            assert (kept.state, kept.due_on) == ("proposed", date(2026, 11, day + 2))
    begun = kept.begun_at
    ended = note_outcome(by=cast.darek, call=call, outcome="no_answer")

    assert (ended.state, ended.outcome, ended.tries, ended.begun_at) == ("ended", "no_answer", 3, begun)


def test_who_asks_to_be_left_alone_is_at_once(cast, agreed, call, rule, bought):
    rule("thanks_purchase", way="card")
    bought(agreed)
    propose_contacts()
    assert Call.objects.filter(state="proposed").count() == 2

    note_outcome(by=cast.darek, call=call, outcome="asked_not")

    agreed.refresh_from_db()
    assert agreed.do_not_contact
    assert agreed.phone == "601 234 567"
    assert {one.withdrawn_at for one in agreed.consents.filter(purpose__in=("call", "card"))} == {now()}
    assert set(Call.objects.values_list("outcome", flat=True)) == {"asked_not", "withdrawn"}
    assert propose_contacts() == 0


def test_a_consent_taken_back_hides_the_call_at_once_and_ends_it(cast, agreed, call):
    withdraw_consent(by=cast.darek, customer=agreed, purpose="call")

    assert list(calls(by=cast.anna, show="later")) == []
    with pytest.raises(Http404):
        call_for(by=cast.darek, uid=call.uid)
    with pytest.raises(Refused, match="contact_not_wanted"):
        note_outcome(by=cast.darek, call=call, outcome="reached")
    propose_contacts()
    call.refresh_from_db()
    assert call.outcome == "withdrawn"


def test_who_took_consent_back_and_asks_to_be_left_alone_is_heard_all_the_same(cast, agreed, call):
    withdraw_consent(by=cast.darek, customer=agreed, purpose="call")
    propose_contacts()

    for _ in range(2):
        kept = note_outcome(by=cast.darek, call=call, outcome="asked_not", note="Proszę nie dzwonić")

    agreed.refresh_from_db()
    assert agreed.do_not_contact
    assert (kept.outcome, kept.note) == ("asked_not", "Proszę nie dzwonić")
    assert not agreed.consents.filter(purpose__in=("call", "card"), withdrawn_at=None).exists()


def test_a_wish_said_after_a_contact_ended_is_kept_and_the_contact_stays_as_it_ended(cast, agreed, call):
    note_outcome(by=cast.darek, call=call, outcome="reached", note="Zadowolona")

    for _ in range(2):
        kept = note_outcome(by=cast.darek, call=call, outcome="asked_not", note="Ale więcej nie")

    agreed.refresh_from_db()
    assert agreed.do_not_contact
    assert (kept.outcome, kept.note, kept.tries) == ("reached", "Zadowolona\nAle więcej nie", 1)


def test_the_wish_of_an_erased_customer_changes_nothing_and_harms_nobody(cast, agreed, call):
    erase_customer(by=cast.grazyna, customer=agreed)

    kept = note_outcome(by=cast.darek, call=call, outcome="asked_not", note="Joanna prosi o spokój")

    assert (kept.outcome, kept.note) == ("asked_not", "")


def test_whoever_makes_contacts_may_write_the_wish_down(cast, agreed, call):
    role = cast.darek.held[0].role
    role.permissions = [one for one in role.permissions if one != "customer.find"]
    role.save()
    darek = User.objects.get(pk=cast.darek.pk)

    note_outcome(by=darek, call=call, outcome="asked_not")

    agreed.refresh_from_db()
    assert agreed.do_not_contact


def test_a_joined_record_is_contacted_under_the_one_that_stays(cast, agreed, call):
    kept = add_customer(by=cast.darek, details=Details("Joanna K.", "601 234 567"), although_known=True)
    merge_customers(by=cast.filip, kept=kept, other=agreed)

    assert list(calls(by=cast.darek, show="later")) == [call]
    assert propose_contacts() == 0
    assert note_outcome(by=cast.darek, call=call, outcome="reached").state == "ended"


def test_a_contact_is_postponed_within_reason(cast, call):
    last = (now() + timedelta(days=90)).date()

    assert postpone_call(by=cast.darek, call=call, until=last).due_on == last
    for day in (last + timedelta(days=1), now().date() - timedelta(days=1)):
        with pytest.raises(Refused, match="day_out_of_range"):
            postpone_call(by=cast.darek, call=call, until=day)


def test_a_contact_that_would_be_one_too_many_waits(cast, agreed, call, budget, rynek):
    for number in range(2):
        Call.objects.create(
            cause=f"other:{number}",
            customer_key=agreed.key,
            place=rynek,
            reason="thanks_visits",
            way="call",
            due_on=date(2026, 11, 10),
            begun_at=datetime(2026, 11, 10, 12, tzinfo=UTC),
            state="ended",
            outcome="reached",
            ended_at=now(),
        )

    with pytest.raises(Refused, match="too_close") as refused:
        note_outcome(by=cast.darek, call=call, outcome="reached")

    assert refused.value.facts["day"] == "2026-12-10"
    postpone_call(by=cast.darek, call=call, until=date(2026, 12, 11))


def test_who_sees_and_makes_a_contact(cast, call):
    assert set(calls(by=cast.anna, show="later")) == set(calls(by=cast.darek, show="later")) == {call}
    for by in (cast.celina, cast.edyta, cast.borys, cast.hubert):
        assert not calls(by=by, show="later").exists()
        with pytest.raises(Http404):
            call_for(by=by, uid=call.uid)
        with pytest.raises(Refused, match="not_permitted"):
            note_outcome(by=by, call=call, outcome="reached")
    assert (due(by=cast.anna).due, due(by=cast.anna).later) == (0, 1)


def test_the_lead_says_who_calls(cast, call):
    with pytest.raises(Refused, match="not_permitted"):
        give_call(by=cast.darek, call=call, owner=cast.anna.person)
    with pytest.raises(Refused, match="contact_owner_elsewhere"):
        give_call(by=cast.anna, call=call, owner=cast.edyta.person)

    assert give_call(by=cast.anna, call=call, owner=cast.anna.person).owner == cast.anna.person
    assert not calls(by=cast.darek, show="later").exists()


def test_an_ended_contact_stays_as_it_ended(cast, call):
    note_outcome(by=cast.darek, call=call, outcome="reached")

    assert note_outcome(by=cast.darek, call=call, outcome="reached").tries == 1
    with pytest.raises(Refused, match="contact_ended"):
        note_outcome(by=cast.darek, call=call, outcome="not_needed")
    with pytest.raises(Refused, match="contact_ended"):
        postpone_call(by=cast.darek, call=call, until=now().date())
    with pytest.raises(Refused, match="outcome_unknown"):
        note_outcome(by=cast.darek, call=call, outcome="sent")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"way": "visit"}, "way_unknown"),
        ({"days": 61}, "reason_days_wrong"),
        ({"text_pl": " "}, "reason_text_missing"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule, given, code):
    with pytest.raises(Refused, match=code):
        rule("after_failure", **given)
    assert not Reason.objects.exists()


def test_only_the_manager_writes_rules(cast):
    for by in (cast.anna, cast.darek, cast.hubert):
        with pytest.raises(Refused, match="not_permitted"):
            change_reason(by=by, name="after_failure", rule=Rule(False, "call", 1, Money(0, "PLN")))
    with pytest.raises(Refused, match="reason_unknown"):
        change_reason(by=cast.filip, name="boredom", rule=Rule(False, "call", 1, Money(0, "PLN")))


def test_an_erased_customer_is_not_contacted_and_notes_go(cast, agreed, call, rule, bought):
    note_outcome(by=cast.darek, call=call, outcome="no_answer", note="Joanna Kruk nie odbiera")

    erase_customer(by=cast.grazyna, customer=agreed)

    call.refresh_from_db()
    assert (call.note, call.why, call.outcome) == ("", {}, "withdrawn")
    assert propose_contacts() == 0


def test_the_name_of_an_erased_colleague_is_masked(cast, call):
    note_outcome(by=cast.darek, call=call, outcome="reached", note="Chwali: Edyta Kos")

    pseudonymise_person(by=cast.grazyna, person=cast.edyta.person)

    call.refresh_from_db()
    assert "Edyta" not in call.note
    assert "Chwali" in call.note


def test_a_customer_gets_what_is_known_of_them(cast, agreed, call):
    note_outcome(by=cast.darek, call=call, outcome="reached", note="Zadowolona")

    row = export_customer(by=cast.filip, customer=agreed)["records"]["calls.call"][0]
    assert (row["reason"], row["outcome"], row["note"]) == ("after_failure", "reached", "Zadowolona")
