"""Conversations drawn for review: the lot, who gets them, blind marks, and what becomes of them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from app.conftest import make_user
from django.db import IntegrityError, transaction

from gracja.app.common.clock import stopped_at
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import ExternalId
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.contacts.services.receiving import receive_conversations
from gracja.app.measurement.services.gather import Period, gather
from gracja.app.observations.models import DrawnReview, Mark, Visit
from gracja.app.observations.selectors.drawn import (
    drawn_review_for,
    drawn_reviewers_for,
    drawn_reviews_of,
    marks_hidden,
    words_drawn,
)
from gracja.app.observations.services.compare import may_change
from gracja.app.observations.services.drawn import call_off_review, give_review, make_review
from gracja.app.observations.services.lot import draw_reviews
from gracja.app.observations.services.recording import Seen, record_visit
from gracja.app.operations.erasure import erase_customer, pseudonymise_person
from gracja.app.organisation.models import StaffNotice

pytestmark = pytest.mark.django_db

AUTUMN = (date(2026, 9, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def _it_is_december():
    with stopped_at(datetime(2026, 12, 20, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def irena(cast, roles):
    return make_user("Irena Lew", roles["evaluator"])


@pytest.fixture
def talks(archived, cast, rynek, galeria):
    """The demo's conversations: Rynek's and Ursynów's (Galeria) are of places of ours;
    Darek is Darek.
    """
    for name, place in (("salon_rynek", rynek), ("salon_ursynow", galeria)):
        ExternalId.objects.create(system="upload", value=name, place=place)
    ExternalId.objects.create(system="upload", value="Darek Wójcik", person=cast.darek.person)
    return archived


@pytest.fixture
def draw(cast, edition, talks):
    """`draw(10)`: Filip draws ten."""

    def drawn(budget, by=cast.filip, per_employee=0, first=AUTUMN[0], last=AUTUMN[1]):
        return draw_reviews(
            by=by, edition=edition, first=first, last=last, budget=budget, per_employee=per_employee
        )

    return drawn


@pytest.fixture
def one(draw, cast):
    """One of Darek's, for Borys to mark."""
    lot = draw(20, per_employee=5)
    review = next(each for each in lot.reviews if each.employee == cast.darek.person)
    review.evaluator = cast.borys.person  # whoever chance gave it to
    review.save()
    return review


def some_marks(review, value="1"):
    document = review.edition.document
    standards = [
        each
        for part in document["sequence"]
        for enhancer in part.get("enhancers", ())
        for each in enhancer.get("standards", ())
    ]
    return {
        each["standard"]: value
        for each in standards
        if review.channel in each["channels"] and each.get("measure", "yes_no") == "yes_no"
    }


def test_a_lot_gives_every_conversation_of_a_known_place_the_same_chance_and_keeps_it(cast, edition, draw):
    lot = draw(10)

    assert len(lot.reviews) == DrawnReview.objects.count() == 10
    assert [one.inclusion for one in lot.reviews] == pytest.approx([10 / lot.population] * 10)
    assert {one.evaluator for one in lot.reviews} == {cast.borys.person}
    assert lot.population + lot.nowhere == 200
    assert lot.nowhere > 0
    [kept] = AuditEntry.objects.filter(action="conversation_review.draw")
    assert kept.after["population"] == lot.population
    assert isinstance(kept.after["seed"], int)


def test_the_work_is_spread_evenly_and_nobody_gets_what_they_served_in_or_drew(
    cast, irena, roles, draw, rynek
):
    from gracja.app.organisation.models import Membership

    Membership.objects.create(person=cast.darek.person, role=roles["evaluator"], place=rynek)

    lot = draw(30)

    given = Counter(one.evaluator for one in lot.reviews)
    assert given[cast.borys.person] + given[irena.person] + given[cast.darek.person] == 30
    assert abs(given[cast.borys.person] - given[irena.person]) <= 1
    assert all(one.evaluator != cast.darek.person for one in lot.reviews if one.employee == cast.darek.person)


def test_of_each_employee_so_many_are_drawn_at_least_and_their_chances_differ(cast, draw):
    lot = draw(12, per_employee=4)

    assert sum(one.employee == cast.darek.person for one in lot.reviews) >= 4
    assert sum(1 / one.inclusion for one in lot.reviews) == pytest.approx(lot.population, rel=0.01)


def test_what_is_to_be_reviewed_or_was_is_asked_of_nobody_again(draw, cast):
    first = draw(15)
    make_review(by=cast.borys, review=first.reviews[0], marks=some_marks(first.reviews[0]))

    left = first.population - 15
    again = draw(left)

    assert len({one.contact for one in DrawnReview.objects.all()}) == first.population
    assert again.population == left
    with pytest.raises(Refused) as refused:
        draw(1)
    assert refused.value.code == "conversation_review_nothing"


def test_a_second_draw_is_a_lot_of_its_own_over_what_nobody_reviewed(draw):
    first = draw(15)

    again = draw(20)

    assert len({one.inclusion for one in again.reviews}) == 1
    assert again.reviews[0].inclusion == pytest.approx(20 / (first.population - 15))


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"budget": 0}, "conversation_review_range"),
        ({"budget": 1001}, "conversation_review_range"),
        ({"budget": 900}, "conversation_review_few"),
        ({"budget": 2, "per_employee": 5}, "conversation_review_least"),
        ({"budget": 2, "last": date(2026, 9, 1), "first": date(2026, 9, 2)}, "period_backwards"),
        ({"budget": 2, "first": date(2026, 1, 1), "last": date(2026, 1, 2)}, "conversation_review_nothing"),
    ],
)
def test_what_cannot_be_drawn_is_said(draw, asked, code):
    with pytest.raises(Refused) as refused:
        draw(**asked)

    assert refused.value.code == code
    assert not DrawnReview.objects.exists()


def test_who_orders_visits_of_one_place_draws_none_of_the_company_s(draw, cast):
    for by in (cast.anna, cast.borys, cast.darek):
        with pytest.raises(Refused) as refused:
            draw(5, by=by)
        assert refused.value.code == "not_permitted"


def test_where_nobody_may_mark_and_read_there_is_nobody_to_give_them_to(draw, cast):
    for user in (cast.borys, cast.anna, cast.celina, cast.grazyna):
        user.person.memberships.all().delete()

    with pytest.raises(Refused) as refused:
        draw(5)

    assert refused.value.code == "conversation_review_nobody"


def test_days_before_staff_were_told_are_left_out(draw, company):
    StaffNotice.objects.create(
        text_pl="Od 10 września mierzymy.",
        sources=["visit", "automatic"],
        given_at=datetime(2026, 8, 20, tzinfo=UTC),
        measured_from=date(2026, 9, 10),
    )

    lot = draw(5)

    assert min(one.occurred_at for one in lot.reviews) >= datetime(2026, 9, 10, tzinfo=UTC)


def test_marks_make_a_first_visit_that_is_blind_and_keeps_its_chance(cast, one):
    made, again = (make_review(by=cast.borys, review=one, marks=some_marks(one)) for _ in range(2))

    one.refresh_from_db()
    assert (made, again) == (one.made, one.made)
    assert (made.contact, made.second_to, made.employee) == (one.contact, None, cast.darek.person)
    assert (made.blind, made.inclusion, made.evaluator) == (True, one.inclusion, cast.borys.person)
    assert Mark.objects.filter(visit=made, value=1.0).count() == len(some_marks(one))
    with pytest.raises(Refused) as refused:
        make_review(by=cast.borys, review=one, marks=some_marks(one, "0"))
    assert refused.value.code == "conversation_review_made"


def test_only_who_is_to_make_it_does(cast, irena, one):
    for by, code in (
        (irena, "conversation_review_of_another"),
        (cast.celina, "not_permitted"),
        (cast.darek, "not_permitted"),
    ):
        with pytest.raises(Refused) as refused:
            make_review(by=by, review=one, marks=some_marks(one))
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        make_review(by=cast.borys, review=one, marks=dict.fromkeys(some_marks(one), "?"))
    assert refused.value.code == "conversation_review_empty"
    assert not Visit.objects.exists()


def test_what_somebody_else_marked_meanwhile_stays_theirs(cast, irena, one, edition):
    seen = Seen(one.contact, one.place, one.occurred_at, one.employee, irena.person, channel=one.channel)
    visit = record_visit(by=irena, edition_uid=edition.uid, seen=seen, marks=some_marks(one))

    with pytest.raises(Refused) as refused:
        make_review(by=cast.borys, review=one, marks=some_marks(one))

    assert (refused.value.code, visit.inclusion) == ("conversation_review_marked", None)
    assert drawn_reviews_of(by=cast.borys).get(pk=one.pk).marked


def test_marks_that_its_evaluator_hands_in_otherwise_are_that_review(cast, one, edition):
    seen = Seen(one.contact, one.place, one.occurred_at, one.employee, cast.borys.person, channel=one.channel)

    visit = record_visit(by=cast.borys, edition_uid=edition.uid, seen=seen, marks=some_marks(one))

    one.refresh_from_db()
    visit.refresh_from_db()
    assert (one.made, visit.inclusion, visit.blind) == (visit, one.inclusion, None)


def test_it_is_given_to_somebody_else_and_called_off(cast, irena, one):
    assert [each.name for each in drawn_reviewers_for(by=cast.anna, review=one)] == [
        "Filip Żuk", "Grażyna Bąk", "Irena Lew",
    ]  # fmt: skip
    for _ in range(2):
        give_review(by=cast.anna, review=one, evaluator=irena.person)
    for evaluator, code in (
        (cast.anna, "conversation_review_self"),
        (cast.darek, "conversation_review_own"),
        (cast.celina, "conversation_review_reader"),
    ):
        with pytest.raises(Refused) as refused:
            give_review(by=cast.anna, review=one, evaluator=evaluator.person)
        assert refused.value.code == code
    for _ in range(2):
        call_off_review(by=cast.anna, review=one)
    with pytest.raises(Refused) as refused:
        make_review(by=irena, review=one, marks=some_marks(one))
    assert refused.value.code == "conversation_review_called_off"
    actions = AuditEntry.objects.filter(subject_key=one.uid).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["conversation_review.give", "conversation_review.call_off"]


def test_one_that_was_called_off_may_be_drawn_again(cast, draw):
    lot = draw(10)
    for one in lot.reviews:
        call_off_review(by=cast.filip, review=one)

    assert len(draw(lot.population).reviews) == lot.population


def test_who_is_to_mark_it_reads_its_words_and_no_mark_and_who_served_sees_nothing(cast, one):
    assert words_drawn(by=cast.borys, review=one)
    assert marks_hidden(by=cast.borys, contacts=[one.contact]) == {one.contact}
    assert drawn_review_for(by=cast.borys, uid=one.uid) == one
    for by in (cast.darek, cast.celina, cast.hubert):
        assert drawn_review_for(by=by, uid=one.uid) is None
    make_review(by=cast.borys, review=one, marks=some_marks(one))
    assert marks_hidden(by=cast.borys, contacts=[one.contact]) == set()


def test_a_measurement_weighs_no_drawn_review_by_its_chance(cast, edition, one, visits):
    """All of one employee have the same, and each employee has effects of their own (docs/adr/0016)."""
    make_review(by=cast.borys, review=one, marks=some_marks(one))

    found = gather(edition, Period(*AUTUMN), {"visit": date(2026, 9, 1)}).observations

    assert one.contact in found["contact"].to_pylist()
    assert found["inclusion"].null_count == len(found)


def test_that_marks_were_blind_is_noted_only_where_chance_chose_who_gives_them(cast, irena, one):
    give_review(by=cast.anna, review=one, evaluator=irena.person)

    assert make_review(by=irena, review=one, marks=some_marks(one)).blind is None


def test_marks_of_a_drawn_conversation_stay_also_from_a_file_of_who_gave_them(cast, one):
    made = make_review(by=cast.borys, review=one, marks=some_marks(one))

    assert [may_change(by, made) for by in (cast.borys, cast.anna, cast.grazyna)] == [False, False, True]


def test_who_served_calls_it_off_as_little_as_they_give_it(cast, one):
    DrawnReview.objects.filter(pk=one.pk).update(employee=cast.anna.person)
    one.refresh_from_db()

    with pytest.raises(Refused) as refused:
        call_off_review(by=cast.anna, review=one)

    assert refused.value.code == "conversation_review_own"


def test_an_erased_customer_s_number_leaves_what_a_drawn_conversation_is_called(cast, one):
    customer = add_customer(by=cast.darek, details=Details("Joanna Kruk", "600 700 800"))
    DrawnReview.objects.filter(pk=one.pk).update(contact="600700800 2026-10-05")

    erase_customer(by=cast.grazyna, customer=customer)

    kept = DrawnReview.objects.get(pk=one.pk)
    assert "600700800" not in kept.contact
    assert kept.called_off_at is not None


def test_an_erased_employee_s_review_goes_on_without_a_name(cast, one):
    pseudonymise_person(by=cast.grazyna, person=cast.darek.person)

    kept = drawn_review_for(by=cast.borys, uid=one.uid)
    assert "Darek" not in kept.employee.name
    assert make_review(by=cast.borys, review=one, marks=some_marks(one)).employee == cast.darek.person


def test_a_conversation_whose_name_held_the_erased_person_s_is_renamed(cast, draw):
    talk = {
        "contact": "Darek Lis 7", "employee": "darek", "place": "KR-1", "channel": "chat", "language": "pl",
        "started_at": "2026-10-05T10:00:00Z",
        "turns": [{"speaker": "agent", "text": "Dzień dobry, w czym mogę pomóc?"}],
    }  # fmt: skip
    receive_conversations(by=cast.grazyna, records=[talk])
    review = draw(1).reviews[0]
    DrawnReview.objects.filter(pk=review.pk).update(contact="Darek Lis 7")

    pseudonymise_person(by=cast.grazyna, person=cast.darek.person)

    kept = DrawnReview.objects.get(pk=review.pk)
    assert "Darek" not in kept.contact
    assert kept.called_off_at is not None  # under another name nobody finds its words


def test_the_database_keeps_one_review_of_a_conversation_and_a_chance_that_is_one(one):
    for wrong in (
        {"contact": one.contact},
        {"contact": "other", "inclusion": 0},
        {"contact": "other", "inclusion": 1.5},
    ):
        copy = DrawnReview.objects.get(pk=one.pk)
        copy.pk, copy.uid = None, "u" + str(wrong.get("inclusion", ""))
        for name, value in wrong.items():
            setattr(copy, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save()
    assert timedelta(0) < datetime(2026, 12, 31, tzinfo=UTC) - one.occurred_at
