"""Expected shares of the scale's steps over a mix of standards, some marked yes or no, some by steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.ordered.design import OrderedDesign
from gracja.engine.measure.ordered.passes import chances
from gracja.engine.measure.ordered.solve import OrderedMode
from gracja.engine.measure.posterior import Mixture, Posterior

_LEAST = 1e-12  # of a share, or of what it lacks of 1


@dataclass(frozen=True)
class OrderedPrediction:
    """linear: contrasts without the standards' effects, with the intercept. items: (standards,) columns added
    one at a time, -1 for none; scales: (standards,); weights: (standards,) of the mix.
    """

    design: OrderedDesign
    linear: Contrasts
    items: Ints
    scales: Ints
    weights: Floats

    def of(self, posterior: Posterior) -> Mixture:
        """One normal in logits for each point and subject, by the delta method."""
        located = [self._at(cast("OrderedMode", mode)) for mode in posterior.modes]
        return Mixture(
            np.stack([m for m, _ in located]), np.stack([s for _, s in located]), posterior.weights
        )

    def _at(self, mode: OrderedMode) -> tuple[Floats, Floats]:
        means, deviations = np.empty(0), np.empty(0)
        for part in self.linear.in_parts():
            mean, deviation = self._part(mode, part)
            means, deviations = np.append(means, mean), np.append(deviations, deviation)
        return means, deviations

    def _part(self, mode: OrderedMode, linear: Contrasts) -> tuple[Floats, Floats]:
        effects = np.append(mode.effects, 0.0)[self.items]
        steps, n_rest = self.design.steps, self.design.facets.n_rest
        share, bend, bend_rest = _shares(
            linear.values(mode),
            effects,
            self.scales,
            self.weights / self.weights.sum(),
            mode.slopes,
            steps.tops,
            steps.firsts,
            mode.rest,
        )
        share = np.clip(share, _LEAST, 1 - _LEAST)
        to_logit = (1 / (share * (1 - share)))[:, None]
        bend, by_threshold = bend * to_logit, bend_rest[:, n_rest:-1] * to_logit
        known = self.items >= 0
        gradient = linear.bent(bend.sum(axis=1), self.items[known], bend[:, known]) if known.any() else (
            linear.bent(bend.sum(axis=1), np.array([self.design.facets.n_columns - 1]), bend[:, :1] * 0)
        )  # fmt: skip
        variance = mode.factor.variance_of(
            gradient.big * mode.theta[0], gradient.rest * mode.scale_rest, by_threshold
        )
        return np.log(share) - np.log1p(-share), np.sqrt(variance)


def expectation(
    design: OrderedDesign, mode: OrderedMode, logits: Floats, scale: Ints
) -> tuple[Floats, Floats]:
    """(marks,) expected share of the scale's steps, 0-1, and its variance. logits: (marks,) sums of effects;
    scale: (marks,).
    """
    steps = design.steps
    return moments(logits, scale, mode.slopes, steps.tops, steps.firsts, mode.rest)


@compiled()
def moments(
    logits: Floats, scales: Ints, slopes: Floats, tops: Ints, firsts: Ints, rest: Floats
) -> tuple[Floats, Floats]:
    """(marks,) expected share of the steps, 0-1, and its variance. logits, scales: (marks,); slopes, tops,
    firsts: (scales,), firsts where in rest the sums of each scale's thresholds begin.
    """
    means, variances, chance = np.empty(len(logits)), np.empty(len(logits)), np.empty(tops.max() + 1)
    for mark in range(len(logits)):
        scale = scales[mark]
        top = tops[scale]
        chances(slopes[scale] * logits[mark], top, firsts[scale], rest, chance)
        mean, square = 0.0, 0.0
        for k in range(1, top + 1):
            mean += k * chance[k]
            square += k * k * chance[k]
        means[mark], variances[mark] = mean / top, (square - mean * mean) / top**2
    return means, variances


@compiled()
def _shares(
    logits: Floats,
    effects: Floats,
    scales: Ints,
    weights: Floats,
    slopes: Floats,
    tops: Ints,
    firsts: Ints,
    rest: Floats,
) -> tuple[Floats, Floats, Floats]:
    """(subjects,) expected shares, and what moves them: (subjects, standards) each standard's sum of effects,
    (subjects, len(rest)) the thresholds' sums.
    """
    share, bend = np.zeros(len(logits)), np.empty((len(logits), len(effects)))
    by_rest, chance = np.zeros((len(logits), len(rest))), np.empty(tops.max() + 1)
    for subject in range(len(logits)):
        for item in range(len(effects)):
            scale = scales[item]
            top, first, weight = tops[scale], firsts[scale], weights[item] / tops[scale]
            chances(slopes[scale] * (logits[subject] + effects[item]), top, first, rest, chance)
            mean, square = 0.0, 0.0
            for k in range(1, top + 1):
                mean += k * chance[k]
                square += k * k * chance[k]
            share[subject] += weight * mean
            bend[subject, item] = weight * slopes[scale] * (square - mean * mean)
            for k in range(1, top):
                by_rest[subject, first + k - 1] += weight * chance[k] * (k - mean)
    return share, bend, by_rest
