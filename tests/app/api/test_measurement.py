"""Results for programs: standards, and what a measurement leaves out."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from gracja.app.contacts.models import ExternalId
from gracja.app.measurement.models import Course
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


def test_a_standard_comes_with_its_classic_score_and_how_well_it_follows_the_model(cast, calling, run):
    found = calling(cast.filip).get(f"/api/v1/runs/{run.uid}/standards?limit=1").json()["items"][0]

    assert 0 <= found["classic"] <= 1
    assert found["follows"]["word"] in ("unknown", "expected", "regular")
    assert found["tells_nobody_apart"] is False


def test_how_even_a_person_marks_is_told_of_others_and_never_to_themselves(cast, calling, run):
    people = calling(cast.filip).get(f"/api/v1/runs/{run.uid}/people").json()["items"]
    own = calling(cast.darek, scopes=["own"]).get("/api/v1/me/result").json()

    assert all(one["follows"]["marks"] > 0 for one in people)
    assert own["follows"] is None
    assert own["classic"] > 1  # all met, and initiatives beside it


def test_evaluators_and_agreement_are_for_those_who_read_the_whole_company(cast, calling, run):
    evaluators, agreement = (f"/api/v1/runs/{run.uid}/{what}" for what in ("evaluators", "agreement"))
    filip, anna = calling(cast.filip), calling(cast.anna)

    (borys,) = filip.get(evaluators).json()["items"]
    found = filip.get(agreement).json()

    assert (borys["name"], borys["contacts"]) == ("Borys Sowa", 40)
    assert found["rows"] == []
    assert found["anchored"]["more"] == {"value": None, "low": None, "high": None}
    assert [anna.get(address).status_code for address in (evaluators, agreement)] == [404, 404]


def test_a_course_comes_with_its_periods_for_places_that_one_may_read(cast, calling, run, rynek, galeria):
    for place in (rynek, galeria):
        Course.objects.create(
            run=run, place=place, grain="month", begins=["2026-09-01", "2026-10-01"], met=[8, 0],
            judged=[10, 0], low=[0.5, None], high=[0.9, None], smoothed=[0.8, None], signals=[4, 0],
            centre=0.8, dispersion=1.1, change={"period": 1, "before": 0.6, "after": 0.8, "p": 0.01},
        )  # fmt: skip

    (course,) = calling(cast.anna).get(f"/api/v1/runs/{run.uid}/over-time").json()["items"]

    assert (course["place"], course["standard"], course["grain"]) == (rynek.uid, None, "month")
    assert course["change"] == {"since": "2026-10-01", "before": 0.6, "after": 0.8}
    first, second = course["periods"]
    assert (first["share"], first["signal"]) == (0.8, 4)
    assert (second["share"], second["low"]) == (None, None)
