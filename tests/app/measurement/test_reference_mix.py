"""The reference mix: open until the edition's first quarter is closed, then frozen for good."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from app.measuring import salon
from django.db import DatabaseError, transaction
from django.urls import reverse

from gracja.app.common.models import AuditEntry
from gracja.app.measurement.models import ReferenceMix
from gracja.app.measurement.services.mixes import quarter_ends
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.models import Mark, Visit
from gracja.app.organisation.models import StaffNotice
from gracja.app.standards.models import Edition
from gracja.engine.edition.write import as_json, edition_digest

SUMMER = {"period_start": date(2026, 5, 1), "period_end": date(2026, 8, 31)}
AUTUMN = {"period_start": date(2026, 9, 1), "period_end": date(2026, 11, 30)}


@pytest.fixture
def first_day(request):
    """Of the edition and of what staff were told of; May where the first quarter is long closed."""
    return date(2026, 5, 1) if "since_may" in request.fixturenames else date(2026, 9, 1)


@pytest.fixture
def edition(company, first_day):
    document = salon()
    return Edition.objects.create(
        edition_id=document.id,
        version=document.version,
        document=as_json(document),
        digest=edition_digest(document),
        effective_from=first_day,
    )


@pytest.fixture
def told(company, first_day):
    return StaffNotice.objects.create(
        text_pl="Mierzymy.",
        sources=["visit"],
        given_at=datetime(2026, 4, 1, tzinfo=UTC),
        measured_from=first_day,
    )


@pytest.fixture
def since_may(edition, told, visits):
    """The first half of the visits took place in May and June, every second day."""
    for number, visit in enumerate(Visit.objects.order_by("occurred_at")[:20]):
        at = datetime(2026, 5, 4, 9, tzinfo=UTC) + timedelta(days=2 * number)
        Visit.objects.filter(pk=visit.pk).update(occurred_at=at)
    return edition


def measured(by, edition, **period):
    return carry_out(ask_for_run(by=by, edition_uid=edition.uid, **period))


def provisional(run):
    return {row.row["provisional"] for row in run.results.all()}


def test_the_first_measurement_after_the_first_quarter_freezes_how_often_each_standard_was_due(
    cast, since_may
):
    Mark.objects.filter(
        standard="asks_water", visit__occurred_at__lt=datetime(2026, 5, 10, tzinfo=UTC)
    ).update(status="not_applicable", value=None)

    run = measured(cast.filip, since_may, **SUMMER)

    mix = ReferenceMix.objects.get()
    assert (mix.edition, mix.first_day, mix.last_day) == (since_may, date(2026, 5, 1), date(2026, 6, 30))
    (greets,) = [one for one in mix.standards if one["standard"] == "asks_water"]
    assert (greets["due"], greets["not_due"]) == (17, 3)
    assert run.basis["mix"] == ["2026-05-01", "2026-06-30"]
    assert provisional(run) == {""}
    entry = AuditEntry.objects.get(action="measurement.mix")
    assert entry.after["from"] == "2026-05-01"


def test_later_measurements_rest_on_the_same_mix_whatever_was_due_then(cast, since_may):
    measured(cast.filip, since_may, **SUMMER)
    frozen = ReferenceMix.objects.get().standards
    Mark.objects.filter(
        standard="asks_water", visit__occurred_at__gte=datetime(2026, 9, 1, tzinfo=UTC)
    ).update(status="not_applicable", value=None)

    run = measured(cast.filip, since_may, **AUTUMN)

    assert ReferenceMix.objects.get().standards == frozen
    assert run.basis["mix"] == ["2026-05-01", "2026-06-30"]
    assert ["mix_not_all_marked", {"standards": 1}] in run.notes
    assert AuditEntry.objects.filter(action="measurement.mix").count() == 1


def test_while_the_first_quarter_is_open_standards_count_by_weight_and_results_are_provisional(
    cast, edition, told, visits
):
    run = measured(cast.filip, edition, **AUTUMN)

    assert not ReferenceMix.objects.exists()
    assert "mix" not in run.basis
    assert provisional(run) == {"reference_mix_open"}


def test_a_quarter_without_a_mark_leaves_it_to_the_next(cast, since_may):
    Visit.objects.filter(occurred_at__lt=datetime(2026, 7, 1, tzinfo=UTC)).update(
        occurred_at=datetime(2026, 7, 2, 9, tzinfo=UTC)
    )

    measured(cast.filip, since_may, **SUMMER)

    assert ReferenceMix.objects.get().last_day == date(2026, 9, 30)


def test_nobody_alters_a_mix_that_is_frozen(cast, since_may):
    measured(cast.filip, since_may, **SUMMER)

    with pytest.raises(DatabaseError), transaction.atomic():
        ReferenceMix.objects.update(last_day=date(2026, 7, 31))


@pytest.mark.parametrize(
    ("first", "ends"),
    [
        (date(2026, 9, 1), [date(2026, 9, 30), date(2026, 12, 31)]),
        (date(2026, 9, 2), [date(2026, 12, 31), date(2027, 3, 31)]),
        (date(2026, 11, 15), [date(2026, 12, 31), date(2027, 3, 31)]),
        (date(2026, 12, 20), [date(2027, 3, 31), date(2027, 6, 30)]),
    ],
)
def test_a_first_quarter_has_thirty_days_or_more(first, ends):
    assert list(islice(quarter_ends(first), 2)) == ends


def test_the_pages_of_results_say_what_they_rest_on(cast, since_may, signed_in):
    filip = signed_in(cast.filip)
    measured(cast.filip, since_may, **SUMMER)

    people = filip.get(reverse("results")).content.decode()
    standards = filip.get(reverse("results_standards")).content.decode()

    assert "how often it was due from" in people
    assert "How much each standard counts" in standards
    assert "in 20 of 20" in standards


def test_results_of_an_open_quarter_do_not_speak_of_a_mix(cast, edition, told, visits, signed_in):
    measured(cast.filip, edition, **AUTUMN)

    page = signed_in(cast.filip).get(reverse("results_standards")).content.decode()

    assert "how often it was due from" not in page
    assert "How much each standard counts" not in page
