"""What the next reviews are best spent on."""

from __future__ import annotations

import numpy as np
import pytest

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.planning.covariance import known
from gracja.engine.measure.planning.next_reviews import Choice, next_reviews
from gracja.engine.measure.rating import fit
from gracja.engine.measure.simulated import Shape, simulated_company

SHAPE = Shape(
    employees=16, standards=6, evaluators=4, contacts=(2, 25), employee_spread=0.6, evaluator_spread=0.5
)
THETA = {"employee": 0.6, "standard": 1.0, "evaluator": 0.5}
NEXT = 20


def named(facet, count):
    return [f"{facet[0]}{i:03}" for i in range(count)]


EMPLOYEES, EVALUATORS = named("employee", SHAPE.employees), named("evaluator", SHAPE.evaluators)


@pytest.fixture(scope="module")
def company(rated):
    made = simulated_company(np.random.default_rng(7), SHAPE)
    return made, rated(made)


def choice(**more):
    return Choice({name: [] for name in EMPLOYEES}, EVALUATORS, **more)


def plan(of, chosen, count=NEXT):
    return next_reviews(of, chosen, count, marks_of_review=SHAPE.standards)


def test_the_rank_one_formula_gives_what_a_fit_with_that_review_would(company):
    """At fixed spreads and weights of marks, adding the review's marks and inverting anew says the same."""
    _, of = company
    there = known(of, [(name, None) for name in EMPLOYEES], EVALUATORS, marks_of_review=6, dispersion=1.0)
    picked = plan(of, choice(), 1)[0]
    spot, evaluator = EMPLOYEES.index(picked.employee), EVALUATORS.index(picked.evaluator)

    along = np.zeros(len(there.covariance))
    along[spot], along[len(EMPLOYEES) + evaluator] = 1.0, -1.0
    root = np.linalg.cholesky(there.covariance + 1e-12 * np.eye(len(along)))
    whitened = root.T @ along
    information = np.eye(len(along)) + there.information[spot] * np.outer(whitened, whitened)
    after = root @ np.linalg.inv(information) @ root.T
    before, left = (np.diagonal(m)[: len(EMPLOYEES)] @ there.slope**2 for m in (there.covariance, after))

    assert picked.gain == pytest.approx((before - left) / before, rel=1e-6)


def variances(company, reviews):
    """(employees,) of the level of each, refitted with these (employee, evaluator) reviews added."""
    random = np.random.default_rng(3)
    who = np.array([e for e, _ in reviews for _ in range(SHAPE.standards)])
    eye = np.array([v for _, v in reviews for _ in range(SHAPE.standards)])
    item = np.tile(np.arange(SHAPE.standards), len(reviews))
    met = (random.random(len(who)) < 0.7).astype(float)
    facets = {"employee": who, "standard": item, "evaluator": eye}
    both = {name: np.concatenate([getattr(company, name), added]) for name, added in facets.items()}
    refitted = fit(np.concatenate([company.met, met]), both, theta=THETA)
    standards = np.full((SHAPE.employees, SHAPE.standards), 1 / SHAPE.standards)
    _, covariance = refitted.contrast({"employee": np.eye(SHAPE.employees), "standard": standards}, 1.0)
    return np.diagonal(covariance)


def test_chosen_reviews_beat_chance_and_fewest_first_where_some_results_matter_more(rated):
    """In refits with marks of those reviews, summed over 12 companies."""
    random = np.random.default_rng(20_261_123)
    gains = {"chosen": 0.0, "chance": 0.0, "fewest": 0.0}
    for _ in range(12):
        company = simulated_company(random, SHAPE)
        undecided = random.random(SHAPE.employees) < 0.4
        weights = dict(zip(EMPLOYEES, np.where(undecided, 1.0, 0.2).tolist(), strict=True))
        picked = plan(rated(company), choice(weights=weights))
        contacts = np.bincount(company.employee, minlength=SHAPE.employees) // SHAPE.standards
        ways = {
            "chosen": [(EMPLOYEES.index(p.employee), EVALUATORS.index(p.evaluator)) for p in picked],
            "chance": [(int(random.integers(SHAPE.employees)), int(random.integers(4))) for _ in range(NEXT)],
            "fewest": fewest_first(contacts),
        }
        mattering = np.array(list(weights.values()))
        before = mattering @ variances(company, [(0, 0)])
        for way, reviews in ways.items():
            gains[way] += 1 - mattering @ variances(company, reviews) / before

    assert gains["chosen"] > 1.1 * gains["fewest"], gains
    assert gains["chosen"] > 1.5 * gains["chance"], gains


def fewest_first(contacts):
    contacts, reviews = contacts.copy(), []
    for turn in range(NEXT):
        who = int(np.argmin(contacts))
        contacts[who] += 1
        reviews.append((who, turn % SHAPE.evaluators))
    return reviews


def test_nobody_evaluates_themselves_and_nobody_outside_the_choice_is_asked_or_read(company):
    _, of = company
    both = Choice({"e000": [], "v001": []}, ["v001", "v002"])
    picked = plan(of, both)

    assert len(picked) == NEXT
    assert {review.employee for review in picked} == {"e000", "v001"}
    assert not any(review.employee == review.evaluator for review in picked)
    assert {review.evaluator for review in picked} <= {"v001", "v002"}


def test_where_nobody_may_there_is_no_review(company):
    assert plan(company[1], choice(may=lambda *_: False)) == []


def test_no_evaluator_gets_more_than_twice_an_even_part(company):
    picked = plan(
        company[1], choice(may=lambda evaluator, employee, _: evaluator == "v000" or employee < "e004")
    )
    asked = [review.evaluator for review in picked]

    assert max(asked.count(name) for name in EVALUATORS) <= 2 * NEXT / len(EVALUATORS)


def test_who_was_never_seen_comes_before_who_was_seen_often(company):
    _, of = company
    new = Choice({**{name: [] for name in EMPLOYEES}, "new": ["rynek"]}, EVALUATORS)
    picked = plan(of, new, 4)

    assert (picked[0].employee, picked[0].place) == ("new", "rynek")
    assert picked[0].gain > picked[-1].gain > 0


def test_each_pick_knows_of_those_before_it(company):
    """What one more review of the same employee takes off falls; the sum of gains is that of all at once."""
    _, of = company
    alone = plan(of, Choice({"e003": []}, ["v000"]), 5)
    gains = [review.gain for review in alone]

    assert gains == sorted(gains, reverse=True)
    assert sum(gains) < 1


def test_standards_that_tell_most_are_those_nearest_to_even_odds(company):
    made, of = company
    picked = plan(of, choice(), 1)[0]
    share = [made.met[made.standard == k].mean() for k in range(SHAPE.standards)]
    by_doubt = sorted(range(SHAPE.standards), key=lambda k: abs(share[k] - 0.5))

    assert len(picked.standards) == 3
    assert int(picked.standards[0][1:]) in by_doubt[:3]


def test_the_same_marks_give_the_same_plan_for_a_thousand_employees(rated):
    large = simulated_company(
        np.random.default_rng(1), Shape(employees=1000, standards=4, evaluators=20, contacts=(2, 6))
    )
    of = rated(large)
    chosen = Choice({name: [] for name in of.levels["employee"]}, [f"v{i:03}" for i in range(20)])

    assert next_reviews(of, chosen, 5, marks_of_review=4) == next_reviews(of, chosen, 5, marks_of_review=4)


@pytest.mark.parametrize(
    ("places", "evaluators", "count", "code"),
    [
        ({}, EVALUATORS, 1, "plan_nobody_to_read"),
        ({"e000": []}, [], 1, "plan_nobody_reads"),
        ({"e000": []}, EVALUATORS, 0, "plan_reviews_range"),
    ],
)
def test_a_choice_of_nobody_is_refused(company, places, evaluators, count, code):
    with pytest.raises(EngineInputError) as refused:
        plan(company[1], Choice(places, evaluators), count)
    assert refused.value.code == code
