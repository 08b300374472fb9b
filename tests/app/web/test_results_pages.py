from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from gracja.app.contacts.models import ExternalId
from gracja.app.measurement.models import Run
from gracja.app.measurement.selectors.evaluators import strictness
from gracja.app.measurement.services.runs import ask_for_run, carry_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast, edition, told, visits):
    return carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))


def test_the_service_manager_reads_everybodys_results_in_words_and_pictures(cast, run, signed_in):
    page = signed_in(cast.filip).get(reverse("results"))

    text = page.content.decode()
    assert page.status_code == 200
    assert "Darek Lis" in text
    assert "Edyta Kos" in text
    assert text.count('<svg class="iv') >= 2


def test_a_place_lead_reads_only_her_own_people(cast, run, signed_in):
    text = signed_in(cast.anna).get(reverse("results")).content.decode()

    assert "Darek Lis" in text
    assert "Edyta Kos" not in text


def test_an_employee_reads_their_own_result_and_no_colleagues(cast, run, signed_in):
    client = signed_in(cast.darek)

    mine = client.get(reverse("my_results"))
    assert mine.status_code == 200
    assert "Edyta" not in mine.content.decode()
    assert client.get(reverse("person_result", args=[cast.edyta.person.uid])).status_code == 404
    assert client.get(reverse("person_result", args=[cast.darek.person.uid])).status_code == 200


@pytest.mark.parametrize("name", ["results", "results_places", "results_standards", "runs"])
def test_who_may_read_nobodys_results_is_shown_no_page_of_results(cast, run, signed_in, name):
    assert signed_in(cast.darek).get(reverse(name)).status_code == 404


def test_how_strict_evaluators_are_is_for_the_whole_company_only(cast, run, signed_in):
    assert signed_in(cast.anna).get(reverse("results_evaluators")).status_code == 404
    assert "Borys Sowa" in signed_in(cast.filip).get(reverse("results_evaluators")).content.decode()


def test_without_a_measurement_the_page_says_what_to_do(cast, edition, signed_in):
    text = signed_in(cast.filip).get(reverse("results")).content.decode()

    assert "Nothing has been measured yet" in text
    assert reverse("runs") in text


def test_not_measured_is_said_and_never_drawn_as_zero(cast, run, signed_in):
    text = signed_in(cast.darek).get(reverse("my_results")).content.decode()

    assert "Not measured" in text
    assert "Fit 0%" not in text


def test_one_press_starts_a_measurement_and_a_second_changes_nothing(cast, edition, told, visits, signed_in):
    client = signed_in(cast.filip)

    first = client.post(reverse("run_start"), {"edition": edition.uid}, follow=True)
    again = client.post(reverse("run_start"), {"edition": edition.uid}, follow=True)

    assert "Measuring has begun" in first.content.decode()
    assert "already waiting or running" in again.content.decode()
    assert Run.objects.count() == 1


def test_who_may_not_measure_is_refused_and_nothing_begins(cast, edition, told, signed_in):
    answer = signed_in(cast.anna).post(reverse("run_start"), {"edition": edition.uid})

    assert answer.status_code == 403
    assert not Run.objects.exists()


def test_a_measurement_is_not_started_by_reading_an_address(cast, edition, signed_in):
    assert signed_in(cast.filip).get(reverse("run_start")).status_code == 405


def test_a_failed_measurement_says_why(cast, edition, told, signed_in):
    carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))

    text = signed_in(cast.filip).get(reverse("runs")).content.decode()
    assert "failed" in text
    assert "nothing to measure in this period" in text


def test_the_words_behind_a_result_are_shown_to_whom_they_concern(cast, edition, told, archived, signed_in):
    ExternalId.objects.create(system="upload", value="Darek Wójcik", person=cast.darek.person)
    carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))
    address = reverse("person_part", args=[cast.darek.person.uid, "booking"])

    page = signed_in(cast.darek).get(address)

    assert page.status_code == 200
    assert "<mark>" in page.content.decode()
    assert signed_in(cast.edyta).get(address).status_code == 404


def test_nobody_in_training_is_put_in_a_place_among_others(cast, run, signed_in):
    address = reverse("person_result", args=[cast.edyta.person.uid])
    assert "2 people were measured" in signed_in(cast.filip).get(address).content.decode()
    cast.edyta.person.trainee_until = date(2099, 1, 1)
    cast.edyta.person.save()

    text = signed_in(cast.filip).get(address).content.decode()

    assert "compared with nobody" in text
    assert "big-words" not in text
    assert "people were measured" not in text


def test_nobody_goes_back_to_a_result_on_a_shared_computer(cast, run, signed_in):
    page = signed_in(cast.darek).get(reverse("my_results"))

    assert "no-store" in page.headers["Cache-Control"]


def test_what_checklists_compute_stands_beside_the_measure_with_what_it_leaves_out(cast, run, signed_in):
    row = run.results.get(subject_kind="employee", person=cast.darek.person)
    classic = row.row["classic"]
    address = reverse("person_result", args=[cast.darek.person.uid])
    client = signed_in(cast.filip)

    text = client.get(address).content.decode()
    row.row = row.row | {"classic": None}
    row.save(update_fields=["row"])

    assert f"Classic score: {classic:.0f}%" in text
    assert "Classic score" not in client.get(address).content.decode()


class TestHowStrictlyEvaluatorsMark:
    @pytest.fixture
    def evaluators(self, cast, run, signed_in):
        """Set what was measured of Borys (measure, se), then read the page."""

        def page(measure, se):
            row = run.results.get(subject_kind="evaluator", person=cast.borys.person)
            row.row = row.row | {"measure": measure, "se": se}
            row.save(update_fields=["row"])
            return signed_in(cast.filip).get(reverse("results_evaluators")).content.decode()

        return page

    @pytest.mark.parametrize(
        ("measure", "se", "said"),
        [
            (3.0, 0.3, "Almost certainly stricter"),
            (-3.0, 0.3, "Almost certainly more lenient"),
            (0.5, 0.4, "Probably stricter"),
            (0.0, 0.5, "No difference is known"),
        ],
    )
    def test_it_is_said_with_an_interval_and_in_words(self, evaluators, measure, se, said):
        text = evaluators(measure, se)

        assert said in text
        assert '<svg class="iv' in text
        assert "What each would mark where an average evaluator marks" in text

    def test_a_strict_evaluator_would_mark_less_than_an_average_one(self, cast, run):
        row = run.results.get(subject_kind="evaluator", person=cast.borys.person)
        row.row = row.row | {"measure": 1.0, "se": 0.2}
        row.save(update_fields=["row"])

        shown = strictness(by=cast.filip, run=run)

        (share,) = [one.share for one in shown.evaluators if one.title == cast.borys.person]
        assert share.low < share.value < share.high < shown.average
        assert share.side == "below"

    def test_an_evaluator_whom_nothing_tells_from_the_service_is_never_called_strict(self, evaluators):
        text = evaluators(None, None)

        assert "Nothing tells their marks from the service itself." in text
        assert "tricter" not in text
        assert "Not measured" in text
