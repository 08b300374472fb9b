"""A club of two levels by visits, a gift with a policy, and what the gestures' tests have."""

from __future__ import annotations

import pytest

from gracja.app.common.money import Money
from gracja.app.gestures.club.services.members import Agreed, join_club
from gracja.app.gestures.club.services.settings import write_club
from gracja.app.gestures.club.services.stock import Named, receive_gifts, save_gift

CONSENT = {"pl": "Zgadzam się na klub.", "en": "I agree to the club."}


def document(**given):
    return {
        "title": {"pl": "Klub stałych gości", "en": "Club of regulars"},
        "counts": "visits",
        "currency": "PLN",
        "window_months": 12,
        "keep_months": 3,
        "levels": [
            {
                "title": {"pl": "Znajomy", "en": "Familiar"},
                "start_at": 3,
                "perks": [{"pl": "Kawa", "en": "Coffee"}],
            },
            {"title": {"pl": "Domownik", "en": "At home"}, "start_at": 6, "perks": []},
        ],
        "birthday": {"perk": {"pl": "Ciastko", "en": "A cake"}, "days_before": 3, "days_after": 3},
        "consent": CONSENT,
    } | given


@pytest.fixture
def club(cast):
    return write_club(by=cast.filip, document=document(), version=0)


@pytest.fixture
def member(cast, club, joanna):
    return join_club(by=cast.darek, customer=joanna, agreed=Agreed(club.version, "pl"))


@pytest.fixture
def cream(cast, policy):
    return save_gift(by=cast.filip, named=Named("Krem do rąk", "Hand cream", Money(12_00, "PLN"), policy.uid))


@pytest.fixture
def on_shelf(cast, rynek, cream):
    """`on_shelf(5)`: so many creams at Rynek."""

    def put(count, key="first"):
        return receive_gifts(by=cast.anna, gift=cream, place=rynek, count=count, key=key)

    return put
