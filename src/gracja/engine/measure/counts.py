"""Rare events of each employee: a share with its posterior, strength borrowed from the others.

Failed critical standards and exceptional contacts are too rare for logits; here shares are Beta between
employees, binomial within, and the Beta's own mean and concentration are integrated over a grid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq
from scipy.special import betainc, betaln, expit, ndtr, ndtri

from gracja.engine.measure.cells import Floats, Ints

_MEANS = np.asarray(expit(np.linspace(-11.0, 6.0, 60)))
_CONCENTRATIONS = np.geomspace(5.0, 2000.0, 10)
_NEGLIGIBLE = 1e-4
# No sample shows that something never happens; "never" is taken for one in a thousand.
_LEAST_LIMIT = 1e-3
# Steps of a table's knots: the same however far it goes, so that nobody's odds depend on others' numbers.
_OF_CONTACTS, _OF_EVENTS = 1.2, 1.15
_SURE = 1e-12
_SINGLY = 12  # events up to which a table has each


@dataclass(frozen=True)
class RareShare:
    """Posterior of each employee's share: events of contacts, (employees,); Betas of the grid, (points,)."""

    events: Floats
    contacts: Floats
    a: Floats
    b: Floats
    weights: Floats
    limit: float

    def at_most(self) -> Floats:
        """(employees,) probability that the share is at most the limit."""
        counts, of = np.unique(np.stack([self.events, self.contacts], axis=1), axis=0, return_inverse=True)
        events, others = counts[:, :1], counts[:, 1:] - counts[:, :1]
        return np.asarray((betainc(self.a + events, self.b + others, self.limit) @ self.weights)[of])

    def of(self, positions: Ints) -> RareShare:
        """Of some employees."""
        return replace(self, events=self.events[positions], contacts=self.contacts[positions])

    def table(self, most: int) -> Callable[[Floats, Floats], Floats]:
        """`at_most` of (employees, draws) events in (employees,) contacts, up to `most`.

        It lies between knots, densest where few are: mostly to a few thousandths.
        """
        contacts = np.append(0.0, _knots(1, _OF_CONTACTS, most))
        events = np.append(np.arange(_SINGLY, dtype=np.float64), _knots(_SINGLY, _OF_EVENTS, most))
        seen, of = (grid.ravel() for grid in np.meshgrid(events, contacts, indexing="ij"))
        filled = replace(self, events=np.minimum(seen, of), contacts=of).at_most()
        # straighter between knots than probabilities are
        odds = ndtri(np.clip(filled, _SURE, 1 - _SURE)).reshape(len(events), len(contacts)).T

        def at(drawn: Floats, among: Floats) -> Floats:
            column, across = _between(contacts, among)
            own = odds[column] * (1 - across)[:, None] + odds[column + 1] * across[:, None]
            before, along = _between(events, drawn)
            near = np.take_along_axis(own, before, axis=1)
            return np.asarray(ndtr(near + (np.take_along_axis(own, before + 1, axis=1) - near) * along))

        return at


def _knots(first: int, step: float, most: int) -> Floats:
    """Whole numbers from the first on, each a step more than the one before, up to `most` or beyond."""
    steps = int(np.ceil(np.log(max(most / first, step)) / np.log(step)))
    return np.unique(np.round(first * step ** np.arange(steps + 1)))


def _between(knots: Floats, at: Floats) -> tuple[Ints, Floats]:
    """The knot before each, and how far it is from there to the next, 0-1."""
    before = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(knots) - 2)
    return before, np.clip((at - knots[before]) / (knots[before + 1] - knots[before]), 0.0, 1.0)


def rare_share(events: Floats, contacts: Floats, limit: float) -> RareShare:
    """Posterior shares around a company mean whose prior gives even odds of keeping the limit.

    events, contacts: (employees,), 0 <= events <= contacts. limit: share, 0-1.
    The prior: mean ~ Beta(1/2, b) with its median at the limit; concentration log-uniform in 5-2000.
    """
    bound = min(max(limit, _LEAST_LIMIT), 1 - _LEAST_LIMIT)
    mean, concentration = (grid.ravel() for grid in np.meshgrid(_MEANS, _CONCENTRATIONS, indexing="ij"))
    a, b = mean * concentration, (1 - mean) * concentration
    prior_a, prior_b = _even_odds(bound)
    # Density of the mean on the grid's logit scale.
    log_weight = prior_a * np.log(mean) + prior_b * np.log1p(-mean)
    counts, alike = np.unique(np.stack([events, contacts], axis=1), axis=0, return_counts=True)
    for (event, contact), employees in zip(counts, alike, strict=True):
        log_weight += employees * (betaln(a + event, b + contact - event) - betaln(a, b))
    weight = np.exp(log_weight - log_weight.max())
    kept = weight > _NEGLIGIBLE * weight.sum()
    return RareShare(events, contacts, a[kept], b[kept], weight[kept] / weight[kept].sum(), bound)


def _even_odds(limit: float) -> tuple[float, float]:
    """Beta with one shape 1/2 and the median at the limit."""
    if limit > 0.5:
        b, a = _even_odds(1 - limit)
        return a, b
    return 0.5, float(brentq(lambda b: betainc(0.5, b, limit) - 0.5, 1e-3, 1e5))
