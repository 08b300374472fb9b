"""The overview of each role, and one's own account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.translation import override

from gracja.app.common.clock import now, today
from gracja.app.common.money import Money
from gracja.app.contacts.models import Upload
from gracja.app.gestures.models import Gesture, Policy, Terms
from gracja.app.gestures.recovery.models import Case
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.measurement.selectors.overview import opening
from gracja.app.observations.services.planned import Order, plan_visit
from gracja.app.observations.services.recording import Seen, record_visit
from gracja.app.observations.services.second import ask_second_review
from gracja.app.organisation.models import Company, StaffNotice
from gracja.app.standards.models import Draft, Edition, Question
from gracja.app.web.templatetags.entry import device
from gracja.app.web.templatetags.words import day
from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.read import read_edition
from gracja.engine.edition.write import as_json

EVERYBODY = ("anna", "borys", "celina", "darek", "edyta", "filip", "grazyna", "hubert")


@pytest.fixture
def salon(cast):
    document = as_json(read_edition(bundled_text("salon")).edition)
    return Edition.objects.create(
        edition_id="salon", version=1, document=document, digest="d", effective_from=today(),
        must_acknowledge=["employee"],
    )  # fmt: skip


@pytest.fixture
def busy(cast, salon, rynek):
    """A notice, a question at Rynek, a draft and a file that failed."""
    StaffNotice.objects.create(
        text_pl="Mierzymy.", text_en="We measure.", given_at=now(), measured_from=today(), sources=["visit"]
    )
    Question.objects.create(edition=salon, place=rynek, asked_by=cast.darek.person, text="Kiedy?")
    Draft.objects.create(edition_id="salon", document=salon.document | {"version": 2})
    Upload.objects.create(
        file_name="czat.csv", stored_as="x", size_bytes=1, kind="csv", state="failed", given_at=now()
    )


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_has_an_overview_of_at_most_seventeen_queries(
    cast, busy, signed_in, name, django_assert_max_num_queries
):
    client = signed_in(getattr(cast, name))
    client.get("/")

    with django_assert_max_num_queries(17):
        assert client.get("/").status_code == 200


def test_the_first_steps_cost_one_query(cast, django_assert_num_queries):
    cast.grazyna.held  # noqa: B018  (read once a request anyway)

    with django_assert_num_queries(2):  # one of them for the counts beside the results
        steps = opening(by=cast.grazyna).first_steps

    assert steps.done == {
        "company": True, "places": True, "people": True, "edition": False, "notice": False,
        "contacts": False, "result": False,
    }  # fmt: skip
    assert steps.next == "edition"


def test_darek_is_asked_to_read_the_notice_and_the_edition(cast, busy, signed_in):
    page = signed_in(cast.darek).get("/").content.decode()

    assert "Read the notice" in page
    assert "Read the edition" in page
    assert "Kiedy?" not in page
    assert "czat.csv" not in page


def test_anna_sees_the_question_of_her_place_and_celina_does_not(cast, busy, signed_in):
    assert "Kiedy?" in signed_in(cast.anna).get("/").content.decode()
    assert "Kiedy?" not in signed_in(cast.celina).get("/").content.decode()


def test_filip_sees_the_draft_and_the_file_that_failed(cast, busy, signed_in):
    page = signed_in(cast.filip).get("/").content.decode()

    assert "Go on with the draft" in page
    assert f'href="/standards/studio/{Draft.objects.get().uid}/"' in page
    assert "czat.csv" in page


def test_borys_is_told_which_visits_and_second_reviews_wait_for_him(cast, salon, rynek, signed_in):
    seen = Seen("R-1", rynek, now() - timedelta(hours=1), cast.darek.person, evaluator_name="Ewa Z.")
    visit = record_visit(by=cast.filip, edition_uid=salon.uid, seen=seen, marks={})
    ask_second_review(by=cast.grazyna, visit=visit, evaluator=cast.borys.person)
    for days in (9, 4):
        order = Order(
            rynek, salon.uid, cast.borys.person, today() + timedelta(days=days), "Ktoś pyta o cenę."
        )
        plan_visit(by=cast.filip, order=order)

    page = signed_in(cast.borys, language="en").get("/").content.decode().replace("\xa0", " ")

    assert "2 visits to make" in page
    with override("en"):
        until = day(today() + timedelta(days=4)).replace("\xa0", " ")
    assert f"Rynek, by {until}" in page
    assert "1 second review to make" in page
    for other in (cast.filip, cast.celina, cast.darek):
        found = signed_in(other, language="en").get("/").content.decode().replace("\xa0", " ")
        assert "to make" not in found, other.login


def test_anna_is_told_which_gestures_and_cases_wait_for_her(cast, rynek, signed_in):
    budget = open_budget(
        by=cast.filip, place=rynek, first_day=today(), last_day=today(), amount=Money(100_00, "PLN")
    )
    terms = Terms.objects.create(policy=Policy.objects.create(kind="gift"), version=1, document={})
    asked = {"terms": terms, "budget": budget, "place": rynek, "cost_minor": 90_00, "currency": "PLN"}
    Gesture.objects.create(key="a", state="asked", reason="Czekała", given_by=cast.darek.person, **asked)
    details = {"kind": "failure", "what": "Nikt nie oddzwonił.", "happened_at": now()}
    for owner in (cast.anna, cast.darek):
        Case.objects.create(place=rynek, due_on=today() + timedelta(days=3), owner=owner.person, **details)

    anna, celina = (
        signed_in(one, language="en").get("/").content.decode() for one in (cast.anna, cast.celina)
    )

    for said in ("1 gesture waits for your yes", "1 case is yours to settle", "?mine=1"):
        assert said in anna.replace("\xa0", " ")
        assert said not in celina.replace("\xa0", " ")


def test_an_old_failure_is_not_told_for_ever(cast, busy, signed_in):
    Upload.objects.update(given_at=now() - timedelta(days=15))

    assert "czat.csv" not in signed_in(cast.filip).get("/").content.decode()


def test_what_a_colleague_asked_is_escaped(cast, busy, signed_in):
    Question.objects.update(text="<script>alert(1)</script>")

    page = signed_in(cast.anna).get("/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_with_nothing_to_do_the_overview_says_so(cast, signed_in):
    Company.objects.update(checklist_hidden=True)

    assert "Nothing waits for you today" in signed_in(cast.darek).get("/").content.decode()


def test_darek_changes_his_own_name_and_the_log_hides_it(cast, signed_in):
    answer = signed_in(cast.darek).post("/me/", {"name": "Dariusz Lis"})

    cast.darek.person.refresh_from_db()
    assert (answer.status_code, cast.darek.person.name) == (302, "Dariusz Lis")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604", "Safari, iPhone"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox, Android"),
        ("curl/8", "curl/8"),
        ("", "–"),
    ],
)
def test_a_device_is_named_as_people_name_it(said, shown):
    assert device(said) == shown


def test_an_empty_name_is_refused_beside_the_field(cast, signed_in):
    answer = signed_in(cast.darek).post("/me/", {"name": ""})

    assert answer.status_code == 422
    assert 'id="id_name_error"' in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/me/", "/accounts/password/change/", "/accounts/2fa/webauthn/", "/accounts/sessions/",
     "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/reauthenticate/"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_pages_of_one_s_account_stand_in_both_languages(cast, signed_in, address, language):
    answer = signed_in(cast.darek, language=language).get(address, follow=True)

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


def test_a_login_that_is_the_address_is_said_once(cast, signed_in):
    cast.darek.login = cast.darek.email = "darek@salony.example"
    cast.darek.save()

    page = signed_in(cast.darek, language="en").get("/me/").text

    assert "I sign in as <b>darek@salony.example</b>" in page
    assert "or with" not in page
