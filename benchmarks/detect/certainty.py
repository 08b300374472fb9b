"""How much is decided automatically under the 5 % guarantee, and how often does the guarantee fail?

STAR's six checks of a whole conversation. 300 marks are drawn at random, without replacement, from the
conversations to be judged (dev, or the folder given); the rest of these is decided and held against its
labels. A violation is a resample in which more than 5 % of the decided rest is wrong. A mark is a label with
its evidence, the turns that show the act; what phrases find, the detector knows before any mark.

- `trained on all`: the detector has learned from the marks of every train conversation; the 300 marks only
  calibrate it and choose its thresholds. 200 resamples.
- `300 in all`: the 300 marks are the whole human budget, for learning and calibration. Five detectors, each
  trained without a fifth, score that fifth; with these scores the detector trained on all 300 is calibrated,
  as `gracja learn` does it. 20 resamples, since each trains six detectors for each check.

The vocabulary comes from the words of the train conversations, without labels. As in `contacts`, *picked*
asks only the turns behind which a reply was picked (the labels know no others), *every turn* all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from checks import CHECKS, labels
from contact_level import Part
from convert import dialogues
from figure import figure, machine
from numpy.typing import NDArray
from scipy.stats import binom

from gracja.engine.detect.certainty.calibration import fold_numbers
from gracja.engine.detect.certainty.card import About, make_card
from gracja.engine.detect.certainty.thresholds import ABSTAINED, MOST_WRONG, decide
from gracja.engine.detect.learned.contact import ContactMarks, learn_contacts, phrase_weights
from gracja.engine.detect.learned.detector import FAR
from gracja.engine.detect.learned.train import Weights, best_turns
from gracja.engine.detect.learned.vocabulary import Vectors

MARKS = 300
FOLDS = 5
SEED = 20_261_122
DESIGNS = (
    ("trained on all", "picked", 200),
    ("trained on all", "every turn", 200),
    ("300 in all", "picked", 20),
)
Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Bools = NDArray[np.bool_]
Resample = Callable[[Numbers], tuple[Floats, Numbers | None, Floats]]


@dataclass(frozen=True)
class Asked:
    """The turns of a part that can be the standard. met: (contacts, 6); shown, found: (turns, 6)."""

    vectors: Vectors
    contact: Numbers
    met: Bools
    shown: Bools
    found: Bools

    @classmethod
    def of(cls, part: Part, count: str) -> Asked:
        rows = np.flatnonzero(part.picked | (count == "every turn"))
        return cls(part.vectors[rows], part.turns.contact[rows], part.met, part.shown[rows], part.found[rows])

    def start(self, check: int) -> Weights:
        return phrase_weights(self.vectors, self.found[:, check])

    def learned(self, rows: Numbers, check: int, start: Weights) -> Weights:
        """From the marks of these conversations."""
        inside = np.flatnonzero(np.isin(self.contact, rows))
        met = np.full(len(self.met), np.nan)
        met[rows] = self.met[rows, check]
        marks = ContactMarks(met, self.shown[inside, check])
        return learn_contacts(self.vectors[inside], self.contact[inside], marks, start=start)

    def odds(self, weights: Weights) -> Floats:
        """Log odds of every conversation."""
        of_turns = np.asarray(self.vectors @ weights.weight + weights.bias, dtype=np.float64)
        return np.clip(best_turns(of_turns, self.contact, len(self.met))[0], -FAR, FAR)


def figures(data: Path, evaluate: Path | None) -> None:
    """Print the figures of each design."""
    machine()
    every = list(dialogues(data))
    other = list(dialogues(evaluate)) if evaluate else every
    chosen = [one for one in other if one["split"] == "dev"] or other
    train, vocabulary = Part.of([d for d in every if d["split"] == "train" and labels(d) is not None], None)
    judged, _ = Part.of([d for d in chosen if labels(d) is not None], vocabulary)
    figure("conversations to be judged", len(judged.met), f"of which {MARKS} are marked")
    for design, count, resamples in DESIGNS:
        _design(f"{design}, {count}", Asked.of(train, count), Asked.of(judged, count), resamples)


def _design(name: str, train: Asked, judged: Asked, resamples: int) -> None:
    counted, violations = [], []
    for check, title in enumerate(CHECKS):
        met, start = judged.met[:, check], train.start(check)
        if name.startswith("trained on all"):
            resample = _held_out(judged.odds(train.learned(np.arange(len(train.met)), check, start)))
        else:
            resample = _strict(judged, check, start)
        found = _resampled(resample, met, np.random.default_rng([SEED, check]), resamples)
        violations.append(_report(f"{name}: {title}", found, met))
        if 0.1 <= met.mean() <= 0.9:
            counted.append(float(found[:, 0].mean()))
    mean, failed = float(np.mean(counted)), float(np.mean(violations))
    title = f"{name}: decided, mean of {len(counted)} checks with a base rate of 0.1-0.9"
    figure(title, round(mean, 3), "", ">= 0.80", mean >= 0.8, "accuracy .80/.90/.95: .02/.74/.95")
    most = _most_violations(resamples)
    title = f"{name}: violations, mean of the checks"
    figure(title, round(failed, 2), f"of {resamples}", f"<= {most}", failed <= most)


def _report(name: str, found: Floats, met: NDArray[np.bool_]) -> int:
    """found: decided, wrong among decided, wrong among decided of the rarer answer; NaN where none is."""
    violations = int((found[:, 1] > MOST_WRONG).sum())
    most = _most_violations(len(found))
    figure(f"{name}, decided", round(float(found[:, 0].mean()), 3), f"base rate {met.mean():.3f}")
    figure(f"{name}, violations", violations, f"of {len(found)}", f"<= {most}", violations <= most)
    for position, what in ((1, "wrong among decided"), (2, "... of the rarer answer")):
        known = found[~np.isnan(found[:, position]), position]
        figure(f"{name}, {what}", round(float(known.mean()), 4) if len(known) else None)
    return violations


def _most_violations(resamples: int) -> int:
    """A guarantee that fails in one of ten stays within this in 19 of 20 trials: 27 of 200."""
    return int(binom.ppf(0.95, resamples, 0.10))


def _resampled(
    resample: Resample, met: NDArray[np.bool_], random: np.random.Generator, resamples: int
) -> Floats:
    rows = []
    for _ in range(resamples):
        drawn = random.choice(len(met), MARKS, replace=False)
        rest = np.setdiff1d(np.arange(len(met)), drawn)
        scores, folds, everybody = resample(drawn)
        card = make_card(_ABOUT, scores, met[drawn], folds=folds, pool=everybody[rest])
        answer = decide(card.calibration.probability(everybody[rest]), card.thresholds)
        decided = answer != ABSTAINED
        wrong = (answer != met[rest])[decided]
        of_rarer = wrong[met[rest][decided] == (met.mean() < 0.5)]
        rows.append((decided.mean(), *(part.mean() if len(part) else np.nan for part in (wrong, of_rarer))))
    return np.array(rows)


def _held_out(scores: Floats) -> Resample:
    return lambda drawn: (scores[drawn], None, scores)


def _strict(judged: Asked, check: int, start: Weights) -> Resample:
    def resample(drawn: Numbers) -> tuple[Floats, Numbers, Floats]:
        folds = fold_numbers(judged.met[drawn, check], FOLDS)
        scores = np.empty(len(drawn))
        for fold in range(FOLDS):
            held = folds == fold
            scores[held] = judged.odds(judged.learned(drawn[~held], check, start))[drawn[held]]
        return scores, folds, judged.odds(judged.learned(drawn, check, start))

    return resample


_ABOUT = About("n-grams", "star@1", "check", "", "cross_fitted", 1, 0, "", "")
