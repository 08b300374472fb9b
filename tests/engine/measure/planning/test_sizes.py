"""How many contacts and evaluators a question takes, against simulated companies of just that size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.planning.grounds import ASSUMED, Grounds, assumed_at
from gracja.engine.measure.planning.precision import (
    Effort,
    half_width,
    power_to_grade,
    power_to_tell_apart,
)
from gracja.engine.measure.planning.sizes import to_grade, to_narrow, to_tell_apart
from gracja.engine.measure.simulated import Shape, simulated_company

SEED = 20_261_123
Z_99 = 2.576
SHAPES = {
    "small": Shape(employees=15, standards=6, evaluators=6),
    "large": Shape(employees=30, standards=10, evaluators=12, share_met=0.8),
    "spread": Shape(employees=30, standards=6, evaluators=20, employee_spread=0.8),
}


def grounds_of(shape):
    return Grounds(
        employee=shape.employee_spread,
        standard=shape.standard_spread,
        evaluator=shape.evaluator_spread,
        intercept=float(logit(shape.share_met)),
        standards=shape.standards,
        dispersion=1.0,
        employees=shape.employees,
    )


def base_of(of):
    return of.shares(of.people(of.levels["employee"]), dict.fromkeys(of.levels["standard"], 1.0))


@pytest.mark.parametrize(("name", "wanted"), [("small", 0.1), ("large", 0.06), ("spread", 0.12)])
def test_at_the_planned_number_intervals_are_as_wide_as_was_wanted(rated, name, wanted):
    shape, random = SHAPES[name], np.random.default_rng(SEED)
    size = to_narrow(grounds_of(shape), wanted).size(shape.evaluators)
    planned = replace(shape, contacts=(size.effort.contacts,) * 2)
    realised = []
    for _ in range(30):
        base = base_of(rated(simulated_company(random, planned)))
        realised.append(np.mean(expit(base.quantile(0.975)) - expit(base.quantile(0.025))) / 2)
    mean, error = np.mean(realised), np.std(realised, ddof=1) / np.sqrt(len(realised))

    assert size.reached <= wanted
    assert abs(mean - wanted) <= 0.05 * wanted + Z_99 * error, (mean, error, size)


LOW, BETWEEN, HIGH = 0.65, 0.75, 0.85
# standards nearly alike, so that the same effect is the same share in every company
TEAM = Shape(employees=15, standards=6, evaluators=6, standard_spread=0.1)


def outcomes(rated, contacts, replications):
    """How often the two are told apart, and the lower one known to be below a level between them."""
    shape, random = replace(TEAM, contacts=(contacts,) * 2), np.random.default_rng(SEED)
    grounds = grounds_of(shape)
    apart = graded = 0
    for _ in range(replications):
        effects = random.normal(0, shape.employee_spread, shape.employees)
        effects[:2] = [grounds.level_of(share) - grounds.intercept for share in (LOW, HIGH)]
        of = rated(simulated_company(random, shape, employee=effects))
        people = of.people(["e000", "e001"])
        gap = replace(people, big=people.big[1:] - people.big[:1], rest=people.rest[1:] - people.rest[:1])
        apart += of.contrasts(gap).quantile(0.025)[0] > 0
        graded += base_of(of).below(float(logit(BETWEEN)))[0] >= 0.8
    return apart / replications, graded / replications


def test_power_is_as_promised(rated):
    replications, contacts = 250, 8
    grounds, effort = grounds_of(TEAM), Effort(contacts, TEAM.evaluators)
    promised = (
        power_to_tell_apart(grounds, effort, LOW, HIGH),
        power_to_grade(grounds, effort, LOW, BETWEEN),
    )

    for found, power in zip(outcomes(rated, contacts, replications), promised, strict=True):
        error = np.sqrt(power * (1 - power) / replications)
        assert abs(found - power) <= 0.04 + Z_99 * error, (found, power)


def test_a_second_review_of_a_contact_tells_less_than_a_review_of_another():
    """Against drawn contacts, each with a truth that two evaluators mark with errors of their own."""
    random, standards, contacts = np.random.default_rng(SEED), 6, 60_000
    truth = random.random((contacts, standards)) < 0.7
    marks = [
        np.where(random.random(truth.shape) < 0.85, truth, random.random(truth.shape) < 0.7) for _ in "ab"
    ]
    repeat = float(np.corrcoef(marks[0].ravel(), marks[1].ravel())[0, 1])
    one, both = marks[0].mean(axis=1).var(), ((marks[0] + marks[1].astype(float)) / 2).mean(axis=1).var()

    grounds = replace(ASSUMED, repeat=repeat, dispersion=1.0, standards=standards, evaluator=0.0)
    narrow = [half_width(grounds, Effort(20, 10, reviews)) for reviews in (1, 2)]
    same = half_width(grounds, Effort(round(20 * one / both), 10))
    assert narrow[1] == pytest.approx(same, rel=0.03)
    assert half_width(grounds, Effort(40, 10)) < narrow[1] < narrow[0]


def test_few_evaluators_leave_a_part_that_no_number_of_contacts_takes_away():
    question = to_narrow(ASSUMED, 0.06)

    assert question.size(3) is None
    fewest = question.fewest_evaluators()
    assert question.size(fewest - 1) is None
    sizes = question.sizes(fewest)
    assert sizes[0].effort.evaluators == fewest
    contacts = [size.effort.contacts for size in sizes]
    assert contacts == sorted(contacts, reverse=True)


def test_the_planned_number_is_the_fewest_that_is_enough():
    for question, enough in (
        (to_narrow(ASSUMED, 0.1), lambda reached: reached <= 0.1),
        (to_tell_apart(ASSUMED, 0.7, 0.85), lambda reached: reached >= 0.8),
        (to_grade(ASSUMED, 0.7, 0.85, 0.9), lambda reached: reached >= 0.9),
    ):
        size = question.size(12)
        assert enough(size.reached)
        if size.effort.contacts > question.fewest:
            assert not enough(question.reach(replace(size.effort, contacts=size.effort.contacts - 1)))
        assert size.reviews == size.effort.contacts * ASSUMED.employees


def test_a_share_turns_into_logits_and_back():
    for share in (0.02, 0.5, 0.75, 0.99):
        assert float(ASSUMED.share_at(ASSUMED.level_of(share))) == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda: to_narrow(ASSUMED, 0.0), "plan_half_width_range"),
        (lambda: to_narrow(ASSUMED, float("nan")), "plan_half_width_range"),
        (lambda: to_tell_apart(ASSUMED, 0.8, 0.8), "plan_levels_alike"),
        (lambda: to_tell_apart(ASSUMED, 0.0, 0.8), "plan_share_range"),
        (lambda: to_grade(ASSUMED, 0.7, 0.8, 1.0), "plan_power_range"),
        (lambda: Effort(5, 1, 2), "plan_effort_range"),
        (lambda: Grounds(employee=-1.0), "plan_grounds_range"),
        (lambda: assumed_at(1.0, standards=4, employees=9), "plan_share_range"),
    ],
)
def test_what_cannot_be_planned_is_refused(ask, code):
    with pytest.raises(EngineInputError) as refused:
        ask()
    assert refused.value.code == code


def test_what_only_the_companys_average_carries_is_not_enough():
    """Of 5 contacts an estimate keeps near .93, over the bound; of many it shows the .88 that are true."""
    grounds = assumed_at(0.93, standards=6, employees=60)
    question = to_grade(grounds, 0.88, 0.85, 0.8)
    powers = [question.reach(Effort(contacts, 5)) for contacts in (5, 5000)]
    assert powers[0] > 0.8 > powers[1]

    assert question.size(5) is None
    assert question.carried_by_average(5).effort == Effort(5, 5)
    assert question.carried_by_average(5).reached == powers[0]
    fewest = question.fewest_evaluators()
    assert question.size(fewest - 1) is None
    size = question.size(fewest)
    more = np.unique(np.geomspace(size.effort.contacts, 5000, 60).astype(int))
    assert all(question.reach(Effort(int(contacts), fewest)) >= 0.8 for contacts in more)
    assert question.carried_by_average(fewest) is None


def test_what_is_far_from_enough_is_carried_by_nothing():
    assert to_narrow(ASSUMED, 0.02).carried_by_average(3) is None
    assert to_narrow(ASSUMED, 0.1).carried_by_average(1, 2) is None
