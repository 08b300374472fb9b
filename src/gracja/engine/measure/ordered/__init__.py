"""Marks on ordered scales: Andrich's rating-scale model with the crossed effects of `measure.rating`.

Standards marked yes or no and on scales of up to 25 steps stand in one likelihood: the same employee,
evaluator and place move all of them. A scale has thresholds of its own, common to the standards that share
its words, and a slope: how much one logit of the effects moves one of its steps.
"""

from gracja.engine.measure.ordered.design import OrderedDesign, make_ordered
from gracja.engine.measure.ordered.fitting import (
    OrderedFit,
    fit,
    fit_at_slopes,
    fit_ordered,
    posterior_of_ordered,
    usual_slopes,
)
from gracja.engine.measure.ordered.prediction import OrderedPrediction
from gracja.engine.measure.ordered.scales import Scales, scales_of

__all__ = [
    "OrderedDesign",
    "OrderedFit",
    "OrderedPrediction",
    "Scales",
    "fit",
    "fit_at_slopes",
    "fit_ordered",
    "make_ordered",
    "posterior_of_ordered",
    "scales_of",
    "usual_slopes",
]
