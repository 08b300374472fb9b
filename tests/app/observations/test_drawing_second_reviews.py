"""A share of reviews is given to a second evaluator by chance: seeded, stored, off until somebody sets it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from app.conftest import make_user

from gracja.app.common.clock import stopped_at
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.observations.models import SecondReview, SecondReviewShare, Visit
from gracja.app.observations.selectors.second import reviews_beside, second_reviews_of, share_drawn
from gracja.app.observations.services.drawing import is_drawn, set_share
from gracja.app.observations.services.imports import add_visits
from gracja.app.observations.services.second import give_second_review, make_second_review

SET = datetime(2026, 11, 2, 8, tzinfo=UTC)
LATER = SET + timedelta(days=20)
HEAD = "id;data;placówka;pracownik;oceniający;kanał;greet\n"


@pytest.fixture(autouse=True)
def _it_is_november():
    with stopped_at(LATER):
        yield


@pytest.fixture
def on(cast):
    """`on(0.5)`: the share is set on the second of November."""

    def put(share, by=cast.filip):
        with stopped_at(SET):
            set_share(by=by, share=share)

    return put


@pytest.fixture
def added(cast, given):
    """`added(40)`: so many reviews of calls come in."""

    def add(number, *, channel="telefon", day=10, evaluator="Borys Sowa"):
        first = Visit.objects.count()
        rows = [
            f"R{first + one};2026-11-{day:02} 10:00;Rynek;darek;{evaluator};{channel};tak"
            for one in range(number)
        ]
        add_visits(by=cast.filip, uid=given(cast.filip, HEAD + "\n".join(rows) + "\n").uid)

    return add


def test_nothing_is_drawn_until_somebody_sets_a_share(cast, added):
    added(30)

    assert share_drawn() == 0
    assert not SecondReview.objects.exists()


def test_what_is_drawn_follows_from_seed_and_uid_and_says_its_chance(on, added):
    on(0.3)
    added(200)

    held = SecondReviewShare.objects.get()
    drawn = {uid for uid in Visit.objects.values_list("uid", flat=True) if is_drawn(held, uid)}
    assert set(SecondReview.objects.values_list("visit__uid", flat=True)) == drawn
    assert set(SecondReview.objects.values_list("chance", flat=True)) == {0.3}
    assert 35 <= len(drawn) <= 85  # 60 are expected; 3.8 standard deviations to either side


def test_the_lot_falls_as_often_as_it_is_said_to():
    held = SecondReviewShare(share=0.05, seed="of this test")

    drawn = sum(is_drawn(held, f"visit {number}") for number in range(40_000))

    assert drawn == pytest.approx(2_000, abs=4 * (40_000 * 0.05 * 0.95) ** 0.5)


@pytest.mark.parametrize("other", [{"channel": "osobiście"}, {"day": 1}])
def test_neither_what_nothing_remains_of_nor_what_was_before_the_share_is_drawn(on, added, other):
    on(1.0)
    added(3, **other)

    assert not SecondReview.objects.exists()


def test_evaluators_get_as_many_and_nobody_who_marked_first(cast, roles, on, added):
    others = [make_user(name, roles["evaluator"]) for name in ("Irena Lew", "Jan Kot")]
    on(1.0)
    added(20)

    assert sorted(second_reviews_of(by=one).count() for one in others) == [10, 10]
    assert second_reviews_of(by=cast.borys).count() == 0


def test_where_nobody_can_be_found_a_manager_gives_it_to_somebody(cast, on, added):
    on(1.0)
    added(1)

    review = SecondReview.objects.get()
    assert (review.evaluator, list(second_reviews_of(by=cast.anna))) == (None, [review])
    give_second_review(by=cast.filip, review=review, evaluator=cast.anna.person)
    assert list(second_reviews_of(by=cast.anna)) == [review]


def test_only_of_what_chance_gave_and_nobody_gave_on_it_is_said_that_nobody_saw_the_first_marks(
    cast, roles, on, added, given
):
    irena, jan = (make_user(name, roles["evaluator"]) for name in ("Irena Lew", "Jan Kot"))
    on(1.0)
    added(3)
    by_lot, given_on, put_in = SecondReview.objects.order_by("pk")
    here = {irena.person: irena, jan.person: jan}
    for evaluator in (jan, irena) if given_on.evaluator == irena.person else (irena, jan):
        give_second_review(by=cast.anna, review=given_on, evaluator=evaluator.person)
    for review in (by_lot, given_on):
        make_second_review(by=here[review.evaluator], review=review, marks={"greet": "nie"})
    row = f"{put_in.visit.contact};2026-11-10 10:00;Rynek;darek;{put_in.evaluator.name};telefon;nie"
    add_visits(by=cast.filip, uid=given(cast.filip, f"{HEAD}{row}\n").uid)  # who may have looked

    both = [reviews_beside(by=cast.filip, uid=one.visit.uid) for one in (by_lot, given_on, put_in)]
    assert [(one.asked, one.apart) for one in both] == [(True, True), (True, False), (True, False)]


def test_only_who_orders_visits_of_the_whole_company_sets_the_share(cast):
    for by in (cast.anna, cast.borys, cast.hubert):
        with pytest.raises(Refused, match="not_permitted"):
            set_share(by=by, share=0.05)
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(Refused, match="second_review_share_range"):
            set_share(by=cast.filip, share=share)
    assert not SecondReviewShare.objects.exists()


def test_every_share_has_a_seed_of_its_own_and_the_same_again_changes_nothing(cast):
    for share in (0.05, 0.05, 0.1, 0.0):
        set_share(by=cast.filip, share=share)

    kept = list(SecondReviewShare.objects.order_by("pk"))
    assert [one.share for one in kept] == [0.05, 0.1, 0.0]
    assert len({one.seed for one in kept}) == 3
    logged = AuditEntry.objects.filter(action="second_review.share").order_by("pk")
    assert [(one.before, one.after) for one in logged] == [
        ({"share": 0.0}, {"share": 0.05}),
        ({"share": 0.05}, {"share": 0.1}),
        ({"share": 0.1}, {"share": 0.0}),
    ]
