"""Customers: found by what they can say, joined, and erased without a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gracja.app.common.erasures import erased
from gracja.app.common.models import AuditEntry
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors.customers import (
    consents_of,
    customer_for,
    customers,
    export_record,
    find_customer,
    keys_of,
)
from gracja.app.contacts.services.customers.erasing import erase_customer
from gracja.app.contacts.services.customers.joining import merge_customers
from gracja.app.contacts.services.customers.purchases import add_purchase, refund_purchase
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    change_customer,
    give_consent,
    number_customer,
    withdraw_consent,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
JOANNA = Details("Joanna Kruk", "+48 601 234 567", "joanna@kruk.example", "pl", (2, 29))


@pytest.fixture
def joanna(cast):
    customer = add_customer(by=cast.darek, details=JOANNA)
    number_customer(by=cast.darek, customer=customer, system="till", value="K-17")
    return customer


@pytest.mark.parametrize("said", ["601234567", "601 234 567", "+48601234567", "JOANNA@kruk.example", "K-17"])
def test_a_customer_is_found_by_what_they_say_of_themselves(cast, joanna, said):
    assert find_customer(by=cast.darek, given=said) == joanna


@pytest.mark.parametrize("said", ["Joanna Kruk", "Kruk", "234567", "K-1", "", "%", "7"])
def test_nobody_is_found_by_a_name_or_by_part_of_a_number(cast, joanna, said):
    assert find_customer(by=cast.darek, given=said) is None


@pytest.mark.parametrize(
    "said", ["2900601234567", "x601234567@mail.example", "KLIENT-601234567", "601234567 x"]
)
def test_what_is_no_telephone_finds_nobody_s_telephone(cast, joanna, said):
    assert find_customer(by=cast.darek, given=said) is None
    assert list(customers(by=cast.filip, search=said)) == []


@pytest.mark.parametrize(
    "said", ["0048 601-234-567", "48601234567", "(601) 234.567", "601\u00a0234\u00a0567"]
)
def test_a_telephone_is_one_however_it_is_written(cast, joanna, said):
    assert find_customer(by=cast.darek, given=said) == joanna


def test_who_shares_a_telephone_is_not_guessed(cast, joanna):
    add_customer(by=cast.darek, details=Details("Jan Kruk", "601 234 567"), although_known=True)

    assert find_customer(by=cast.darek, given="601234567") is None


def test_the_counter_finds_one_and_reads_no_list(cast, joanna):
    with pytest.raises(Refused, match="not_permitted"):
        customers(by=cast.darek)
    with pytest.raises(Refused, match="not_permitted"):
        find_customer(by=cast.borys, given="K-17")
    assert list(customers(by=cast.filip, search="krúk")) == [joanna]


def test_the_log_keeps_no_name(joanna):
    kept = AuditEntry.objects.get(action="customer.add")

    assert "Kruk" not in str(kept.after)
    assert kept.after["language"] == "pl"


def test_a_day_that_no_year_has_is_no_birthday(cast, joanna):
    with pytest.raises(Refused, match="birthday_impossible"):
        change_customer(by=cast.darek, customer=joanna, details=Details("Joanna Kruk", birthday=(4, 31)))


@pytest.mark.parametrize(
    "details", [Details("Zofia", "0048 601-234-567"), Details("Zofia", email="Joanna@Kruk.example")]
)
def test_a_second_record_of_who_is_here_is_made_only_on_purpose(cast, joanna, details):
    """It would begin anew with caps, and with the lot that holds customers out."""
    other = add_customer(by=cast.darek, details=Details("Zofia", "700 800 900"))
    with pytest.raises(Refused, match="customer_known"):
        add_customer(by=cast.darek, details=details)
    with pytest.raises(Refused, match="customer_known"):
        change_customer(by=cast.darek, customer=other, details=details)
    assert Customer.objects.count() == 2

    add_customer(by=cast.darek, details=details, although_known=True)
    change_customer(by=cast.darek, customer=other, details=details, although_known=True)
    change_customer(by=cast.darek, customer=other, details=replace(details, name="Zofia B."))

    said = [row.after.get("although_known", False) for row in AuditEntry.objects.order_by("pk")]
    assert said == [False, False, False, True, True, False]


def test_who_left_or_was_joined_is_no_hindrance(cast, joanna):
    twin = add_customer(by=cast.darek, details=Details("J.", "700 800 900"))
    merge_customers(by=cast.filip, kept=joanna, other=twin)
    erase_customer(by=cast.grazyna, customer=joanna, forget=lambda _keys, _names: None)

    again = add_customer(by=cast.darek, details=JOANNA, back_because="own_wish")
    assert again.phone_digits == "601234567"


def test_no_other_change_takes_back_that_they_want_no_contact(cast, joanna):
    change_customer(by=cast.darek, customer=joanna, details=replace(JOANNA, do_not_contact=True))

    changed = change_customer(by=cast.edyta, customer=joanna, details=replace(JOANNA, name="Joanna S."))
    assert (changed.name, changed.do_not_contact) == ("Joanna S.", True)
    changed = change_customer(by=cast.edyta, customer=joanna, details=replace(JOANNA, do_not_contact=False))
    assert changed.do_not_contact is False


def test_a_consent_taken_back_on_a_joined_record_is_taken_back_where_it_leads(cast, joanna):
    twin = add_customer(by=cast.darek, details=Details("J. Kruk"))
    give_consent(by=cast.darek, customer=twin, purpose="call")
    merge_customers(by=cast.filip, kept=joanna, other=twin)

    withdraw_consent(by=cast.darek, customer=twin, purpose="call")

    assert consents_of(joanna) == set()
    assert AuditEntry.objects.get(action="consent.withdraw").subject_key == joanna.key


def test_a_number_belongs_to_one_customer(cast, joanna):
    other = add_customer(by=cast.darek, details=Details())

    with pytest.raises(Refused, match="customer_number_taken"):
        number_customer(by=cast.darek, customer=other, system="till", value="K-17")
    number_customer(by=cast.darek, customer=joanna, system="till", value="K-17")
    assert joanna.numbers.count() == 1


def test_a_consent_is_given_once_and_taken_back_once(cast, joanna):
    give_consent(by=cast.darek, customer=joanna, purpose="club")
    give_consent(by=cast.darek, customer=joanna, purpose="club")
    assert consents_of(joanna) == {"club"}

    withdraw_consent(by=cast.darek, customer=joanna, purpose="club")
    withdraw_consent(by=cast.darek, customer=joanna, purpose="club")
    assert consents_of(joanna) == set()
    assert AuditEntry.objects.filter(action__startswith="consent.").count() == 2
    with pytest.raises(Refused, match="consent_unknown"):
        give_consent(by=cast.darek, customer=joanna, purpose="everything")


def bought(cast, customer, number="P-1", minor=120_00, at=NOON):
    return add_purchase(
        by=cast.filip,
        customer=customer,
        place=None,
        system="till",
        number=number,
        at=at,
        amount=Money(minor, "PLN"),
    )


def test_a_purchase_counts_once(cast, joanna):
    assert bought(cast, joanna) == bought(cast, joanna)
    with pytest.raises(Refused, match="purchase_differs"):
        bought(cast, joanna, minor=1)
    assert joanna.purchases.count() == 1


def test_no_more_is_given_back_than_was_paid(cast, joanna):
    purchase = bought(cast, joanna)
    refund_purchase(by=cast.filip, purchase=purchase, amount=Money(100_00, "PLN"), number="Z-1")

    with pytest.raises(Refused, match="refund_over_purchase") as refused:
        refund_purchase(by=cast.filip, purchase=purchase, amount=Money(20_01, "PLN"), number="Z-2")
    with pytest.raises(Refused, match="purchase_other_currency"):
        refund_purchase(by=cast.filip, purchase=purchase, amount=Money(1, "EUR"), number="Z-3")

    assert refused.value.facts["kept"] == "20.00 PLN"
    assert purchase.kept == Money(20_00, "PLN")


def test_two_records_become_one_and_the_old_address_leads_there(cast, joanna):
    twin = add_customer(by=cast.darek, details=Details("J. Kruk", do_not_contact=True))
    number_customer(by=cast.darek, customer=twin, system="card", value="C-9")
    for one in (joanna, twin):
        give_consent(by=cast.darek, customer=one, purpose="club")
    give_consent(by=cast.darek, customer=twin, purpose="call")
    bought(cast, twin)

    merge_customers(by=cast.filip, kept=joanna, other=twin)
    merge_customers(by=cast.filip, kept=joanna, other=twin)

    found = customer_for(by=cast.darek, uid=twin.uid)
    assert found == joanna
    assert (found.name, found.do_not_contact, consents_of(found)) == ("Joanna Kruk", True, {"club", "call"})
    assert set(keys_of(found)) == {joanna.key, twin.key}
    assert found.purchases.count() == 1
    assert find_customer(by=cast.darek, given="C-9") == joanna
    with pytest.raises(Refused, match="customer_gone"):
        change_customer(by=cast.darek, customer=twin, details=Details("Again"))


@pytest.mark.parametrize("keep_who_took_it_back", [True, False])
def test_a_consent_taken_back_later_is_not_revived_by_joining(cast, joanna, keep_who_took_it_back):
    twin = add_customer(by=cast.darek, details=Details("J. Kruk"))
    for one in (joanna, twin):
        give_consent(by=cast.darek, customer=one, purpose="call")
    withdraw_consent(by=cast.darek, customer=twin, purpose="call")
    give_consent(by=cast.darek, customer=twin, purpose="club")
    kept, other = (twin, joanna) if keep_who_took_it_back else (joanna, twin)

    merge_customers(by=cast.filip, kept=kept, other=other)

    assert consents_of(kept) == {"club"}


def test_a_consent_given_again_after_it_was_taken_back_is_kept(cast, joanna):
    twin = add_customer(by=cast.darek, details=Details("J. Kruk"))
    give_consent(by=cast.darek, customer=twin, purpose="call")
    withdraw_consent(by=cast.darek, customer=twin, purpose="call")
    give_consent(by=cast.darek, customer=joanna, purpose="call")

    merge_customers(by=cast.filip, kept=joanna, other=twin)

    assert consents_of(joanna) == {"call"}


@pytest.mark.parametrize("keep_the_first", [True, False])
def test_a_telephone_of_two_records_that_became_one_is_nobody_elses(cast, joanna, keep_the_first):
    same = Details("J. Kruk", joanna.phone, joanna.email)
    twin = add_customer(by=cast.darek, details=same, although_known=True)
    kept, other = (joanna, twin) if keep_the_first else (twin, joanna)

    merge_customers(by=cast.filip, kept=kept, other=other)

    kept.refresh_from_db()
    assert (kept.phone_digits, kept.phone_shared, kept.email_shared) == ("601234567", False, False)


def test_a_telephone_that_a_third_record_has_too_stays_shared(cast, joanna):
    twin, child = (
        add_customer(by=cast.darek, details=Details(name, joanna.phone), although_known=True)
        for name in ("J. Kruk", "Jan Kruk")
    )

    merge_customers(by=cast.filip, kept=twin, other=joanna)

    assert [one.phone_shared for one in Customer.objects.filter(pk__in=(twin.pk, child.pk))] == [True, True]


def test_what_was_joined_is_erased_where_it_leads(cast, joanna):
    twin = add_customer(by=cast.darek, details=Details("J. Kruk"))
    merge_customers(by=cast.filip, kept=joanna, other=twin)

    with pytest.raises(Refused, match="customer_gone"):
        erase_customer(by=cast.grazyna, customer=twin, forget=lambda _keys, _names: None)


def test_nobody_pays_or_gets_back_less_than_nothing(cast, joanna):
    with pytest.raises(Refused, match="amount_out_of_range"):
        bought(cast, joanna, minor=-1)
    with pytest.raises(Refused, match="amount_out_of_range"):
        refund_purchase(by=cast.filip, purchase=bought(cast, joanna), amount=Money(-1, "PLN"), number="Z-4")


def test_who_was_erased_meanwhile_buys_nothing_more(cast, joanna):
    before = Customer.objects.get(pk=joanna.pk)
    erase_customer(by=cast.grazyna, customer=joanna, forget=lambda _keys, _names: None)

    with pytest.raises(Refused, match="customer_gone"):
        bought(cast, before)


def test_a_record_is_not_joined_with_itself_nor_by_the_counter(cast, joanna):
    with pytest.raises(Refused, match="customer_merges_with_itself"):
        merge_customers(by=cast.filip, kept=joanna, other=joanna)
    with pytest.raises(Refused, match="not_permitted"):
        merge_customers(by=cast.anna, kept=joanna, other=joanna)


def test_who_is_erased_leaves_amounts_and_no_trace_of_themselves(
    cast, joanna, settings, django_capture_on_commit_callbacks
):
    twin = add_customer(by=cast.darek, details=Details("J. Kruk"))
    merge_customers(by=cast.filip, kept=joanna, other=twin)
    bought(cast, joanna, number="P-of-Joanna")
    told = []

    with django_capture_on_commit_callbacks(execute=True):
        erase_customer(by=cast.grazyna, customer=joanna, forget=lambda keys, _names: told.extend(keys))
        erase_customer(by=cast.grazyna, customer=joanna, forget=lambda keys, _names: told.extend(keys))

    kept = Customer.objects.get(pk=joanna.pk)
    assert sorted(told) == sorted([joanna.key, twin.key])
    assert set(erased(settings.HOME).keys) == {joanna.key, twin.key}
    assert (kept.name, kept.phone, kept.phone_digits, kept.email, kept.birthday_month) == (
        "",
        "",
        "",
        "",
        None,
    )
    assert not kept.numbers.exists()
    assert not kept.consents.exists()
    assert kept.purchases.get().kept == Money(120_00, "PLN")
    assert "Joanna" not in kept.purchases.get().number
    assert find_customer(by=cast.darek, given="601234567") is None
    assert AuditEntry.objects.filter(action="customer.erase").count() == 1


def test_only_who_may_erases(cast, joanna):
    with pytest.raises(Refused, match="not_permitted"):
        erase_customer(by=cast.anna, customer=joanna, forget=lambda _keys, _names: None)


def test_customers_can_have_all_that_is_known_of_them(cast, joanna):
    bought(cast, joanna)
    give_consent(by=cast.darek, customer=joanna, purpose="card")

    known = export_record(joanna)

    assert (known["name"], known["birthday"], known["purchases"][0]["kept"]) == (
        "Joanna Kruk",
        [2, 29],
        "120.00 PLN",
    )
    assert [one["purpose"] for one in known["consents"]] == ["card"]


def test_finding_one_reads_no_more_rows_with_more_customers(cast, joanna, django_assert_max_num_queries):
    Customer.objects.bulk_create(
        Customer(name=f"Klient {n}", phone_digits="700700700", phone_shared=True) for n in range(50)
    )

    with django_assert_max_num_queries(8):
        assert find_customer(by=cast.darek, given="700 700 700") is None
    assert find_customer(by=cast.darek, given=" Joanna@Kruk.example ") == joanna
