"""The page of closeness: in words and numbers, for who may read results there."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gracja.app.contacts.models import Wanted
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast, edition, told, visits, rynek):
    names = Visit.objects.filter(place=rynek).values_list("contact", flat=True)
    Wanted.objects.bulk_create(
        Wanted(
            contact=one, edition=edition.name, service_kind="relationship", low=0, high=20, source="scenario"
        )
        for one in names
    )
    return carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))


def test_each_place_says_how_many_were_too_distant_and_too_close(cast, run, signed_in):
    text = signed_in(cast.filip).get(reverse("fit")).content.decode()

    assert "Rynek" in text
    assert "Galeria" in text
    assert "Too close" in text
    assert "Not measured: of none of 20 contacts" in text  # Galeria: nobody noted what was wanted
    assert 'class="sides"' in text


def test_who_leads_a_place_sees_that_place(cast, run, signed_in):
    text = signed_in(cast.anna).get(reverse("fit")).content.decode()

    assert "Rynek" in text
    assert "Galeria" not in text


@pytest.mark.parametrize("who", ["darek", "borys"])
def test_who_may_read_nobodys_results_is_shown_nothing(cast, run, signed_in, who):
    assert signed_in(getattr(cast, who)).get(reverse("fit")).status_code == 404


def test_the_page_only_reads(cast, run, signed_in):
    assert signed_in(cast.filip).post(reverse("fit")).status_code == 405


def test_before_anything_is_measured_it_says_what_to_do(cast, edition, signed_in):
    text = signed_in(cast.filip).get(reverse("fit")).content.decode()

    assert "Nothing has been measured yet" in text


def test_a_measurement_without_marks_of_a_mode_says_so(cast, run, signed_in):
    run.part_fits.all().delete()

    text = signed_in(cast.filip).get(reverse("fit")).content.decode()

    assert "Nothing is known of closeness in this measurement" in text


def test_the_page_asks_few_questions(cast, run, signed_in, django_assert_max_num_queries):
    client = signed_in(cast.filip)
    client.get(reverse("fit"))

    with django_assert_max_num_queries(15):
        assert client.get(reverse("fit")).status_code == 200


def test_each_side_is_also_a_share_of_those_who_minded(cast, run, signed_in):
    text = signed_in(cast.anna).get(reverse("fit")).content.decode()

    assert "of 20 who wanted distance" in text
    assert "Nobody known wanted closeness: not measured" in text
