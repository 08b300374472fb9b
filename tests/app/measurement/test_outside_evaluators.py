"""Evaluators from outside: a key in what is kept of results, a name only where their visits are."""

from __future__ import annotations

import importlib
import json
from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse

from gracja.app.measurement.models import Result, Run
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.models import Visit
from gracja.app.observations.selectors.outside import outside_key, outside_names

AGENCY = "Jan z agencji"


@pytest.fixture
def run(cast, edition, told, visits):
    """Every third visit was made by somebody from outside."""
    Visit.objects.filter(contact__in=[f"visit-{n}" for n in range(0, 40, 3)]).update(
        evaluator=None, evaluator_name=AGENCY
    )
    asked = ask_for_run(
        by=cast.filip,
        edition_uid=edition.uid,
        period_start=date(2026, 9, 1),
        period_end=date(2026, 11, 30),
    )
    return carry_out(asked)


def test_no_name_stands_in_what_is_kept_of_a_measurement(run):
    kept = json.dumps(
        [
            list(Result.objects.values("subject", "row", "what_was_seen__standards")),
            list(Run.objects.values("notes", "basis")),
        ]
    )

    assert run.state == "done"
    assert outside_key(AGENCY) in kept
    assert AGENCY not in kept


def test_the_page_of_evaluators_names_them_as_long_as_their_visits_do(cast, run, signed_in):
    client = signed_in(cast.filip)

    assert AGENCY in client.get(reverse("results_evaluators")).content.decode()
    Visit.objects.filter(evaluator_name=AGENCY).update(evaluator_name="")
    forgotten = client.get(reverse("results_evaluators")).content.decode()
    assert AGENCY not in forgotten
    assert "An evaluator from outside" in forgotten


def test_the_same_name_has_the_same_key_however_it_is_spelt_and_the_key_tells_no_name(run, settings):
    key = outside_key(AGENCY)

    assert key == outside_key("  JAN  z Agencji ")
    assert key != outside_key("Jan z innej agencji")
    assert outside_names() == {key: AGENCY}
    settings.SECRET_KEY = "of another installation, which makes other keys"
    assert outside_key(AGENCY) != key


def test_results_of_an_earlier_version_lose_their_names(cast, run):
    row = Result.objects.get(subject=outside_key(AGENCY))
    row.subject, row.row = AGENCY, row.row | {"subject": AGENCY}
    row.save()
    run.notes = [["one_evaluator", {"evaluator": AGENCY}], ["one_employee", {}]]
    run.save()

    importlib.import_module("gracja.app.measurement.migrations.0003_evaluators_by_key").by_key(apps, None)

    row.refresh_from_db()
    run.refresh_from_db()
    assert (row.subject, row.row["subject"]) == (outside_key(AGENCY), outside_key(AGENCY))
    assert run.notes == [["one_evaluator", {"evaluator": outside_key(AGENCY)}], ["one_employee", {}]]
    assert cast.borys.person.key in run.results.filter(subject_kind="evaluator").values_list(
        "subject", flat=True
    )
