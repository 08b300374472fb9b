"""Results for programs: standards, and what a measurement leaves out."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from gracja.app.contacts.models import ExternalId
from gracja.app.measurement.selectors.runs import LeftOut, left_out
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.engine.edition.read import edition_from_json

QUARTER = {"period_start": date(2026, 9, 1), "period_end": date(2026, 11, 30)}
MEASURED_ON = {"pl": "Zmierzono na podstawie wizyt.", "en": "Measured on visits."}


@pytest.fixture
def run(cast, edition, told, visits):
    return carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid, **QUARTER))


@pytest.fixture
def beside_conversations(cast, edition, told, visits, archived):
    """Visits of Darek and Edyta; conversations of Hubert alone, and of names that nobody mapped."""
    ExternalId.objects.create(system="upload", value="Celina Mazur", person=cast.hubert.person)
    return carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid, **QUARTER))


def test_standards_of_a_run_come_in_the_order_of_the_sequence(cast, calling, run, edition):
    client, found, cursor = calling(cast.filip), [], ""
    while True:
        page = client.get(f"/api/v1/runs/{run.uid}/standards?limit=7&cursor={cursor}").json()
        found += page["items"]
        if (cursor := page["next"]) is None:
            break

    document = edition_from_json(edition.document)
    assert [one["standard"] for one in found] == [one.standard for _, _, one in document.standards()]
    assert {one["part"] for one in found} == {part.part for part in document.sequence}
    first = found[0]
    assert first["contacts"] == 40
    assert first["share"]["low"] < first["share"]["value"] < first["share"]["high"]


def test_a_standard_speaks_the_caller_s_language(cast, calling, run):
    address = f"/api/v1/runs/{run.uid}/standards"
    polish, english = (
        calling(cast.filip, language=one).get(address).json()["items"][0]["behaviour"] for one in ("pl", "en")
    )

    assert polish
    assert english
    assert polish != english


def test_standards_of_a_run_are_for_those_who_may_read_results(cast, calling, run):
    address = f"/api/v1/runs/{run.uid}/standards"

    assert calling(cast.darek).get(address).status_code == 404
    assert calling(cast.filip, scopes=["own"]).get(address).status_code == 403
    assert calling(cast.filip).post(address).status_code == 405


@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_run_says_how_many_conversations_it_leaves_out_and_why(
    cast, calling, beside_conversations, language
):
    said = calling(cast.filip, language=language).get(f"/api/v1/runs/{beside_conversations.uid}").json()

    found = left_out(beside_conversations)
    assert said["measured_on"] == "visits"
    assert (said["left_out"]["conversations"], said["left_out"]["people"]) == (found.conversations, 1)
    assert said["left_out"]["why"].startswith(MEASURED_ON[language])
    assert str(found.conversations) in said["left_out"]["why"]


def test_a_run_that_leaves_nothing_out_says_nothing(cast, calling, run):
    said = calling(cast.filip).get(f"/api/v1/runs/{run.uid}").json()

    assert (said["measured_on"], said["left_out"]) == ("visits", None)
    assert left_out(run) is None


@pytest.mark.parametrize("language", ["pl", "en"])
def test_pages_of_results_say_it_too(cast, signed_in, beside_conversations, language):
    client = signed_in(cast.filip, language=language)
    found = left_out(beside_conversations)
    assert found == LeftOut(found.conversations, 1)

    for name in ("results", "results_places", "results_standards"):
        text = client.get(reverse(name)).content.decode().replace("\u00a0", " ")
        assert MEASURED_ON[language] in text
        assert {"pl": "1 osoba ma tylko rozmowy", "en": "1 person has conversations only"}[language] in text


@pytest.mark.parametrize("language", ["pl", "en"])
def test_whoever_has_conversations_only_is_told_why_there_is_no_result(
    cast, signed_in, beside_conversations, language
):
    client = signed_in(cast.hubert, language=language)

    text = client.get(reverse("my_results")).content.decode().replace("\u00a0", " ")

    assert MEASURED_ON[language] in text
    assert {"pl": "to ani zero, ani zły wynik", "en": "neither a zero nor a bad result"}[language] in text
