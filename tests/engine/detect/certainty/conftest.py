"""A detector of known quality, and the card that 300 marks give it."""

from __future__ import annotations

import numpy as np
import pytest

from gracja.engine.detect.certainty.card import About, make_card

ABOUT = About(
    detector="learned@1:abc",
    edition="salon@3",
    standard="greet",
    made_on="2026-12-01",
    design="held_out",
    evaluators=3,
    ties=2,
    training_digest="a" * 64,
    calibration_digest="b" * 64,
)


def scored(contacts, seed=1, shift=0.0):
    """Log odds, and whether the standard was met: right in 94 % of contacts."""
    random = np.random.default_rng(seed)
    met = random.random(contacts) < 0.4
    score = 3.1 * (random.normal(size=contacts) + np.where(met, 1.55, -1.55)) + shift
    return score, met


@pytest.fixture(scope="session")
def card():
    score, met = scored(300)
    return make_card(ABOUT, score, met, pool=scored(4000, seed=2)[0])


@pytest.fixture(scope="session", name="scored")
def _scored():
    return scored
