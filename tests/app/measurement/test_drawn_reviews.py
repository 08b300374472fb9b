"""A company measured from conversations drawn for review and the marks of a detector: in one likelihood."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

import pytest

from gracja.app.common.clock import stopped_at
from gracja.app.contacts.models import ExternalId
from gracja.app.measurement.selectors.agreement import agreement
from gracja.app.measurement.selectors.runs import left_out, together
from gracja.app.measurement.services.gather import Period, gather
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.services.drawn import make_review
from gracja.app.observations.services.lot import draw_reviews
from gracja.app.organisation.models import Person
from gracja.app.standards.selectors.reading import document_of
from gracja.archive.find import observations_of
from gracja.demo.people import STAFF
from gracja.engine.measure import measure

pytestmark = pytest.mark.django_db
AUTUMN = (date(2026, 9, 1), date(2026, 12, 19))
SLIP = 0.1  # of the detector's marks people see otherwise


@pytest.fixture
def reviewed(cast, edition, archived, rynek, told):
    """80 of the 200 conversations, at least 2 of each employee, as somebody marks them who sees what the
    detector saw and contradicts a tenth of it.
    """
    for place in ("salon_rynek", "salon_podgorze", "salon_ursynow", "centrum_kontaktu"):
        ExternalId.objects.create(system="upload", value=place, place=rynek)
    for one in STAFF:
        person = Person.objects.create(name=one.name, code=one.name)
        ExternalId.objects.create(system="upload", value=one.name, person=person)
    with stopped_at(datetime(2026, 12, 20, 9, tzinfo=UTC)):
        lot = draw_reviews(
            by=cast.filip, edition=edition, first=AUTUMN[0], last=AUTUMN[1], budget=80, per_employee=2
        )
        for review in lot.reviews:
            make_review(by=cast.borys, review=review, marks=_marks(archived, review))
    return lot


def _marks(archive, review):
    random = Random(review.contact)  # noqa: S311
    channel = review.channel
    seen = observations_of(archive, review.contact, f"{review.occurred_at:%Y-%m}")
    kinds = {one.standard: one for _, _, one in document_of(review.edition).standards()}
    return {
        row["standard"]: "1" if (row["value"] >= 1) != (random.random() < SLIP) else "0"
        for row in seen
        if row["status"] == "marked"
        and kinds[row["standard"]].measure == "yes_no"
        and channel in kinds[row["standard"]].channels
    }


def test_people_and_the_detector_are_measured_together_and_its_errors_are_found(edition, reviewed):
    gathered = gather(edition, Period(*AUTUMN), {"visit": AUTUMN[0], "automatic": AUTUMN[0]})

    measured = measure(gathered.observations, document_of(edition), contacts=gathered.contacts)

    assert measured.basis == "human"
    errors = measured.fit_info.detector_errors
    assert errors
    assert all(one.pairs >= 20 for one in errors)
    # people contradict a tenth of both answers, so that sure answers are right in nine of ten
    for one in errors:
        assert one.sensitivity_low < 1
        assert one.specificity_low < 1
        assert one.sensitivity > 0.6


def test_all_conversations_of_one_employee_have_the_same_chance_so_that_nothing_is_left_to_weigh(
    edition, reviewed
):
    found = gather(edition, Period(*AUTUMN), {"visit": AUTUMN[0]}).observations

    chances = {(one.employee_id, one.inclusion) for one in reviewed.reviews}
    assert (
        len({chance for _, chance in chances}) > 1
    )  # at least two of each: of whom there are few, more likely
    assert len(chances) == len({employee for employee, _ in chances})
    assert sum(1 / one.inclusion for one in reviewed.reviews) == pytest.approx(reviewed.population, rel=0.02)
    assert found["inclusion"].null_count == len(found)


def test_a_run_says_that_automatic_marks_count_beside_people_s_and_how_far_they_agree(
    cast, edition, reviewed
):
    with stopped_at(datetime(2026, 12, 20, 10, tzinfo=UTC)):
        run = carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid, period_start=AUTUMN[0]))

    assert (run.state, run.trouble) == ("done", {})
    assert "automatic_combined" in {code for code, _ in run.notes}
    assert agreement(by=cast.filip, run=run).detector
    assert (left_out(run), together(run).pairs > 0) == (None, True)
    counted = {code: facts["rows"] for code, facts in run.notes if code.startswith("automatic_")}
    assert together(run).left == counted.get("automatic_left_out", 0)
