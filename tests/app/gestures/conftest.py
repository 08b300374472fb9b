"""Policies, a budget of 100 zł at Rynek for November, and a customer."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gracja.app.common.clock import stopped_at
from gracja.app.common.money import Money
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.policies import write_policy
from gracja.app.gestures.wish import Wish
from gracja.app.standards.models import Edition

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _it_is_november():
    with stopped_at(NOON):
        yield


@pytest.fixture
def budget(cast, rynek):
    return open_budget(
        by=cast.filip,
        place=rynek,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        amount=Money(100_00, "PLN"),
    )


def terms(kind="gift", **given):
    document = {
        "kind": kind,
        "title": {"pl": "Krem do rąk", "en": "Hand cream"},
        "currency": "PLN",
        "usual_minor": 10_00,
        "most_minor": 80_00,
    }
    if kind == "discount":
        document["discount"] = {"percent": 10, "above_minor": 50_00}
    return document | given


@pytest.fixture
def policy(cast):
    return write_policy(by=cast.filip, document=terms())


@pytest.fixture
def joanna(cast):
    return add_customer(by=cast.darek, details=Details("Joanna Kruk", "601 234 567"))


@pytest.fixture
def wish(policy, rynek, joanna, budget):
    def made(**given):
        return Wish(
            **({"policy": policy, "place": rynek, "customer": joanna, "reason": "Czekała godzinę"} | given)
        )

    return made


@pytest.fixture
def published(edition):
    """`published(gestures="forbidden")`: the salon's next version, in force."""

    def made(**changed):
        document = edition.document | {"version": 2} | changed
        return Edition.objects.create(
            edition_id=edition.edition_id,
            version=2,
            document=document,
            digest="of version 2",
            effective_from=date(2026, 11, 1),
        )

    return made
