"""Second reviews: another person marks the same contact, and sees nothing of the first marks before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from app.conftest import make_user
from django.db import IntegrityError, transaction

from gracja.app.common.clock import stopped_at
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.observations.models import Mark, SecondReview, Visit
from gracja.app.observations.selectors.second import (
    reviewers_for,
    reviewers_of,
    reviews_beside,
    second_review_for,
    second_review_of,
    second_reviews_of,
    sheet_to_review,
)
from gracja.app.observations.selectors.visits import visit_of, visit_uids, visits_of
from gracja.app.observations.services.imports import add_visits
from gracja.app.observations.services.recording import Seen, record_visit
from gracja.app.observations.services.second import (
    ask_second_review,
    call_off_second_review,
    give_second_review,
    make_second_review,
    second_visit,
)
from gracja.app.operations.erasure import pseudonymise_person

CALLED = datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _it_is_november():
    with stopped_at(CALLED + timedelta(hours=3)):
        yield


@pytest.fixture
def irena(cast, roles):
    return make_user("Irena Lew", roles["evaluator"])


@pytest.fixture
def call(cast, rynek, shop):
    """A call that Darek took, as Borys marked it."""

    def make(contact="R-1", marks=None, **other):
        seen = {"place": rynek, "occurred_at": CALLED, "employee": cast.darek.person, "channel": "phone"}
        seen = Seen(contact, **seen | {"evaluator": cast.borys.person} | other)
        given = marks or {"greet": "tak", "answer": "nie"}
        return record_visit(by=cast.borys, edition_uid=shop.uid, seen=seen, marks=given)

    return make


@pytest.fixture
def asked(cast, irena, call):
    return ask_second_review(by=cast.anna, visit=call(), evaluator=irena.person)


def test_two_people_s_marks_of_one_contact_are_kept_and_the_first_stay_as_they_were(cast, irena, asked):
    given = {"greet": "nie", "answer": "nie"}
    second, again = (make_second_review(by=irena, review=asked, marks=given) for _ in range(2))

    assert second == again
    first = Visit.objects.get(second_to=None)
    assert (second.contact, second.second_to, second.evaluator) == (first.contact, first, irena.person)
    for same in ("place", "employee", "occurred_at", "channel", "edition"):
        assert getattr(second, same) == getattr(first, same)
    said = {
        pk: dict(Mark.objects.filter(visit=pk).values_list("standard", "value"))
        for pk in (first.pk, second.pk)
    }
    assert said == {first.pk: {"greet": 1.0, "answer": 0.0}, second.pk: {"greet": 0.0, "answer": 0.0}}
    kept = AuditEntry.objects.filter(subject_kind="second_review").order_by("pk")
    assert [entry.action for entry in kept] == ["second_review.ask", "second_review.make"]


def test_who_reviews_second_sees_nothing_of_the_first_marks_until_theirs_are_in(cast, roles, asked):
    lead = make_user("Olga Sum", roles["service_manager"])  # who may read every visit
    give_second_review(by=cast.anna, review=asked, evaluator=lead.person)
    first = asked.visit

    def seen():
        uids = [visit.uid for visit in visits_of(by=lead)]
        return uids, visit_of(by=lead, uid=first.uid), visit_uids(by=lead, contacts=[first.contact])

    assert seen() == ([], None, {})
    assert reviews_beside(by=lead, uid=first.uid) is None
    asked.refresh_from_db()
    second = make_second_review(by=lead, review=asked, marks={"greet": "nie"})
    uids, shown, named = seen()
    assert (sorted(uids), shown.met, named) == (
        sorted((first.uid, second.uid)), 1, {first.contact: first.uid},
    )  # fmt: skip


def test_the_first_evaluator_sees_the_second_marks_once_they_are_in(cast, irena, asked):
    assert reviews_beside(by=cast.borys, uid=asked.visit.uid) is None
    second = make_second_review(by=irena, review=asked, marks={"greet": "nie", "answer": "nie"})

    for by in (cast.borys, irena, cast.anna, cast.darek):
        both = reviews_beside(by=by, uid=second.uid)
        assert [one.evaluator for one in both.visits] == [cast.borys.person, irena.person]
        differ = [row.standard.standard for _, rows in both.parts for row in rows if row.differ]
        assert (differ, both.judged, both.alike, both.by_one) == (["greet"], 2, 1, 0)
    assert reviews_beside(by=cast.celina, uid=second.uid) is None


def test_what_only_one_could_judge_differs_and_is_no_disagreement(cast, irena, asked):
    make_second_review(by=irena, review=asked, marks={"greet": "?", "answer": "nie"})

    both = reviews_beside(by=cast.anna, uid=asked.visit.uid)
    assert (both.judged, both.alike, both.by_one) == (1, 1, 1)


def test_of_what_a_manager_chose_it_is_not_said_that_nobody_had_seen_the_first_marks(cast, irena, asked):
    make_second_review(by=irena, review=asked, marks={"greet": "tak"})

    both = reviews_beside(by=cast.anna, uid=asked.visit.uid)
    assert (both.asked, both.apart) == (True, False)


@pytest.mark.parametrize(
    ("first", "second", "differ", "by_one"),
    [
        ("tak", "nie", True, False),
        ("tak", "?", False, True),
        ("n/d", "?", False, False),
        ("n/d", "tak", True, False),
        ("?", "?", False, False),
    ],
)
def test_one_only_marked_it_where_the_other_could_not_see_it(
    cast, irena, call, first, second, differ, by_one
):
    visit = call(marks={"greet": "tak", "bag": first}, channel="in_person")
    review = ask_second_review(by=cast.anna, visit=visit, evaluator=irena.person)
    make_second_review(by=irena, review=review, marks={"greet": "tak", "bag": second})

    both = reviews_beside(by=cast.anna, uid=visit.uid)
    bag = next(row for _, rows in both.parts for row in rows if row.standard.standard == "bag")
    assert (bag.differ, bag.by_one, both.by_one) == (differ, by_one, int(by_one))


def test_a_task_is_seen_by_who_is_to_do_it_and_by_who_orders_there(cast, irena, asked):
    for by in (irena, cast.anna, cast.filip):
        assert list(second_reviews_of(by=by)) == [asked]
        assert second_review_for(by=by, uid=asked.uid) == asked
    for by in (cast.borys, cast.darek, cast.celina, cast.hubert):
        assert list(second_reviews_of(by=by)) == []
        assert second_review_of(by=by, visit=asked.visit) is None
    make_second_review(by=irena, review=asked, marks={"greet": "tak"})
    assert (list(second_reviews_of(by=irena)), list(second_reviews_of(by=irena, over=True))) == ([], [asked])


def test_a_lead_who_served_neither_sees_nor_asks_for_the_second_review(cast, irena, call):
    visit = call(employee=cast.anna.person)

    assert reviewers_of(by=cast.anna, visit=visit) == []
    with pytest.raises(Refused, match="second_review_own"):
        ask_second_review(by=cast.anna, visit=visit, evaluator=irena.person)
    ask_second_review(by=cast.filip, visit=visit, evaluator=irena.person)
    assert list(second_reviews_of(by=cast.anna)) == []


def test_only_who_has_not_seen_the_marks_and_may_mark_there_is_asked(cast, irena, call):
    visit = call()

    assert irena.person in reviewers_of(by=cast.anna, visit=visit)
    for person, code in (
        (cast.borys.person, "second_review_same"),
        (cast.darek.person, "second_review_own"),
        (cast.celina.person, "evaluator_elsewhere"),
    ):
        assert person not in reviewers_of(by=cast.anna, visit=visit)
        with pytest.raises(Refused, match=code):
            ask_second_review(by=cast.anna, visit=visit, evaluator=person)
    for by in (cast.borys, cast.celina, cast.darek, cast.hubert):
        with pytest.raises(Refused, match="not_permitted"):
            ask_second_review(by=by, visit=visit, evaluator=irena.person)
    assert not SecondReview.objects.exists()


def test_who_orders_visits_and_may_have_looked_gives_it_to_somebody_else(cast, irena, asked):
    filip = cast.filip.person
    assert filip not in reviewers_for(by=cast.filip, review=asked)
    with pytest.raises(Refused, match="second_review_self"):
        give_second_review(by=cast.filip, review=asked, evaluator=filip)

    call_off_second_review(by=cast.filip, review=asked)
    assert filip not in reviewers_of(by=cast.filip, visit=asked.visit)
    with pytest.raises(Refused, match="second_review_self"):
        ask_second_review(by=cast.filip, visit=asked.visit, evaluator=filip)


def test_who_marked_the_contact_in_a_file_in_the_meantime_is_not_asked_to_mark_it_again(
    cast, irena, roles, asked
):
    jan = make_user("Jan Kot", roles["evaluator"])
    second_visit(asked.visit, by=cast.filip, evaluator=jan.person_id).save()

    for person in (jan.person, cast.filip.person):
        assert person not in reviewers_for(by=cast.anna, review=asked)
        with pytest.raises(Refused, match="second_review_same"):
            give_second_review(by=cast.anna, review=asked, evaluator=person)
    second_visit(asked.visit, by=irena, evaluator=irena.person_id).save()
    with pytest.raises(Refused, match="second_review_same"):
        make_second_review(by=irena, review=asked, marks={"greet": "tak"})


def test_a_contact_is_reviewed_a_second_time_once(cast, irena, asked):
    with pytest.raises(Refused, match="second_review_asked"):
        ask_second_review(by=cast.anna, visit=asked.visit, evaluator=irena.person)
    second = make_second_review(by=irena, review=asked, marks={"greet": "tak"})
    for visit in (asked.visit, second):
        with pytest.raises(Refused, match="second_review_asked"):
            ask_second_review(by=cast.anna, visit=visit, evaluator=cast.filip.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=second.pk).update(second_to=None)


def test_it_is_given_to_somebody_else_and_then_only_they_make_it(cast, irena, roles, asked):
    other = make_user("Jan Kot", roles["evaluator"])
    for _ in range(2):
        give_second_review(by=cast.anna, review=asked, evaluator=other.person)
    asked.refresh_from_db()

    with pytest.raises(Refused, match="second_review_of_another"):
        make_second_review(by=irena, review=asked, marks={"greet": "tak"})
    make_second_review(by=other, review=asked, marks={"greet": "tak"})
    assert AuditEntry.objects.filter(action="second_review.give").count() == 1
    with pytest.raises(Refused, match="second_review_made"):
        give_second_review(by=cast.anna, review=asked, evaluator=irena.person)


def test_one_that_was_called_off_is_made_by_nobody_and_may_be_asked_for_again(cast, irena, asked):
    for _ in range(2):
        call_off_second_review(by=cast.anna, review=asked)

    with pytest.raises(Refused, match="second_review_called_off"):
        make_second_review(by=irena, review=asked, marks={"greet": "tak"})
    again = ask_second_review(by=cast.anna, visit=asked.visit, evaluator=irena.person)
    make_second_review(by=irena, review=again, marks={"greet": "tak"})
    with pytest.raises(Refused, match="second_review_made"):
        call_off_second_review(by=cast.anna, review=again)


def test_marks_that_say_nothing_or_cannot_be_read_are_refused_and_nothing_stays(irena, asked):
    for marks, code in (
        ({"greet": "?"}, "second_review_empty"),
        ({"greet": "może"}, "mark_unreadable"),
        ({"bag": "tak"}, "mark_other_channel"),
    ):
        with pytest.raises(Refused, match=code):
            make_second_review(by=irena, review=asked, marks=marks)
    assert Visit.objects.count() == 1


def test_a_second_review_that_is_in_takes_no_other_marks(irena, asked):
    make_second_review(by=irena, review=asked, marks={"greet": "tak"}, blind=True)

    for marks, blind in (({"greet": "nie"}, True), ({"greet": "tak"}, None)):
        with pytest.raises(Refused, match="second_review_made"):
            make_second_review(by=irena, review=asked, marks=marks, blind=blind)


def test_its_sheet_comes_back_as_the_second_review(cast, irena, asked, given):
    heading, row = sheet_to_review(asked, "pl").decode("utf-8-sig").splitlines()
    assert heading.split(";")[8] == "Mówi: „Dzień dobry”"
    cells = row.split(";")
    assert not any(cells[8:])
    cells[8] = "nie"

    file = given(irena, f"{heading}\n{';'.join(cells)}\n")
    assert (file.outcome["second"], file.outcome["new"], file.outcome["faults"]) == (1, 0, 0)
    add_visits(by=irena, uid=file.uid)

    asked.refresh_from_db()
    assert (asked.made.evaluator, asked.made.second_to) == (irena.person, asked.visit)
    assert given(irena, f"{heading}\n{';'.join(cells)}\n").outcome["same"] == 1


def test_a_visit_recorded_again_under_the_same_name_is_still_the_first(cast, irena, asked, call):
    make_second_review(by=irena, review=asked, marks={"greet": "nie"})

    assert call() == asked.visit
    with pytest.raises(Refused, match="visit_named_so"):
        call(marks={"greet": "nie"})


def test_the_erasure_of_who_served_keeps_both_visits_of_the_contact_together(cast, irena, call):
    visit = call(contact="Darek Lis, 20.11")
    review = ask_second_review(by=cast.anna, visit=visit, evaluator=irena.person)
    second = make_second_review(by=irena, review=review, marks={"greet": "tak"})

    pseudonymise_person(by=cast.grazyna, person=cast.darek.person)

    visit.refresh_from_db()
    second.refresh_from_db()
    assert visit.contact == second.contact
    assert "Darek" not in visit.contact
