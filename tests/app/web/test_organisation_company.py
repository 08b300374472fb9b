"""The page of the company's settings, and which door the pages of one's own mark."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gracja.app.organisation.models import Company

NEW = {"name": "Salony Nowe", "language": "en", "zone": "Europe/London"}


def test_an_administrator_changes_the_company_and_reads_it_in_the_log(cast, signed_in):
    client = signed_in(cast.grazyna, language="en")

    answer = client.post(reverse("company"), NEW)

    assert answer.url == reverse("company")
    assert Company.objects.get().name == "Salony Nowe"
    assert "settings changed" in client.get(reverse("log")).content.decode()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"zone": "Europe/Atlantis"}, {"language": "de"}])
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast, signed_in, wrong):
    answer = signed_in(cast.grazyna).post(reverse("company"), NEW | {"name": "Nowe & Co"} | wrong)

    assert answer.status_code == 422
    assert ("Nowe &amp; Co" in answer.content.decode()) == ("name" not in wrong)
    assert Company.objects.get().name == "Salony Gracja"


def test_a_time_zone_that_is_an_alias_stays_a_choice(cast, signed_in):
    Company.objects.update(zone="Poland")
    client = signed_in(cast.grazyna)

    page = client.get(reverse("company")).content.decode()
    client.post(reverse("company"), NEW | {"zone": "Poland"})

    assert '<option value="Poland" selected>' in page
    assert (Company.objects.get().name, Company.objects.get().zone) == ("Salony Nowe", "Poland")


def test_a_service_manager_finds_no_settings_of_the_company(cast, signed_in):
    client = signed_in(cast.filip)

    assert client.post(reverse("company"), NEW).status_code == 404
    assert reverse("company") not in client.get(reverse("people")).content.decode()


@pytest.mark.parametrize("page", ["my_account", "my_shifts"])
def test_a_page_that_no_door_leads_to_marks_none(cast, signed_in, page):
    assert b'aria-current="page"' not in signed_in(cast.grazyna).get(reverse(page)).content


def test_the_overview_marks_its_own_door(cast, signed_in):
    page = signed_in(cast.grazyna).get(reverse("home")).content.decode()

    assert page.count('href="/" aria-current="page"') >= 1
