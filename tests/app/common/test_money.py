"""Amounts as people type and read them, exact to the last grosz."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.app.common.money import Money, money
from gracja.app.common.refused import Refused
from gracja.wording.amounts import amount_in_words


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("12", 1200),
        ("12,5", 1250),
        ("12.50", 1250),
        ("1 234,50", 123450),
        ("1\u00a0234,5", 123450),
        ("0", 0),
        ("-0", 0),
        ("007", 700),
        ("1,500", 150),
    ],
)
def test_an_amount_is_read_with_comma_or_point(typed, minor):
    assert money(typed, "PLN") == Money(minor, "PLN")


def test_a_currency_without_hundredths_has_none():
    assert money("1500", "JPY").minor == 1500
    with pytest.raises(Refused, match="amount_too_fine"):
        money("1500,5", "JPY")


@pytest.mark.parametrize(
    ("typed", "currency", "code"),
    [
        ("-1", "PLN", "amount_out_of_range"),
        ("1,005", "PLN", "amount_too_fine"),
        ("ten", "PLN", "amount_unreadable"),
        ("NaN", "PLN", "amount_unreadable"),
        ("Infinity", "PLN", "amount_unreadable"),
        ("1", "zł", "currency_unknown"),
        ("1e30", "PLN", "amount_unreadable"),
        ("1e999999", "PLN", "amount_unreadable"),
        ("1e3", "PLN", "amount_unreadable"),
        ("1_0", "PLN", "amount_unreadable"),
        ("1.", "PLN", "amount_unreadable"),
        ("", "PLN", "amount_unreadable"),
        ("sNaN", "PLN", "amount_unreadable"),
        ("９", "PLN", "amount_unreadable"),
        ("9" * 5000, "PLN", "amount_out_of_range"),
        ("1." + "0" * 30 + "1", "PLN", "amount_too_fine"),
        ("1", "XQQ", "currency_unknown"),
        ("1", "", "currency_unknown"),
    ],
)
def test_what_is_no_amount_is_refused(typed, currency, code):
    with pytest.raises(Refused, match=code):
        money(typed, currency)


@given(st.integers(0, 10**12), st.sampled_from(["PLN", "EUR", "JPY", "KWD"]))
def test_an_amount_written_and_read_is_the_same(minor, currency):
    amount = Money(minor, currency)

    assert money(str(amount.decimal), currency) == amount


def test_an_amount_is_said_in_both_languages():
    assert Money(123450, "PLN").in_words("pl") == "1\u00a0234,50\u00a0zł"
    assert Money(123450, "EUR").in_words("en") == "€1,234.50"


@pytest.mark.parametrize(
    ("amount", "pl", "en"),
    [
        (Money(365600, "PLN"), "3_656,00_zł", "PLN_3,656.00"),
        (Money(-365600, "PLN"), "-3_656,00_zł", "-PLN_3,656.00"),
        (Money(365600, "CHF"), "3_656,00_CHF", "CHF_3,656.00"),
        (Money(365600, "GBP"), "3_656,00_GBP", "£3,656.00"),
        (Money(3656, "JPY"), "3_656_JPY", "¥3,656"),
    ],
)
def test_letters_of_a_currency_stand_apart_from_its_digits_and_never_alone_on_a_line(amount, pl, en):
    assert (amount.in_words("pl"), amount.in_words("en")) == (
        pl.replace("_", "\u00a0"),
        en.replace("_", "\u00a0"),
    )


def test_an_estimate_is_said_without_the_smallest_unit():
    amount = Decimal("1234.56")

    assert amount_in_words(amount, "PLN", "pl", whole=True) == "1\u00a0235\u00a0zł"
    assert amount_in_words(amount, "PLN", "en", whole=True) == "PLN\u00a01,235"
    assert amount_in_words(amount, "EUR", "en", whole=True) == "€1,235"


@pytest.mark.parametrize(
    ("minor", "pl", "en"),
    [
        (162421, "1\u00a0600\u00a0zł", "PLN\u00a01,600"),
        (22760, "230\u00a0zł", "PLN\u00a0230"),
        (1234, "12\u00a0zł", "PLN\u00a012"),
        (123, "1,20\u00a0zł", "PLN\u00a01.20"),
        (0, "0\u00a0zł", "PLN\u00a00"),
    ],
)
def test_a_forecast_is_said_with_two_digits(minor, pl, en):
    forecast = Money(minor, "PLN")

    assert (forecast.about_in_words("pl"), forecast.about_in_words("en")) == (pl, en)
