"""Agreement: published values, a peer, and what resampling units by hand says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.agreement.agreeing import ac1, alpha, kappa

# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): four coders of twelve units
CODERS = ("12332141 2...", "12332241 25.3", ".3332342 251.", "12332441 251.")


@pytest.fixture
def coders():
    said = [
        (unit, np.nan if sign == "." else float(sign))
        for coder in CODERS
        for unit, sign in enumerate(coder.replace(" ", ""))
    ]
    unit, value = zip(*said, strict=True)
    return np.array(unit), np.array(value)


@pytest.fixture
def reviews():
    """Three reviewers of 400 contacts on a scale of five steps, a tenth of the marks missing."""
    random = np.random.default_rng(7)
    truth = random.integers(1, 6, 400)
    slips = random.integers(-1, 2, (3, 400)) * (random.random((3, 400)) < 0.5)
    value = np.clip(truth + slips, 1, 5).astype(float)
    value[random.random(value.shape) < 0.1] = np.nan
    return value


@pytest.mark.parametrize(
    ("level", "published"),
    [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)],
)
def test_alpha_has_the_published_values(coders, level, published):
    assert alpha(*coders, level=level, draws=10).value == pytest.approx(published, abs=5e-7)


def test_units_judged_once_are_not_counted(coders):
    found = alpha(*coders, draws=10)

    assert (found.units, found.judgements) == (11, 40)


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_kappa_is_that_of_scikit_learn(reviews, weights):
    first, second = reviews[:2]
    both = ~np.isnan(first) & ~np.isnan(second)
    peer = cohen_kappa_score(first[both], second[both], weights=None if weights == "none" else weights)

    assert kappa(first, second, weights=weights, draws=10).value == pytest.approx(peer, abs=1e-12)


def test_ac1_of_two_judges_is_that_of_its_formula_and_steady_where_kappa_is_not():
    # 118 and 5 of 125 units judged alike, 2 not: nearly all of one kind
    first = np.repeat([1.0, 2.0, 1.0, 2.0], [118, 5, 1, 1])
    second = np.repeat([1.0, 2.0, 2.0, 1.0], [118, 5, 1, 1])
    unit = np.arange(125)
    observed, positive = 123 / 125, (119 + 119) / 250
    chance = 2 * positive * (1 - positive)

    found = ac1(np.concatenate([unit, unit]), np.concatenate([first, second]), draws=10)

    assert found.value == pytest.approx((observed - chance) / (1 - chance))
    assert found.value > 0.98
    assert kappa(first, second, draws=10).value < 0.85


def test_the_interval_is_that_of_drawing_units_by_hand(reviews):
    unit = np.tile(np.arange(400), 3)
    random = np.random.default_rng(3)
    drawn = []
    for _ in range(800):
        chosen = random.integers(0, 400, 400)
        drawn.append(alpha(unit, reviews[:, chosen].ravel(), level="interval", draws=1).value)

    found = alpha(unit, reviews.ravel(), level="interval")

    by_hand = np.quantile(drawn, [0.025, 0.975])
    # three standard errors of a quantile of 800 draws
    assert [found.low, found.high] == pytest.approx(by_hand.tolist(), abs=3 * np.std(drawn) * 2.67 / 800**0.5)


def test_very_many_patterns_give_the_same_interval_as_drawing_them_one_by_one(monkeypatch):
    random = np.random.default_rng(11)
    truth = random.normal(0, 3, 3000)
    value = np.round(truth + random.normal(0, 2, (4, 3000))).ravel()
    unit = np.tile(np.arange(3000), 4)
    fast = alpha(unit, value, level="interval")
    monkeypatch.setattr("gracja.engine.measure.agreement.agreeing._PATTERNS_DRAWN_ONE_BY_ONE", 10**9)
    slow = alpha(unit, value, level="interval", draws=2000)

    width = slow.high - slow.low
    assert fast.value == slow.value
    assert [fast.low, fast.high] == pytest.approx([slow.low, slow.high], abs=0.08 * width)


@given(st.lists(st.lists(st.integers(1, 4), min_size=2, max_size=4), min_size=2, max_size=12))
def test_alpha_does_not_depend_on_the_order_of_judges_or_units(judged):
    rows = [(unit, value) for unit, values in enumerate(judged) for value in values]
    backwards = [(-unit, value) for unit, value in reversed(rows)]

    there, again = (alpha(*zip(*one, strict=True), level="ordinal", draws=5) for one in (rows, backwards))

    assert there.value == (None if again.value is None else pytest.approx(again.value))
    assert (there.why == "no_variation") == (len({value for _, value in rows}) == 1)


def test_where_all_judge_everything_alike_nothing_is_measured():
    found = alpha([1, 1, 2, 2], [3, 3, 3, 3])

    assert (found.value, found.low, found.why) == (None, None, "no_variation")
    assert ac1([1, 1, 2, 2], [3, 3, 3, 3]).value == 1.0


@pytest.mark.parametrize("coefficient", [alpha, ac1])
def test_a_value_without_an_honest_interval_has_none(coefficient):
    unit = np.repeat(np.arange(30), 2)
    alike = np.repeat(np.arange(30) % 2, 2)
    but_one = np.where(np.arange(60) == 7, 1 - alike, alike)

    five = coefficient(unit[:10], alike[:10])
    whole, differing = coefficient(unit, alike), coefficient(unit, but_one)

    assert (five.value, five.low, five.why) == (1.0, None, "few_units")
    assert (whole.value, whole.high, whole.why) == (1.0, None, "no_difference")
    assert differing.low < differing.value < differing.high
    assert differing.why == ""


def test_where_nothing_was_judged_twice_nothing_is_measured():
    for found in (alpha([1, 2], [1, 2]), alpha([], []), ac1([], []), kappa([1, np.nan], [np.nan, 2])):
        assert (found.value, found.why) == (None, "nothing_judged_twice")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: alpha([1, 1], [1, 2, 3]), "shape_mismatch"),
        (lambda: kappa([1, 1], [1, 2, 3]), "shape_mismatch"),
        (lambda: alpha([1, 1], [1, 2], level="cardinal"), "agreement_level"),
        (lambda: alpha([1, 1], [-1, 2], level="ratio"), "agreement_negative_ratio"),
        (lambda: alpha([1, 1], [np.inf, 2]), "agreement_value_not_finite"),
        (lambda: alpha(np.zeros(300), np.arange(300)), "agreement_values_many"),
        (lambda: kappa([1, 1], [1, 2], weights="cubic"), "agreement_weights"),
        (lambda: ac1([1, 1], [1, 2], draws=0), "agreement_drawing"),
        (lambda: ac1([1, 1], [1, 2], coverage=1.0), "agreement_drawing"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_code(call, code):
    with pytest.raises(EngineInputError) as refused:
        call()

    assert refused.value.code == code


def test_units_of_one_cluster_are_drawn_together():
    """Ten copies of every unit, in its cluster, say no more than the unit itself."""
    random = np.random.default_rng(11)
    first = random.integers(0, 3, 150)
    second = np.where(random.random(150) < 0.8, first, random.integers(0, 3, 150))
    unit, value = np.tile(np.arange(150), 2), np.concatenate([first, second])
    copied = (unit[:, None] * 10 + np.arange(10)).ravel(), np.repeat(value, 10)
    cluster = copied[0] // 10

    for coefficient in (alpha, ac1):
        once, ten = coefficient(unit, value), coefficient(*copied, cluster=cluster)
        assert ten.value == pytest.approx(once.value, abs=0.005)
        assert ten.high - ten.low == pytest.approx(once.high - once.low, rel=0.05)
        alone = coefficient(*copied)
        assert (alone.high - alone.low) * 2.5 < once.high - once.low
    once = kappa(first, second)
    ten = kappa(np.repeat(first, 10), np.repeat(second, 10), cluster=np.repeat(np.arange(150), 10))
    assert ten.high - ten.low == pytest.approx(once.high - once.low, rel=0.05)


def test_clusters_too_many_for_single_draws_give_the_same_interval(monkeypatch):
    random = np.random.default_rng(12)
    first = random.integers(0, 2, 900)
    second = np.where(random.random(900) < 0.85, first, 1 - first)
    unit, value = np.tile(np.arange(900), 2), np.concatenate([first, second])
    drawn = alpha(unit, value, cluster=unit // 3)

    monkeypatch.setattr("gracja.engine.measure.agreement.agreeing._CELLS_AT_ONCE", 100)
    normal = alpha(unit, value, cluster=unit // 3)

    width = drawn.high - drawn.low
    assert [normal.low, normal.high] == pytest.approx([drawn.low, drawn.high], abs=0.05 * width)


def test_a_cluster_for_each_judgement_is_needed():
    for call in (lambda: alpha([1, 1], [1, 2], cluster=[1]), lambda: kappa([1, 1], [1, 2], cluster=[1])):
        with pytest.raises(EngineInputError) as refused:
            call()
        assert (refused.value.code, refused.value.where.field) == ("shape_mismatch", "cluster")
