"""The share met at a place: the mean of what its employees meet, each as often as they serve there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit, logit

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.contrasts import Contrasts, Located
from gracja.engine.measure.estimate import Rated
from gracja.engine.measure.posterior import Mixture

# The mean of a logistic of a normal is nearly the logistic of its mean over the root of 1 + this x variance.
# Source: MacKay (1992), Neural Computation 4:720.
_SOFTER: Final = np.pi / 8


def place_shares(rated: Rated, places: list[str], mix: dict[str, float] | None = None) -> Mixture:
    """Posterior of the share met at each place over the standards in `mix`, or over all of an average one.

    Employees are the strata (post-stratification): where it is known who has how many of the place's contacts
    (`Rated.mix_of`), its share is the sum of theirs, each as much as that. Elsewhere employees count alike;
    where it is known of no place at all, it is the share at the plain mean of the employees' logits.
    Source: Holt and Smith (1979), J. R. Statist. Soc. A 142:33.
    """
    if not rated.mix_of:
        return rated.shares(rated.at_places(places), mix)
    teams = _Teams.of(rated, places, mix or {})
    located = [teams.at(mode) for mode in rated.posterior.modes]
    means, deviations = (np.stack(each) for each in zip(*located, strict=True))
    return Mixture(means, deviations, rated.posterior.weights)


@dataclass(frozen=True)
class _Teams:
    """linear: everybody at each of their places, in logits. parts: (places, of these), how much each counts.
    items, weights: columns of the standards, added one at a time, and the mix, which sums to 1.
    """

    linear: Contrasts
    parts: Any
    items: Ints
    weights: Floats

    @classmethod
    def of(cls, rated: Rated, places: list[str], mix: dict[str, float]) -> _Teams:
        """A place where nobody was seen counts as an average employee there."""
        there = [
            (row, place, employee, share)
            for row, place in enumerate(places)
            for employee, share in (rated.members(place) or {"": 1.0}).items()
        ]
        columns = [
            (number, column)
            for number, (_, place, employee, _) in enumerate(there)
            for column in (rated.column("place", place), rated.column("employee", employee))
            if column is not None
        ]
        linear = Contrasts.of_entries(rated.design, len(there), [(*entry, 1.0) for entry in columns])
        number, row = np.arange(len(there)), np.array([row for row, *_ in there], dtype=np.int64)
        counts = np.array([share for *_, share in there])
        parts = csr_array((counts, (row, number)), shape=(len(places), len(there)))
        standards = {rated.column("standard", name): weight for name, weight in mix.items()}
        items = [column for column in standards if column is not None]
        # Of one standard the intercept says all, and takes nothing more.
        weights = np.array([standards[column] for column in items]) if items else np.ones(1)
        known = np.array(items or [rated.design.n_columns - 1], dtype=np.int64)
        return cls(linear.with_intercept(), parts, known, weights / weights.sum())

    def at(self, mode: Located) -> tuple[Floats, Floats]:
        """(places,) means and standard deviations in logits, given theta, by the delta method: such that what
        the normal of a place expects is the sum of what those of its employees do.
        """
        intercept = self.items[0] == len(mode.effects) - 1
        logits = self.linear.values(mode)[:, None] + (0.0 if intercept else mode.effects[self.items])
        met = expit(logits)
        bend = met * (1 - met) * self.weights
        share = self.parts @ (met @ self.weights)
        added = np.zeros_like(bend) if intercept else bend
        gradient = self.linear.bent(bend.sum(axis=1), self.items, added).mixed(self.parts)
        deviation = np.sqrt(gradient.variance(mode)) / (share * (1 - share))
        expected = expit(logits / _softer(self.linear.variance(mode))[:, None]) @ self.weights
        return logit(self.parts @ expected) * _softer(deviation**2), deviation


def _softer(variance: Floats) -> Floats:
    """By how much nearer to even the expected share is than that of the mean, in logits."""
    return np.asarray(np.sqrt(1 + _SOFTER * variance))
