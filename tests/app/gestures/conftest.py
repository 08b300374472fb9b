"""A policy with a budget of 100 zł at Rynek."""

from __future__ import annotations

from datetime import date

import pytest

from gracja.app.common.money import Money
from gracja.app.gestures.services.budgets import open_budget

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def budget(cast, rynek):
    first, last = NOVEMBER
    return open_budget(
        by=cast.filip, place=rynek, first_day=first, last_day=last, amount=Money(100_00, "PLN")
    )
