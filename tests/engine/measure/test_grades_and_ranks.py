"""Grades only with assurance, ranks that hold all at once, rare events with strength borrowed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc

from gracja.engine.measure import measure
from gracja.engine.measure.counts import rare_share
from gracja.engine.measure.ranks import tiers

PLAIN = [{"standard": "greet"}, {"standard": "thanks"}]
FULL = [
    *PLAIN,
    {"standard": "offer_help", "service_mode": "personal"},
    {"standard": "carry", "rung": "initiative"},
    {"standard": "gift", "rung": "initiative", "part": "door"},
]
NAMES = tuple(s["standard"] for s in FULL)


def test_a_grade_is_known_with_many_contacts_and_says_what_it_needs_with_few(edition, shop, rows):
    people = rows(
        "employee",
        measure(
            shop({"anna": (200, 0.99), "darek": (200, 0.5), "ewa": (12, 0.9), "jan": (3, 0.99)}),
            edition(PLAIN),
        ),
    )

    assert people["anna"]["grade"] == "standard"
    assert people["darek"]["grade"] == "below"
    assert people["anna"]["grade_probability"] > 0.6
    assert people["anna"]["needed"] is None
    assert people["ewa"]["grade"] is people["ewa"]["grade_probability"] is None
    assert people["ewa"]["needed"] > 0
    assert people["jan"]["grade"] is None
    assert people["jan"]["needed"] >= 2


def test_without_fit_the_grade_is_at_most_standard_and_with_it_the_ladder_goes_on(
    edition, shop, contacts, rows
):
    team = {"anna": (120, 0.99), "darek": (120, 0.9), "ewa": (120, 0.9)}
    of = edition(FULL, base=0.7, fit=0.7, initiative=0.2, exceptional=0.05)
    wanted = [
        {"contact": f"{who}-{n:04}", "wanted_low": 80, "wanted_high": 90} for who in team for n in range(120)
    ]
    marks = shop(team, standards=NAMES)

    assert rows("employee", measure(marks, of))["anna"]["grade"] == "standard"
    assert rows("employee", measure(marks, of, contacts=contacts(wanted)))["anna"]["grade"] == "exceptional"


def test_failed_critical_standards_keep_a_good_employee_below(edition, shop, rows):
    of = edition([*PLAIN, {"standard": "pay", "critical": True}], base=0.7)
    marks = [shop({"anna": (300, 1.0), "darek": (300, 0.9)}), shop({"anna": (300, 1.0)}, standards=("pay",))]
    failing = shop({"darek": (300, 0.9)}, standards=("pay",))
    people = rows("employee", measure(pa.concat_tables([*marks, failing]), of))

    assert people["darek"]["base_low"] > 0.7
    assert people["darek"]["grade"] == "below"
    assert people["anna"]["grade"] == "standard"


def test_ranks_part_the_clearly_better_from_the_clearly_worse(edition, shop, rows):
    people = rows(
        "employee",
        measure(
            shop({"a": (150, 0.95), "b": (150, 0.94), "c": (150, 0.3), "d": (150, 0.31), "e": (3, 0.0)}),
            edition(PLAIN),
        ),
    )

    assert {name: (row["rank_low"], row["rank_high"], row["tier"]) for name, row in people.items()} == {
        "a": (1, 2, 1),
        "b": (1, 2, 1),
        "c": (3, 4, 2),
        "d": (3, 4, 2),
        "e": (None, None, None),
    }


def test_people_alike_share_one_tier_and_every_rank(edition, shop, rows):
    measured = measure(shop(dict.fromkeys("abcdef", (20, 0.6))), edition(PLAIN))
    people = rows("employee", measured)

    assert {(row["rank_low"], row["rank_high"], row["tier"]) for row in people.values()} == {(1, 6, 1)}
    assert ("employees_indistinguishable", {"employees": 6}) in measured.notes


def test_places_that_nobody_connects_are_ranked_apart(edition, shop, rows):
    rynek = shop({"a": (60, 0.9), "b": (60, 0.3)}, evaluator="borys")
    dworzec = shop({"c": (60, 0.8), "d": (60, 0.2)}, evaluator="celina", place="dworzec")
    both = pa.concat_tables([rynek, dworzec])
    apart = measure(both, edition(PLAIN))

    assert ("cannot_be_separated", {"components": 2}) in apart.notes
    assert {name: row["rank_low"] for name, row in rows("employee", apart).items()} == {
        "a": 1,
        "b": 2,
        "c": 1,
        "d": 2,
    }

    bridge = shop({"e": (20, 0.5)}, evaluator="borys", place="dworzec")
    joined = measure(pa.concat_tables([both, bridge]), edition(PLAIN))
    assert "cannot_be_separated" not in {note.code for note in joined.notes}
    assert max(row["rank_high"] for row in rows("employee", joined).values()) == 5


def test_a_detector_is_one_eye_that_connects_all_places(edition, shop):
    marks = [
        shop({"a": (60, 0.9)}, source="automatic", evaluator=None),
        shop({"b": (60, 0.3)}, source="automatic", evaluator=None, place="dworzec"),
    ]
    measured = measure(pa.concat_tables(marks), edition(PLAIN))

    assert "cannot_be_separated" not in {note.code for note in measured.notes}
    assert "place_not_separable" in {note.code for note in measured.notes}


def test_marks_that_hang_together_are_said_and_widen_the_interval(edition, observations, rows):
    random = np.random.default_rng(1)
    names = [f"s{i}" for i in range(8)]

    def marks(together):
        met = random.random((200, 8)) < 0.6
        met = np.repeat(met[:, :1], 8, axis=1) if together else met
        return observations(
            [
                {"contact": f"{i}", "employee": f"e{i % 5}", "standard": name, "value": float(met[i, j])}
                for i in range(200)
                for j, name in enumerate(names)
            ]
        )

    apart, together = (
        measure(marks(halo), edition([{"standard": n} for n in names])) for halo in (False, True)
    )
    assert apart.fit_info.dispersion == 1.0
    assert together.fit_info.dispersion == pytest.approx(8, rel=0.15)

    def width(measured):
        return np.mean([row["base_high"] - row["base_low"] for row in rows("employee", measured).values()])

    assert width(together) > 1.5 * width(apart)


def test_a_tier_ends_only_where_everyone_above_beats_everyone_below():
    mean = np.array([3.0, 2.0, 1.0, 0.0])
    chain = np.array([[0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]], dtype=bool)
    parted = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]], dtype=bool)

    assert tiers(mean, chain).tolist() == [1, 1, 1, 1]
    assert tiers(mean, parted).tolist() == [1, 1, 2, 2]
    assert tiers(mean[::-1], parted[::-1, ::-1]).tolist() == [2, 2, 1, 1]


def test_the_prior_of_a_rare_event_gives_even_odds_of_keeping_the_limit():
    nothing = rare_share(np.zeros(1), np.zeros(1), 0.01)
    assert nothing.at_most()[0] == pytest.approx(0.5, abs=0.1)


def test_with_many_contacts_a_rare_share_is_its_own_betas():
    share = rare_share(np.array([30.0]), np.array([2000.0]), 0.02)
    assert share.at_most()[0] == pytest.approx(betainc(30.5, 1970.5, 0.02), abs=0.02)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(5, 60)), min_size=1, max_size=6), st.floats(0.005, 0.3)
)
def test_one_more_failure_never_raises_the_odds_of_keeping_the_limit(people, limit):
    events, contacts = (np.array(column, dtype=float) for column in zip(*people, strict=True))
    odds = rare_share(events, contacts, limit).at_most()
    events[0] = min(events[0] + 1, contacts[0])

    assert np.all((odds >= 0) & (odds <= 1))
    assert rare_share(events, contacts, limit).at_most()[0] <= odds[0] + 1e-9
