"""Standard deviations found where no matrix fits, from marks of which there are few of each."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from gracja.engine.measure import wide
from gracja.engine.measure.posterior import posterior_of


def three_marks_of_each(people: int, eyes: int):
    random = np.random.default_rng(1)
    employee, severity = random.normal(0, 0.6, people), random.normal(0, 0.4, eyes)
    who, eye = np.repeat(np.arange(people), 3), random.integers(0, eyes, 3 * people)
    met = (random.random(len(who)) < expit(1 + employee[who] - severity[eye])).astype(float)
    return met, {"employee": who, "evaluator": eye}


def test_three_marks_of_each_tell_what_they_tell_the_exact_path(monkeypatch):
    """Where hardly anything is known of each, the noise of draws must not outweigh what little there is."""
    met, facets = three_marks_of_each(1_500, 60)
    exact = posterior_of(met, facets)
    monkeypatch.setattr(wide, "WIDEST", 30)

    assert posterior_of(met, facets).theta == pytest.approx(exact.theta, rel=0.1)


def test_three_marks_of_each_of_many_by_many_tell_the_spreads_of_both(monkeypatch):
    """Laplace's highest points would be a quarter and a tenth lower."""
    monkeypatch.setattr(wide, "WIDEST", 1_000)

    found = posterior_of(*three_marks_of_each(16_000, 4_000))

    assert found.theta == pytest.approx({"employee": 0.6, "evaluator": 0.4}, rel=0.08)


def test_spreads_of_sparse_marks_of_three_wide_facets_are_found_from_all_of_them(monkeypatch):
    random = np.random.default_rng(7)
    people, eyes, places = 1_500, 600, 400
    who = np.repeat(np.arange(people), 8)
    coded = {
        "employee": who,
        "evaluator": random.integers(0, eyes, len(who)),
        "place": (who % places),
    }
    spreads = {"employee": 0.6, "evaluator": 0.5, "place": 0.4}
    logits = 0.5 + sum(
        spreads[name] * random.normal(size=codes.max() + 1)[codes] for name, codes in coded.items()
    )
    met = (random.random(len(who)) < expit(logits)).astype(float)
    exact = posterior_of(met, coded)
    monkeypatch.setattr(wide, "WIDEST", 500)

    found = posterior_of(met, coded)

    assert isinstance(found.modes[0], wide.WideMode)
    assert found.theta == pytest.approx(exact.theta, rel=0.08)
