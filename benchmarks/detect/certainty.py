"""How much is decided automatically under the 5 % guarantee, and how often does the guarantee fail?

STAR's six checks of a whole conversation. 300 marks are drawn at random, without replacement, from the
conversations to be judged (dev, or the folder given); the rest of these is decided and held against its
labels. A violation is a resample in which more than 5 % of the decided rest is wrong. A mark is a label with
its evidence: the turns that show the act.

- `trained on all`: the detector has learned from the marks of every train conversation; the 300 marks only
  calibrate it and choose its thresholds. 200 resamples.
- `300 in all`: the 300 marks are the whole human budget, for learning and calibration. Five detectors, each
  trained without a fifth, score that fifth; with these scores the detector trained on all 300 is calibrated.
  40 resamples, since each trains six detectors for each check.

The vocabulary comes from the words of the train conversations, without labels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from checks import CHECKS, labels
from convert import conversation, dialogues
from figure import figure, machine
from numpy.typing import NDArray
from scipy.stats import binom

from gracja.engine.detect.certainty.calibration import fold_numbers
from gracja.engine.detect.certainty.card import About, make_card
from gracja.engine.detect.certainty.thresholds import ABSTAINED, MOST_WRONG, decide
from gracja.engine.detect.learned.train import best_turns, train_contacts
from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.detect.learned.vocabulary import Vectors, Vocabulary
from gracja.engine.tables import CONVERSATIONS

MARKS = 300
FOLDS = 5
SEED = 20_261_122
Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Read = list[tuple[dict[str, Any], dict[str, bool]]]
Resample = Callable[[Numbers], tuple[Floats, Numbers | None, Floats]]


@dataclass(frozen=True)
class Contacts:
    """vectors: of all agents' turns. contact: the row of each turn's conversation. met: check -> label of
    each conversation. shown: check -> whether each turn is its evidence.
    """

    vectors: Vectors
    contact: Numbers
    met: dict[str, NDArray[np.bool_]]
    shown: dict[str, NDArray[np.bool_]]


def figures(data: Path, evaluate: Path | None) -> None:
    """Print the figures of both designs."""
    machine()
    train, judged = _contacts(data, evaluate)
    figure("conversations to be judged", len(judged.met["greet"]), f"of which {MARKS} are marked")
    every = np.arange(len(train.met["greet"]))
    for design, resamples in (("trained on all", 200), ("300 in all", 40)):
        counted, violations = [], []
        for number, check in enumerate(CHECKS):
            resample = (
                _held_out(_scores(train, every, check, judged))
                if design == "trained on all"
                else _strict(judged, check)
            )
            random = np.random.default_rng([SEED, number])
            found = _resampled(resample, judged.met[check], random, resamples)
            violations.append(_report(f"{design}, {check}", found, judged.met[check]))
            if 0.1 <= judged.met[check].mean() <= 0.9:
                counted.append(float(found[:, 0].mean()))
        mean, failed = float(np.mean(counted)), float(np.mean(violations))
        peer = "accuracy .80/.90/.95: .02/.74/.95"
        name = f"{design}: decided, mean of {len(counted)} checks with a base rate of 0.1-0.9"
        figure(name, round(mean, 3), "", ">= 0.80", mean >= 0.8, peer)
        most = _most_violations(resamples)
        name = f"{design}: violations, mean of the checks"
        figure(name, round(failed, 2), f"of {resamples}", f"<= {most}", failed <= most)


def _report(name: str, found: Floats, met: NDArray[np.bool_]) -> int:
    """found: decided, wrong among decided, wrong among decided of the rarer answer; NaN where none is."""
    violations = int((found[:, 1] > MOST_WRONG).sum())
    most = _most_violations(len(found))
    figure(f"{name}: decided", round(float(found[:, 0].mean()), 3), f"base rate {met.mean():.3f}")
    figure(f"{name}: violations", violations, f"of {len(found)}", f"<= {most}", violations <= most)
    for position, what in ((1, "wrong among decided"), (2, "... of the rarer answer")):
        known = found[~np.isnan(found[:, position]), position]
        figure(f"{name}: {what}", round(float(known.mean()), 4) if len(known) else None)
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


def _strict(judged: Contacts, check: str) -> Resample:
    def resample(drawn: Numbers) -> tuple[Floats, Numbers, Floats]:
        folds = fold_numbers(judged.met[check][drawn], FOLDS)
        scores = np.empty(len(drawn))
        for fold in range(FOLDS):
            held = folds == fold
            scores[held] = _scores(judged, drawn[~held], check, judged)[drawn[held]]
        return scores, folds, _scores(judged, drawn, check, judged)

    return resample


def _scores(marked: Contacts, rows: Numbers, check: str, judged: Contacts) -> Floats:
    """Log odds of every conversation to be judged, by a detector trained on the marks of `rows`."""
    met = np.full(len(marked.met[check]), np.nan)
    met[rows] = marked.met[check][rows]
    inside = np.flatnonzero(np.isin(marked.contact, rows))
    vectors = marked.vectors[inside]
    seen = np.flatnonzero(np.bincount(vectors.indices, minlength=vectors.shape[1]))
    learned = train_contacts(
        vectors[:, seen],
        marked.contact[inside],
        met,
        shown=marked.shown[check][inside],
        hint=np.zeros(len(inside)),
    )
    weight = np.zeros(vectors.shape[1], dtype=np.float32)
    weight[seen] = learned.weight
    odds, _ = best_turns(judged.vectors @ weight + learned.bias, judged.contact, len(judged.met[check]))
    return np.maximum(odds, -30.0)


def _contacts(data: Path, evaluate: Path | None) -> tuple[Contacts, Contacts]:
    read = [(d, found) for d in dialogues(data) if (found := labels(d)) is not None]
    train = [one for one in read if one[0]["split"] == "train"]
    if evaluate is not None:
        read = [(d, found) for d in dialogues(evaluate) if (found := labels(d)) is not None]
    judged = [one for one in read if one[0]["split"] == "dev"] or read
    vocabulary = Vocabulary.of(_turns(train))
    return _as_contacts(train, vocabulary), _as_contacts(judged, vocabulary)


def _as_contacts(some: Read, vocabulary: Vocabulary) -> Contacts:
    turns = _turns(some)
    acts = [
        turn["act"] if turn["typed"] and turn["act"] not in (None, "custom") else ""
        for dialogue, _ in some
        for turn in dialogue["turns"]
        if turn["speaker"] == "agent"
    ]
    met = {check: np.array([found[check] for _, found in some]) for check in CHECKS}
    shown = {check: np.array([is_act(act) for act in acts]) for check, is_act in CHECKS.items()}
    return Contacts(vocabulary.vectors(turns), turns.contact, met, shown)


def _turns(some: Read) -> AgentTurns:
    rows = []
    for dialogue, _ in some:
        row = conversation(dialogue)
        for turn in row["turns"]:
            turn["at"] = datetime.fromtimestamp(turn["at"], UTC) if "at" in turn else None
        rows.append(row)
    return AgentTurns.of(pa.Table.from_pylist(rows, schema=CONVERSATIONS))


_ABOUT = About("n-grams", "star@1", "check", "", "cross_fitted", 1, 0, "", "")
