"""A full measurement every night: once, made up for when it was missed, and none where nothing is new."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from gracja.app.common.clock import stopped_at
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.measurement.models import Nights, Run
from gracja.app.measurement.selectors.nights import nights as shown_nights
from gracja.app.measurement.services.nights import change_nights, measure_by_night
from gracja.app.measurement.services.runs import ask_for_run, carry_out, carry_out_run
from gracja.app.measurement.services.thinning import thin_out
from gracja.app.observations.models import Mark, Visit


def at(day, hour, minute=0, month=11):
    """So late in UTC; in Warsaw it is an hour later in winter."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def nights(cast, told, edition, visits):
    """Nights at three, of a company that has seen that of 20 November."""
    return Nights.objects.create(hour=3, last_night=date(2026, 11, 20))


def by_night(moment):
    with stopped_at(moment):
        return [carry_out(run) for run in measure_by_night()]


def test_at_the_hour_of_the_companys_clock_everything_is_measured_once(nights):
    assert by_night(at(21, 1, 59)) == []
    (run,) = by_night(at(21, 2, 0))
    assert (run.state, run.nightly, run.asked_by) == ("done", True, None)
    assert by_night(at(21, 2, 1)) == by_night(at(21, 23)) == []


def test_a_night_that_was_missed_is_made_up_for_once(nights):
    (run,) = by_night(at(24, 13))
    assert run.state == "done"
    assert by_night(at(24, 13, 1)) == []
    assert Run.objects.count() == 1


def test_nothing_is_measured_where_nothing_changed(nights):
    by_night(at(21, 3))
    by_night(at(22, 3))
    assert Run.objects.count() == 1
    assert Nights.objects.get().last_night == date(2026, 11, 22)

    mark = Mark.objects.filter(value=1.0).first()
    Mark.objects.filter(pk=mark.pk).update(value=0.0)
    by_night(at(23, 3))
    assert Run.objects.filter(state="done").count() == 2


def test_what_somebody_measured_by_day_is_not_measured_again_by_night(cast, edition, nights):
    with stopped_at(at(20, 12)):
        carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))
    by_night(at(21, 3))

    assert [run.nightly for run in Run.objects.all()] == [False]


def test_who_ended_their_training_makes_a_night_worth_measuring(cast, nights):
    cast.edyta.person.trainee_until = date(2026, 11, 21)
    cast.edyta.person.save()
    by_night(at(21, 3))
    by_night(at(22, 3))

    assert Run.objects.count() == 2


def test_a_night_without_marks_leaves_nothing_behind(nights):
    Visit.objects.all().delete()
    by_night(at(21, 3))

    assert not Run.objects.exists()


def test_before_staff_were_told_nothing_is_measured(cast, edition, visits):
    Nights.objects.create(hour=3, last_night=date(2026, 11, 20))

    assert by_night(at(21, 3)) == []


def test_a_night_that_failed_is_tried_again_the_next(nights, monkeypatch):
    def breaks(*args, **kwargs):
        raise Refused("no_such_edition")

    with monkeypatch.context() as patch:
        patch.setattr("gracja.app.measurement.services.runs._keep", breaks)
        (run,) = by_night(at(21, 3))
    assert run.state == "failed"

    (again,) = by_night(at(22, 3))
    assert again.state == "done"


def test_the_first_night_is_the_one_after_the_company_was_set_up(cast, told, edition, visits):
    assert by_night(at(21, 12)) == []
    assert len(by_night(at(22, 3))) == 1


def test_no_company_no_night(db):
    assert measure_by_night() == []
    assert not Nights.objects.exists()


def test_where_clocks_leap_over_the_hour_it_comes_once(nights):
    Nights.objects.update(hour=2, last_night=date(2026, 3, 28))
    with stopped_at(datetime(2026, 3, 29, 0, 59, tzinfo=UTC)):
        assert measure_by_night() == []
    with stopped_at(datetime(2026, 3, 29, 1, 0, tzinfo=UTC)):  # three by the clock, which left two out
        measure_by_night()
    assert Nights.objects.get().last_night == date(2026, 3, 29)


def test_only_the_newest_version_in_effect_is_measured(nights, edition):
    later = type(edition).objects.get(pk=edition.pk)
    later.pk, later.uid, later.version = None, "later", edition.version + 1
    later.effective_from = date(2027, 1, 1)
    later.digest = "another"
    later.save(force_insert=True)

    assert [run.edition for run in by_night(at(21, 3))] == [edition]


def test_a_task_whose_night_is_gone_does_nothing(db):
    carry_out_run.call("gone")

    assert not Run.objects.exists()


def test_the_hour_is_changed_by_who_may_measure_and_stands_in_the_log(cast, nights):
    change_nights(by=cast.filip, hour=5)
    change_nights(by=cast.filip, hour=5)

    (entry,) = AuditEntry.objects.filter(action="measurement.nights")
    assert (entry.before, entry.after) == ({"hour": 3}, {"hour": 5})
    with pytest.raises(Refused) as refused:
        change_nights(by=cast.anna, hour=4)
    assert refused.value.code == "not_permitted"
    with pytest.raises(Refused) as refused:
        change_nights(by=cast.filip, hour=24)
    assert refused.value.code == "night_hour_wrong"


def test_nights_that_are_off_are_not_made_up_for_when_they_are_on_again(cast, nights):
    change_nights(by=cast.filip, hour=None)
    assert by_night(at(22, 3)) == []

    change_nights(by=cast.filip, hour=3)
    assert by_night(at(23, 12)) == []
    assert len(by_night(at(24, 3))) == 1


def test_old_nights_go_but_the_last_of_each_month(nights, edition, cast):
    asked = Run.objects.create(edition=edition, period_start=date(2026, 9, 1), period_end=date(2026, 9, 30))
    asked.state, asked.finished_at = "done", at(1, 3, month=9)
    asked.save()
    for day in range(60):
        Run.objects.create(
            edition=edition,
            period_start=date(2026, 9, 1),
            period_end=date(2026, 9, 30),
            nightly=True,
            state="done",
            finished_at=at(23, 3) - timedelta(days=day),
        )
    with stopped_at(at(23, 4)):
        thin_out(edition)

    left = sorted(run.finished_at.date() for run in Run.objects.filter(nightly=True))
    assert left[:3] == [date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 9)]
    assert len(left) == 2 + 15
    assert Run.objects.filter(pk=asked.pk).exists()


def test_the_night_comes_when_the_page_says_though_todays_came_at_another_hour(cast, nights):
    by_night(at(21, 3))
    with stopped_at(at(21, 12)):
        change_nights(by=cast.filip, hour=22)
        promised = shown_nights().next_at
    assert promised == at(21, 21)

    assert not runs_begun(promised - timedelta(minutes=1))
    assert runs_begun(promised)
    assert not runs_begun(promised + timedelta(minutes=1))


def test_an_hour_of_today_that_is_over_is_not_made_up_for(cast, nights):
    Nights.objects.update(hour=22)
    by_night(at(20, 21))
    with stopped_at(at(21, 12)):
        change_nights(by=cast.filip, hour=3)
        promised = shown_nights().next_at
    assert promised == at(22, 2)

    assert not runs_begun(promised - timedelta(minutes=1))
    assert runs_begun(promised)


def test_a_missed_night_is_made_up_for_though_the_hour_was_changed(cast, nights):
    with stopped_at(at(21, 12)):
        change_nights(by=cast.filip, hour=5)
    assert runs_begun(at(21, 12, 1))


def runs_begun(moment):
    with stopped_at(moment):
        return measure_by_night()


def old_night(edition, finished_at, state="done"):
    days = {"period_start": date(2026, 9, 1), "period_end": date(2026, 9, 30)}
    return Run.objects.create(edition=edition, nightly=True, state=state, finished_at=finished_at, **days)


def test_months_of_old_nights_are_those_of_the_companys_clock(nights, edition):
    old_night(edition, at(30, 2, month=9))
    october = old_night(edition, at(30, 22, 30, month=9))  # half past midnight in Warsaw
    last = old_night(edition, at(31, 2, month=10))
    with stopped_at(at(23, 4)):
        thin_out(edition)

    left = set(Run.objects.values_list("finished_at", flat=True))
    assert october.finished_at not in left
    assert left == {at(30, 2, month=9), last.finished_at}


def test_that_old_nights_went_stands_in_the_log(nights, edition):
    for day in (1, 2, 3):
        old_night(edition, at(day, 2, month=10))
    with stopped_at(at(23, 4)):
        thin_out(edition)
        thin_out(edition)

    (entry,) = AuditEntry.objects.filter(action="measurement.thin")
    assert (entry.subject_kind, entry.subject_key, entry.after) == ("edition", edition.uid, {"runs": 2})


def test_old_nights_go_after_a_failed_night_too(nights, edition, monkeypatch):
    def breaks(*args, **kwargs):
        raise Refused("no_such_edition")

    gone = old_night(edition, at(1, 2, month=10), state="failed")
    monkeypatch.setattr("gracja.app.measurement.services.runs._keep", breaks)
    (run,) = by_night(at(21, 3))

    assert run.state == "failed"
    assert not Run.objects.filter(pk=gone.pk).exists()


def test_old_nights_go_after_a_night_in_which_nothing_was_new(nights, edition):
    by_night(at(21, 3))
    gone = old_night(edition, at(1, 2, month=10), state="failed")
    by_night(at(22, 3))

    assert not Run.objects.filter(pk=gone.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_at_one_clock_one_begins_the_night(nights, at_once):
    Nights.objects.update(last_night=date(2026, 11, 19))

    begun = at_once(*[measure_by_night] * 4)

    assert sorted(len(runs) for runs in begun) == [0, 0, 0, 1]
