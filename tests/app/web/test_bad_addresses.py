"""What nobody types, but somebody sends: answered, and never with a fault of ours."""

from __future__ import annotations

import pytest
from app.gestures.conftest import terms
from django.urls import reverse

from gracja.app.common.money import Money
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.models import Gesture
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.policies import write_policy
from gracja.app.organisation.selectors.company import today_here

pytestmark = pytest.mark.django_db


def test_months_beyond_all_books_are_this_month(cast, signed_in):
    client = signed_in(cast.filip)

    for month in ("9999-12", "0001-01", "2026-13", "x"):
        for page in ("budgets/", "budgets/open/", "statement/", "statement/csv/"):
            assert client.get(f"/gestures/{page}?month={month}").status_code == 200, (page, month)
        assert client.post("/gestures/budgets/copy/", {"month": month}).status_code == 302


def test_a_sign_that_no_database_keeps_is_nowhere(cast, signed_in):
    client = signed_in(cast.filip)

    for address in (
        "/customers/?text=%00",
        "/recovery/?place=%00",
        "/customers/one/%00/",
        "/club/members/%00/",
    ):
        assert client.get(f"/{address}").status_code == 404, address
    found = signed_in(cast.darek).post("/customers/find/", {"given": "60\0"})
    assert found.status_code == 422


def test_a_key_that_is_too_long_grants_nothing(cast, signed_in, rynek):
    today = today_here()
    open_budget(by=cast.filip, place=rynek, first_day=today, last_day=today, amount=Money(100_00, "PLN"))
    policy = write_policy(by=cast.filip, document=terms())
    one = add_customer(by=cast.darek, details=Details("Joanna Kruk"))
    sent = {"place": rynek.uid, "customer": one.uid, "policy": policy.uid, "key": "k" * 65}

    assert signed_in(cast.darek).post(reverse("grant_gesture"), sent).status_code == 409
    assert not Gesture.objects.exists()
