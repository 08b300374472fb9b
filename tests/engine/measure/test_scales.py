"""Standards marked on a scale, among others marked yes or no, and alone."""

from __future__ import annotations

import numpy as np
import pytest

from gracja.engine.measure import measure
from gracja.engine.measure.ordered import scales_of
from gracja.engine.measure.ordered.simulated import ScaleShape, chances_of, simulated_steps

WORDS = ["never", "seldom", "half", "often", "always"]
SCALE = {"measure": {"scale": WORDS}}


def company(random, people, *, standards=("greet", "tone"), contacts=40):
    """greet: yes or no; tone: five steps. people: name -> logits."""
    rows = []
    for name, logits in people.items():
        for number in range(contacts):
            marks = {
                "greet": float(random.random() < 1 / (1 + np.exp(-logits))),
                "tone": random.choice(5, p=chances_of(np.array(logits), ScaleShape(slope=0.5))) / 4,
            }
            rows += [
                {
                    "contact": f"{name}-{number:03}",
                    "employee": name,
                    "standard": standard,
                    "value": marks[standard],
                    "evaluator": f"borys{number % 3}",
                    "place": "rynek",
                }
                for standard in standards
            ]
    return rows


def test_standards_on_a_scale_measure_people_in_the_same_table(edition, observations, rows):
    of = edition([{"standard": "greet"}, {"standard": "tone", **SCALE}])
    marks = company(np.random.default_rng(1), {"anna": 1.5, "darek": 0.0, "ewa": 0.1, "jan": -1.5})
    found = measure(observations(marks), of)
    people, standards = rows("employee", found), rows("standard", found)

    assert people["anna"]["base_low"] > people["jan"]["base_high"]
    assert people["anna"]["rank_high"] < people["jan"]["rank_low"]
    plain = {
        name: np.mean([row["value"] for row in marks if row["standard"] == name])
        for name in ("greet", "tone")
    }
    for name, share in plain.items():
        assert standards[name]["base"] == pytest.approx(share, abs=0.08)
        assert standards[name]["base_low"] < share < standards[name]["base_high"]
    assert np.isfinite(found.fit_info.log_likelihood)
    assert found.fit_info.marks == len(marks)


def test_a_company_with_scales_alone_is_measured(edition, observations, rows):
    of = edition([{"standard": "tone", **SCALE}])
    marks = company(np.random.default_rng(2), {"anna": 2.0, "jan": -2.0}, standards=("tone",))
    found = measure(observations(marks), of)
    people = rows("employee", found)

    for name in ("anna", "jan"):
        share = np.mean([row["value"] for row in marks if row["employee"] == name])
        assert people[name]["base"] == pytest.approx(share, abs=0.05)
        assert people[name]["base_low"] < share < people[name]["base_high"]
    assert rows("standard", found)["tone"]["base"] is not None


def test_steps_tell_more_of_a_person_than_the_same_marks_read_as_shares_met(edition, observations, rows):
    drawn = simulated_steps(np.random.default_rng(3), ScaleShape(contacts=20))
    marks = [
        {
            "contact": f"{row // 6}",
            "employee": f"e{who:02}",
            "standard": f"s{standard}",
            "value": float(value),
            "evaluator": f"v{eye}",
        }
        for row, (value, who, standard, eye) in enumerate(
            zip(drawn.value, *drawn.codes.values(), strict=True)
        )
    ]
    on_scale = edition([{"standard": f"s{i}", **SCALE} for i in range(6)])
    as_shares = edition([{"standard": f"s{i}"} for i in range(6)])
    widths = [
        np.mean([row["base_high"] - row["base_low"] for row in rows("employee", found).values()])
        for found in (measure(observations(marks), of) for of in (on_scale, as_shares))
    ]

    assert widths[0] < widths[1]


def test_all_marks_at_the_highest_step_are_measured_without_infinity(edition, observations, rows):
    of = edition([{"standard": "greet"}, {"standard": "tone", **SCALE}])
    marks = [{**row, "value": 1.0} for row in company(np.random.default_rng(4), {"anna": 0.0, "jan": 0.0})]
    people = rows("employee", measure(observations(marks), of))

    assert 0.9 < people["anna"]["base"] < 1
    assert people["anna"]["base_low"] < people["anna"]["base"] < people["anna"]["base_high"]


def test_two_steps_are_yes_or_no_and_twenty_six_count_by_their_share(edition, observations, rows):
    marks = company(np.random.default_rng(5), {"anna": 1.0, "jan": -1.0}, standards=("greet",))
    plain = measure(observations(marks), edition([{"standard": "greet"}]))
    for words in (["no", "yes"], [f"step {i}" for i in range(26)]):
        found = measure(observations(marks), edition([{"standard": "greet", "measure": {"scale": words}}]))
        assert rows("employee", found)["anna"]["base"] == rows("employee", plain)["anna"]["base"]


def test_standards_with_the_same_words_share_thresholds_and_with_others_do_not(edition):
    of = edition(
        [
            {"standard": "tone", **SCALE},
            {"standard": "pace", **SCALE},
            {"standard": "order", "measure": {"scale": ["bad", "fair", "good"]}},
            {"standard": "greet"},
        ]
    )

    assert scales_of(of).of == {"tone": 1, "pace": 1, "order": 2}
    assert scales_of(of).tops == (1, 4, 2)
