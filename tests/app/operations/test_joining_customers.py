"""Two records that become one: what either of them no longer wanted is not done to the one."""

from __future__ import annotations

from datetime import date

import pytest

from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.contacts.services.customers.records import Details, add_customer, give_consent
from gracja.app.gestures.calls.models import Call
from gracja.app.operations.joining import merge_customers

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(cast, rynek):
    """`called("Joanna", ...)`: a customer who agreed to be called, and is to be."""

    def make(name, **details):
        customer = add_customer(by=cast.darek, details=Details(name, "601 234 567", **details))
        give_consent(by=cast.darek, customer=customer, purpose="call")
        Call.objects.create(
            cause=f"other:{name}",
            customer_key=customer.key,
            place=rynek,
            owner=cast.darek.person,
            reason="other",
            way="call",
            due_on=date(2026, 11, 25),
        )
        return customer

    return make


@pytest.mark.parametrize("keep_who_asked", [True, False])
def test_who_asked_under_either_name_to_be_left_alone_is_called_under_neither(cast, called, keep_who_asked):
    one = called("Joanna Kruk")
    twin = add_customer(by=cast.darek, details=Details("J. Kruk", do_not_contact=True))
    kept, other = (twin, one) if keep_who_asked else (one, twin)

    for _ in range(2):
        merge_customers(by=cast.filip, kept=kept, other=other)

    assert Call.objects.get().outcome == "withdrawn"


def test_who_still_agrees_is_still_called(cast, called):
    one = called("Joanna Kruk")
    twin = add_customer(by=cast.darek, details=Details("J. Kruk"))

    merge_customers(by=cast.filip, kept=twin, other=one)

    assert Call.objects.get().state == "proposed"


def test_a_joining_that_is_refused_ends_no_contact(cast, called):
    one = called("Joanna Kruk")
    twin = add_customer(by=cast.darek, details=Details("J. Kruk", do_not_contact=True))

    with pytest.raises(Refused, match="not_permitted"):
        merge_customers(by=cast.anna, kept=one, other=twin)

    assert (Call.objects.get().state, Customer.objects.filter(merged_into=None).count()) == ("proposed", 2)
