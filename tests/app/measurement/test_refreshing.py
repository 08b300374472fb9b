"""Between two full measurements a new contact moves its employee's base, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from app.measuring import salon
from django.db import connection
from scipy.special import logit

from gracja.app.common.clock import now, stopped_at
from gracja.app.common.jobs import WAITS
from gracja.app.contacts.archive import company_archive
from gracja.app.contacts.models import ExternalId, Scoring
from gracja.app.measurement.models import Footing, Run, Standing
from gracja.app.measurement.services import refreshing
from gracja.app.measurement.services.refreshing import refresh_estimates
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.models import Mark, Visit
from gracja.archive.imports import import_conversations
from gracja.archive.scoring import score_archive
from gracja.engine.detect.batch import BatchScorer
from gracja.engine.detect.name import DETECTOR
from gracja.engine.edition.read import edition_from_json
from gracja.engine.edition.write import as_json, edition_digest
from gracja.engine.errors import EngineInputError
from gracja.engine.measure.running import Running


@pytest.fixture
def measured(cast, edition, told, visits):
    return measure(cast, edition)


def measure(cast, edition, **more):
    return carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid, **more))


def more_visits(cast, edition, rynek, *, employee=None, count=3, met=0.0, evaluator=None):
    """So many more visits, of whom everything was met, or nothing."""
    made = []
    for _ in range(count):
        visit = Visit.objects.create(
            contact=f"more-{Visit.objects.count()}",
            edition=edition,
            place=rynek,
            employee=(employee or cast.darek).person,
            evaluator=(evaluator or cast.borys).person,
            occurred_at=now() - timedelta(hours=1),
        )
        Mark.objects.bulk_create(
            Mark(visit=visit, standard=standard.standard, status="marked", value=met)
            for _, _, standard in edition_from_json(edition.document).standards()
        )
        made.append(visit)
    return made


def footing(run, user):
    return Footing.objects.get(result__run=run, result__person=user.person)


def test_new_visits_move_the_base_of_whom_they_show_and_of_nobody_else(cast, edition, rynek, measured):
    more_visits(cast, edition, rynek)
    assert refresh_estimates() == 1

    darek, edyta = footing(measured, cast.darek), footing(measured, cast.edyta)
    assert darek.contacts == 3
    assert darek.low < darek.base < darek.high
    assert darek.base < darek.result.row["base"]
    assert (edyta.contacts, edyta.base) == (0, None)


def test_grades_ranks_and_tiers_stay_those_of_the_measurement(cast, edition, rynek, measured):
    before = dict(measured.results.values_list("subject", "row"))
    more_visits(cast, edition, rynek)
    refresh_estimates()

    assert dict(measured.results.values_list("subject", "row")) == before


def test_what_is_shown_between_is_near_what_the_next_full_measurement_finds(cast, edition, galeria, measured):
    more_visits(cast, edition, galeria, employee=cast.edyta, count=2, met=1.0)
    refresh_estimates()
    between = footing(measured, cast.edyta)
    last = between.result.row["base"]

    row = measure(cast, edition).results.get(subject_kind="employee", person=cast.edyta.person).row

    error = (logit(row["base_high"]) - logit(row["base_low"])) / (2 * 1.96)
    assert abs(logit(between.base) - logit(row["base"])) < 0.5 * error
    assert abs(between.base - row["base"]) < abs(last - row["base"]) / 2


def test_a_visit_that_is_taken_back_moves_nobody_any_more(cast, edition, rynek, measured):
    visits = more_visits(cast, edition, rynek)
    refresh_estimates()
    for visit in visits:
        visit.delete()
    refresh_estimates()

    assert (footing(measured, cast.darek).contacts, footing(measured, cast.darek).base) == (0, None)


def test_what_a_measurement_had_is_not_counted_again(cast, edition, rynek, told, visits):
    more_visits(cast, edition, rynek)  # a moment before
    run = measure(cast, edition)
    refresh_estimates()

    assert not Footing.objects.filter(contacts__gt=0).exists()
    assert len(Standing.objects.get(run=run).visits) == 43


def test_a_visit_that_was_put_in_while_measuring_with_an_earlier_number_counts_as_new(
    cast, edition, rynek, measured
):
    (late,) = more_visits(cast, edition, rynek, count=1)
    more_visits(cast, edition, rynek, count=1)
    late.refresh_from_db()
    run = measure(cast, edition)
    standing = Standing.objects.get(run=run)
    standing.visits.remove(late.pk)  # it was not there yet
    standing.save()
    refresh_estimates()

    assert footing(run, cast.darek).contacts == 1


def test_nothing_is_reckoned_where_nothing_came_in(measured, django_assert_max_num_queries):
    refresh_estimates()
    with django_assert_max_num_queries(4):
        assert refresh_estimates() == 0


def test_the_next_measurement_takes_over(cast, edition, rynek, measured):
    more_visits(cast, edition, rynek)
    refresh_estimates()

    run = measure(cast, edition)

    assert [one.run for one in Standing.objects.all()] == [run]
    assert set(Footing.objects.values_list("result__run", "contacts")) == {(run.pk, 0)}


def test_a_measurement_of_days_gone_by_has_nothing_to_move_and_leaves_the_newest_alone(
    cast, edition, measured
):
    measure(cast, edition, period_start=date(2026, 10, 1), period_end=date(2026, 10, 31))

    assert [one.run for one in Standing.objects.all()] == [measured]


def test_somebody_whom_the_measurement_did_not_see_waits_for_the_next(cast, edition, rynek, measured):
    more_visits(cast, edition, rynek, employee=cast.anna)
    refresh_estimates()

    assert not Footing.objects.filter(contacts__gt=0).exists()


def test_a_trainee_moves_against_the_measurement_that_they_stand_in(cast, edition, rynek, told, visits):
    cast.edyta.person.trainee_until = date(2027, 12, 31)
    cast.edyta.person.save()
    run = measure(cast, edition)
    more_visits(cast, edition, rynek, employee=cast.edyta, met=1.0)
    refresh_estimates()

    edyta = footing(run, cast.edyta)
    assert (edyta.fit, footing(run, cast.darek).fit) == (1, 0)
    assert edyta.contacts == 3
    assert edyta.base > edyta.result.row["base"]


def test_new_conversations_move_whom_conversations_measured(cast, edition, told, archived, demo):
    for name in sorted(set(demo.conversations["employee"].to_pylist()) - {None})[:2]:
        person = (cast.darek, cast.edyta)[ExternalId.objects.count() % 2].person
        ExternalId.objects.create(system="upload", value=name, person=person)
    run = measure(cast, edition)
    assert run.basis["on"] == "automatic"
    refresh_estimates()
    assert not Footing.objects.filter(contacts__gt=0).exists()

    archive = company_archive()
    import_conversations(archive, [demo.conversations.slice(200, 60)], on_changed=lambda _: None)
    score_archive(
        archive,
        BatchScorer(edition_from_json(as_json(salon())), "pl"),
        edition_digest=edition_digest(salon()),
        scored_by=DETECTOR,
    )
    Scoring.objects.create(edition=edition, asked_by=cast.filip.person, state="done", finished_at=now())
    assert refresh_estimates() == 1

    moved = Footing.objects.filter(contacts__gt=0)
    said = demo.conversations.slice(200, 60)["employee"].to_pylist()
    mapped = {one.value: one.person for one in ExternalId.objects.exclude(person=None)}
    assert {one.result.person: one.contacts for one in moved} == {
        person: said.count(name) for name, person in mapped.items() if said.count(name)
    }


@pytest.mark.django_db(transaction=True)
def test_while_everybody_is_reckoned_no_transaction_keeps_others_from_writing(
    cast, edition, rynek, told, visits, monkeypatch
):
    within, gathered, of = {}, refreshing._contacts_by_employee, Running.of

    def gathering(*args):
        within["gathering"] = connection.in_atomic_block
        return gathered(*args)

    def fitting(*args):
        within["fitting"] = connection.in_atomic_block
        return of(*args)

    monkeypatch.setattr(refreshing, "_contacts_by_employee", gathering)
    monkeypatch.setattr(Running, "of", fitting)
    run = measure(cast, edition)
    more_visits(cast, edition, rynek)
    refresh_estimates()

    assert within == {"gathering": False, "fitting": False}
    assert footing(run, cast.darek).contacts == 3


def meanwhile(monkeypatch, happens):
    """Once, when new contacts have just been gathered, this happens."""
    gathered, left = refreshing._contacts_by_employee, [happens]

    def gathering(*args):
        found = gathered(*args)
        if left:
            left.pop()()
        return found

    monkeypatch.setattr(refreshing, "_contacts_by_employee", gathering)


def test_a_measurement_that_takes_over_meanwhile_is_not_moved_by_what_it_had(
    cast, edition, rynek, measured, monkeypatch
):
    more_visits(cast, edition, rynek)
    meanwhile(monkeypatch, lambda: measure(cast, edition))
    refresh_estimates()

    assert not Footing.objects.filter(contacts__gt=0).exists()
    assert Standing.objects.get().run != measured
    assert Standing.objects.get().seen == ""


def test_what_another_worker_found_later_stays(cast, edition, rynek, measured, monkeypatch):
    def another():
        more_visits(cast, edition, rynek, count=1)
        refresh_estimates()

    more_visits(cast, edition, rynek)
    meanwhile(monkeypatch, another)
    refresh_estimates()

    assert footing(measured, cast.darek).contacts == 4


def test_contacts_are_looked_for_again_once_a_busy_archive_is_free(
    cast, edition, rynek, measured, monkeypatch
):
    def busy(*_):
        raise EngineInputError("archive_busy", seconds=60)

    more_visits(cast, edition, rynek)
    with monkeypatch.context() as patch:
        patch.setattr(refreshing, "_contacts_by_employee", busy)
        refresh_estimates()
    with stopped_at(now() + WAITS[0]):
        refresh_estimates()

    assert footing(measured, cast.darek).contacts == 3


def test_what_breaks_is_tried_again_with_growing_waits_and_then_seldom(
    cast, edition, rynek, measured, monkeypatch
):
    tried, begun = [], now()

    def breaks(*_):
        tried.append(now() - begun)
        raise ZeroDivisionError

    more_visits(cast, edition, rynek)
    with monkeypatch.context() as patch:
        patch.setattr(refreshing, "_contacts_by_employee", breaks)
        for seconds in range(0, 2 * 60 * 60, 15):  # as often as the worker looks
            with stopped_at(begun + timedelta(seconds=seconds)):
                more_visits(cast, edition, rynek, count=seconds % 600 == 0)
                refresh_estimates()

    third = WAITS[0] + WAITS[1]
    assert tried == [timedelta(0), WAITS[0], third, third + timedelta(hours=1)]
    with stopped_at(begun + third + timedelta(hours=2)):
        refresh_estimates()
    assert footing(measured, cast.darek).contacts == 15
    standing = Standing.objects.get()
    assert (standing.attempts, standing.not_before) == (0, None)


def test_a_measurement_that_takes_over_is_not_kept_waiting(cast, edition, rynek, measured, monkeypatch):
    def breaks(*_):
        raise ZeroDivisionError

    more_visits(cast, edition, rynek)
    with monkeypatch.context() as patch:
        patch.setattr(refreshing, "_contacts_by_employee", breaks)
        refresh_estimates()
    run = measure(cast, edition)
    more_visits(cast, edition, rynek)
    refresh_estimates()

    assert footing(run, cast.darek).contacts == 3


def test_of_two_workers_whom_it_broke_at_once_one_counts(cast, edition, rynek, measured, monkeypatch):
    def another(*_):
        monkeypatch.setattr(refreshing, "_contacts_by_employee", breaks)
        refresh_estimates()
        breaks()

    def breaks(*_):
        raise ZeroDivisionError

    more_visits(cast, edition, rynek)
    monkeypatch.setattr(refreshing, "_contacts_by_employee", another)
    refresh_estimates()

    assert Standing.objects.get().attempts == 1


def test_an_edition_that_breaks_is_logged_and_keeps_no_other_from_its_turn(
    cast, edition, rynek, measured, monkeypatch, caplog
):
    days = {"period_start": measured.period_start, "period_end": measured.period_end}
    other = Run.objects.create(edition=edition, **days)
    Standing.objects.create(run=other, fits=[], after_visit=0, visits=[], batches=[])
    looked_at, first = [], Standing.objects.order_by("pk").first().pk

    def breaks(pk, there):
        looked_at.append(pk)
        if pk == first:
            raise ZeroDivisionError

    monkeypatch.setattr(refreshing, "_refresh", breaks)
    refresh_estimates()
    with stopped_at(now() + WAITS[0]):
        refresh_estimates()

    assert sorted(looked_at) == sorted([measured.pk, other.pk] * 2)
    told = [one for one in caplog.records if one.message == "not refreshed"]
    assert [one.exc_info[0] for one in told] == [ZeroDivisionError] * 2
    assert [one.facts["attempt"] for one in told] == [1, 2]


def test_a_measurement_that_crosses_midnight_is_moved_by_what_came_after_it_was_asked_for(
    cast, edition, rynek, told, visits
):
    midnight = datetime.combine(now().date(), time(), UTC)
    with stopped_at(midnight - timedelta(days=2, minutes=5)):
        run = ask_for_run(by=cast.filip, edition_uid=edition.uid)
    with stopped_at(midnight - timedelta(days=1)):  # long under way, and yet it was not asked for
        more_visits(cast, edition, rynek, count=2)
    carry_out(run)
    refresh_estimates()

    assert footing(run, cast.darek).contacts == 2


def test_a_measurement_that_was_overtaken_by_a_later_one_takes_nothing_from_it(cast, edition, told, visits):
    with stopped_at(now() - timedelta(days=1)):
        early = ask_for_run(by=cast.filip, edition_uid=edition.uid)
    late = measure(cast, edition)
    carry_out(early)

    assert [one.run for one in Standing.objects.all()] == [late]
