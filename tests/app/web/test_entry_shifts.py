"""My shifts: days, hours and places, for the one who works them."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.urls import reverse

from gracja.app.organisation.services.roster import add_shift

PAGE = "my_shifts"


@pytest.fixture
def planned(cast, rynek):
    return add_shift(
        by=cast.grazyna,
        person=cast.darek.person,
        place=rynek,
        day=date(2026, 11, 18),
        begins=time(9),
        ends=time(17),
    )


def _page(client, week="2026-11-18"):
    return client.get(reverse(PAGE), {"week": week}).content.decode()


def test_darek_finds_his_shifts_from_his_account(cast, signed_in, planned):
    client = signed_in(cast.darek, language="pl")

    assert reverse(PAGE) in client.get(reverse("my_account")).content.decode()
    page = _page(client)
    assert "Moje zmiany" in page
    assert "09.00–17.00" in page
    assert "Rynek" in page


def test_celina_sees_nothing_of_them_and_is_told_that_nothing_is_planned(cast, signed_in, planned):
    page = _page(signed_in(cast.celina, language="en"))

    assert "9:00 am" not in page
    assert "No shift is planned" in page


@pytest.mark.parametrize("week", ["nonsense", "0001-01-01", "9999-12-31", "2026-13-45"])
def test_a_week_that_cannot_be_shown_is_this_one(cast, signed_in, week):
    assert signed_in(cast.darek).get(reverse(PAGE), {"week": week}).status_code == 200


def test_it_is_read_only_and_only_by_who_signed_in(cast, client, signed_in):
    assert signed_in(cast.darek).post(reverse(PAGE)).status_code == 405
    assert client.get(reverse(PAGE)).status_code == 302
