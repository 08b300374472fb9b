"""Agreement reckoned from observations, and whether people follow the automatic mark that they saw."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from gracja.engine.measure.agreement.of_marks import agreements
from gracja.engine.tables import AGREEMENT
from tests.engine.measure.conftest import make_edition, make_observations

EDITION = make_edition([{"standard": "greet"}, {"standard": "offer"}])


def marks(contacts: int, says, *, evaluators=("borys", "celina"), source="review", **more):
    """says(contact, standard number, evaluator) -> value."""
    return [
        {
            "contact": f"c{contact}",
            "employee": "anna",
            "standard": standard,
            "source": source,
            "evaluator": evaluator,
            "value": float(says(contact, number, evaluator)),
            **more,
        }
        for contact in range(contacts)
        for number, standard in enumerate(("greet", "offer"))
        for evaluator in evaluators
    ]


def rows_of(found) -> dict[tuple[str, str | None], dict]:
    assert found.table.schema.equals(AGREEMENT)
    return {(row["between"], row["standard"]): row for row in found.table.to_pylist()}


def test_two_people_who_differ_in_one_standard_agree_in_the_other():
    random = np.random.default_rng(1)
    truth, coin = random.integers(0, 2, (60, 2)), random.integers(0, 2, 60)

    def says(contact, number, evaluator):
        return coin[contact] if (number, evaluator) == (1, "celina") else truth[contact, number]

    found = rows_of(agreements(make_observations(marks(60, says)), EDITION))

    greet, offer, both = (found["people", name] for name in ("greet", "offer", None))
    assert (greet["same"], greet["alpha"], greet["alpha_low"]) == (1.0, 1.0, None)  # nobody ever differed
    assert greet["same_low"] == pytest.approx(0.94, abs=0.01)
    assert offer["alpha_low"] < 0 < offer["alpha_high"] < 0.4
    assert both["marks"] == 120
    assert both["contacts"] == 60
    assert both["same"] == pytest.approx((greet["same"] + offer["same"]) / 2)
    assert not [key for key in found if key[0] == "detector"]


def test_all_standards_together_rest_on_as_many_contacts_as_there_are():
    """Two standards that always agree or differ together say no more than one of them does."""
    random = np.random.default_rng(2)
    truth, apart = random.integers(0, 2, 200), random.random(200) < 0.2

    def says(contact, _, evaluator):
        return truth[contact] ^ (apart[contact] and evaluator == "celina")

    found = rows_of(agreements(make_observations(marks(200, says)), EDITION))

    one, both = found["people", "greet"], found["people", None]
    for name in ("same", "alpha", "ac1"):
        width = one[f"{name}_high"] - one[f"{name}_low"]
        assert both[f"{name}_high"] - both[f"{name}_low"] == pytest.approx(width, rel=0.08), name


def test_the_detector_is_compared_with_the_majority_of_people_and_not_where_they_are_even():
    def says(contact, number, evaluator):
        return (contact + number) % 2 if evaluator == "borys" or contact < 40 else 0

    people = marks(50, says)
    machine = marks(
        50, lambda contact, number, _: (contact + number) % 2, evaluators=(None,), source="automatic"
    )

    found = rows_of(agreements(make_observations([*people, *machine]), EDITION))

    greet = found["detector", "greet"]
    assert (greet["marks"], greet["same"], greet["kappa"]) == (45, 1.0, 1.0)  # 5 of the last 10 are even
    assert greet["alpha"] is None
    assert greet["kappa_low"] is None
    assert found["people", "greet"]["kappa"] is None


def test_few_contacts_have_no_interval_and_no_share():
    found = rows_of(agreements(make_observations(marks(9, lambda contact, *_: contact % 2)), EDITION))

    greet = found["people", "greet"]
    assert (greet["contacts"], greet["same"], greet["alpha"], greet["alpha_low"]) == (9, None, 1.0, None)


def anchored(blind_same: float, seen_same: float, contacts: int, seed: int = 3):
    random = np.random.default_rng(seed)
    machine = random.integers(0, 2, (2 * contacts, 2))
    follows = random.random((2 * contacts, 2)) < np.repeat([blind_same, seen_same], contacts)[:, None]
    rows = marks(2 * contacts, lambda c, n, _: machine[c, n], evaluators=(None,), source="automatic")
    people = marks(
        2 * contacts,
        lambda c, n, _: machine[c, n] if follows[c, n] else 1 - machine[c, n],
        evaluators=("borys",),
    )
    for row in people:
        row["blind"] = int(row["contact"][1:]) < contacts
    return make_observations([*rows, *people])


def test_who_follows_the_mark_that_they_saw_is_found_with_an_interval():
    found = agreements(anchored(0.7, 0.95, 150), EDITION).anchoring

    assert (found.blind, found.seen, found.unknown) == (300, 300, 0)
    assert found.same_blind == pytest.approx(0.7, abs=0.07)
    assert found.same_seen == pytest.approx(0.95, abs=0.04)
    assert 0.1 < found.more_low < found.more < found.more_high < 0.4


def test_the_interval_of_the_difference_holds_the_truth_about_as_often_as_it_says():
    held = 0
    for seed in range(120):
        found = agreements(anchored(0.8, 0.8, 40, seed), EDITION).anchoring
        held += found.more_low <= 0 <= found.more_high

    # of 120 at 95 %: 114 expected, with a Monte-Carlo error of 2.4
    assert held >= 107, held


def test_what_is_not_known_is_counted_and_never_taken_for_blind():
    table = anchored(0.7, 0.95, 20)
    unknown = agreements(table.drop_columns(["blind"]), EDITION).anchoring
    some = pl.DataFrame(pl.from_arrow(table)).with_columns(
        blind=pl.when(pl.col("contact") != "c0").then("blind")
    )

    assert (unknown.blind, unknown.seen, unknown.unknown) == (0, 0, 80)
    assert unknown.more is None
    assert agreements(some.to_arrow(), EDITION).anchoring.unknown == 2
