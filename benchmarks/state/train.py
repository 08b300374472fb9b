"""Teach the learned part of `gracja.engine.state` on STAR's train split, and write its data file.

`./run bench state --teach`; data from GRACJA_DATA. Everything is chosen by cross-validation inside train: the
strength of the weights, calibration, and when to abstain. Besides n-grams, each contact has the intercept of
its task, which is then thrown away: what a contact is about (a taxi, a spaceship) must not tell the state.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from labels import Mark, marks
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1] / "star"))
from convert import conversation, dialogues

from gracja.engine.detect.certainty.calibration import cross_fitted, fit_calibration, fold_numbers
from gracja.engine.detect.certainty.intervals import chance_of_so_few
from gracja.engine.detect.learned.grams import name_of
from gracja.engine.detect.learned.letters import Letters
from gracja.engine.detect.scan import Texts
from gracja.engine.state.hearing import hear
from gracja.engine.state.learned import BLOCKS, Cue, Model
from gracja.engine.state.phrases import CUES, HINTS, LANGUAGES, SAYS

OUT: Final = Path(__file__).parents[2] / "src/gracja/engine/state/bundled/learned.json"
LEARNED: Final = (("talkative", "told"), ("hurried", "told"), ("embittered", "seen"))
# 0.3 to 30 were tried in cross-validation inside train: told marks like it high, the seen one does not care.
STRENGTH: Final = 25.0
FOLDS: Final = 5
CUSTOMERS_AT_LEAST: Final = 5
KEPT: Final = 4000  # n-grams a cue, those that weigh most
TASK_SAY: Final = 3.0  # a task's column is so long, against 1 of each block: it is hardly held back
PHRASE_SAY: Final = 2.0
USUAL_RARITY: Final = 4.0  # brings a contact's vector to a length of about 1
MOST_WRONG: Final = {"said": 0.20, "unsaid": 0.05}
CONFIDENCE: Final = 0.90
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Talks:
    """Customers' turns: text, contact (its row), heard (turns, cues, 2); ids, customer: of the contacts."""

    ids: list[str]
    customer: list[str]
    text: list[str]
    contact: NDArray[np.int64]
    heard: NDArray[np.int64]

    @classmethod
    def of(cls, read: Sequence[dict[str, Any]]) -> Talks:
        ids, customer, text, contact = [], [], [], []
        for one in (conversation(dialogue) for dialogue in read):
            spoken = [turn["text"] for turn in one["turns"] if turn["speaker"] == "customer"]
            if spoken:
                contact += [len(ids)] * len(spoken)
                ids.append(one["contact"])
                customer.append(one["customer"])
                text += spoken
        found = hear(Texts.of(pa.array(text)), np.full(len(text), LANGUAGES.index("en")))
        heard = np.zeros((len(text), len(CUES), 2), dtype=np.int64)
        for one in found:
            if one.kind in (SAYS, HINTS):
                heard[one.text, one.cue, int(one.kind == HINTS)] += 1
        return cls(ids, customer, text, np.array(contact, dtype=np.int64), heard)

    @cached_property
    def first(self) -> NDArray[np.int64]:
        return np.searchsorted(self.contact, np.arange(len(self.ids) + 1))


def vocabulary(talks: Talks) -> tuple[Model, Floats]:
    """All n-grams that five customers or more have used, without weights; and how rare each is, (k,)."""
    names, blocks, rarity = list[str](), list[int](), list[float]()
    letters = Letters.of(pa.array(talks.text, pa.large_string()))
    people = {name: number for number, name in enumerate(dict.fromkeys(talks.customer))}
    person = np.array([people[talks.customer[row]] for row in talks.contact])
    for number, block in enumerate(BLOCKS):
        found = block.grams(letters, number)
        row = np.repeat(np.arange(len(talks.text)), np.diff(found.rows))
        _, first, which = np.unique(found.key, return_index=True, return_inverse=True)
        people_with = _different(which, person[row])
        contacts_with = _different(which, talks.contact[row])
        for i in np.flatnonzero(people_with >= CUSTOMERS_AT_LEAST).tolist():
            at = first[i]
            names.append(
                name_of(letters, int(found.start[at]), int(found.end[at]), by_letter=block.by_letter)
            )
            blocks.append(number)
            rarity.append(float(np.log((1 + len(talks.ids)) / (1 + contacts_with[i])) + 1))
    return Model(tuple(names), np.array(blocks), np.zeros((len(names), 0)), {}), np.array(
        rarity
    ) / USUAL_RARITY


def _different(which: NDArray[np.int64], owner: NDArray[np.int64]) -> NDArray[np.int64]:
    pairs = np.unique(np.stack([which, owner]), axis=1)
    return np.bincount(pairs[0], minlength=int(which.max()) + 1)


class Examples:
    """Contacts as rows of a matrix over the vocabulary."""

    def __init__(self, words: Model, rarity: Floats, talks: Talks) -> None:
        self.words, self.rarity, self.talks = words, rarity, talks
        self._letters = Letters.of(pa.array(talks.text, pa.large_string()))

    @cached_property
    def matrix(self) -> Any:
        """Which n-grams each contact uses, the rarer the more, (contacts, n-grams)."""
        talks = self.talks
        shape = (len(talks.ids), len(self.words.names))
        parts = []
        for number, block in enumerate(BLOCKS):
            row, column = self.words.first_uses(block.grams(self._letters, number), talks.contact)
            of, known = talks.contact[row], column >= 0
            length = np.sqrt(np.bincount(of, minlength=len(talks.ids)))
            value = self.rarity[column[known]] / length[of[known]]
            parts.append(sparse.csr_array((value, (of[known], column[known])), shape=shape))
        return sum(parts[1:], start=parts[0])

    def phrases(self, cue: str) -> Floats:
        """(contacts, 2): whether a phrase said the cue, and hinted at it."""
        found = self.talks.heard[:, CUES.index(cue)]
        sums = [np.bincount(self.talks.contact, found[:, k], minlength=len(self.talks.ids)) for k in (0, 1)]
        return (np.stack(sums, axis=1) > 0).astype(np.float64)


@dataclass(frozen=True)
class Lesson:
    """Contacts as rows of `matrix`, the n-grams and then what phrases say; yes: their marks; task: theirs."""

    matrix: Any
    yes: NDArray[np.bool_]
    task: NDArray[Any]

    def of(self, rows: NDArray[np.bool_]) -> Lesson:
        return Lesson(self.matrix[np.flatnonzero(rows)], self.yes[rows], self.task[rows])


def lesson(examples: Examples, given: Sequence[Mark], cue: str) -> Lesson:
    """The marked contacts, whole."""
    row = {name: number for number, name in enumerate(examples.talks.ids)}
    contact = np.array([row[mark.contact] for mark in given])
    matrix = sparse.hstack([examples.matrix, PHRASE_SAY * examples.phrases(cue)], format="csr")[contact]
    return Lesson(matrix, np.array([mark.yes for mark in given]), np.array([mark.task for mark in given]))


def fitted(taught: Lesson, *, by_task: bool = True) -> tuple[Floats, float]:
    """(weights, bias) of logistic regression, what belongs to the task taken out."""
    x = taught.matrix
    if by_task:
        x = sparse.hstack([x, TASK_SAY * (taught.task[:, None] == np.unique(taught.task))], format="csr")
    x.indices, x.indptr = x.indices.astype(np.int32), x.indptr.astype(np.int32)  # all that it takes
    model = LogisticRegression(C=STRENGTH, max_iter=1000, tol=1e-4).fit(x, taught.yes)
    return _pruned(model.coef_[0][: taught.matrix.shape[1]]), float(model.intercept_[0])


def _pruned(weights: Floats) -> Floats:
    """The weights, all but the largest set to nothing."""
    size = np.abs(weights)
    least = np.sort(size)[-KEPT] if len(size) > KEPT else 0.0
    return np.where(size >= least, weights, 0.0)


def cross_validated(taught: Lesson) -> Floats:
    """Scores of the contacts, each by weights that never saw it."""
    fold = fold_numbers(taught.yes, FOLDS)
    score = np.empty(len(taught.yes))
    for number in range(FOLDS):
        held = fold == number
        weights, bias = fitted(taught.of(~held))
        score[held] = taught.matrix[np.flatnonzero(held)] @ weights + bias
    return score


def within_tasks(yes: NDArray[np.bool_], score: Floats, task: NDArray[Any]) -> float:
    """AUC over pairs of contacts of one task; NaN where no task has both answers."""
    total = pairs = 0.0
    for one in np.unique(task):
        here = task == one
        both = float(yes[here].sum() * (~yes[here]).sum())
        if both:
            total += _pairs_right(yes[here], score[here])
            pairs += both
    return total / pairs if pairs else float("nan")


def over_all(yes: NDArray[np.bool_], score: Floats, task: NDArray[Any]) -> float:
    """AUC over all pairs of contacts; `task` says nothing here."""
    del task
    return _pairs_right(yes, score) / float(yes.sum() * (~yes).sum())


def _pairs_right(yes: NDArray[np.bool_], score: Floats) -> float:
    """Pairs of a yes and a no of which the yes has the higher score; equal ones count half."""
    below = np.sort(score[~yes])
    above = score[yes]
    return float((np.searchsorted(below, above) + np.searchsorted(below, above, side="right")).sum()) / 2


def limits(probability: Floats, yes: NDArray[np.bool_]) -> tuple[float | None, float | None]:
    """(high, low): said from `high`, unsaid to `low`, by exact binomial tests from the surest outward.

    Of what is called unsaid at most half as many may be wrong as if all were: a rare state is not unsaid
    because it is rare.
    """
    high = _limit(probability, ~yes, MOST_WRONG["said"])
    low = _limit(1 - probability, yes, min(MOST_WRONG["unsaid"], float(yes.mean()) / 2))
    return high, None if low is None else round(1 - low, 3)


def _limit(sureness: Floats, wrong: NDArray[np.bool_], most_wrong: float) -> float | None:
    best, failed = None, 0
    for step in range(1, 501):  # nothing is called said, or unsaid, that is less likely than not
        least = 1 - step / 1000
        above = sureness >= least
        if above.sum() < 20:
            continue
        if chance_of_so_few(int(wrong[above].sum()), int(above.sum()), most_wrong) <= 1 - CONFIDENCE:
            best = round(least, 3)
        elif (failed := failed + 1) and best is not None:
            break
    return best


def teach(read: Sequence[dict[str, Any]], learned: Sequence[tuple[str, str]] = LEARNED) -> Model:
    """The model from these dialogues."""
    talks = Talks.of(read)
    words, rarity = vocabulary(talks)
    examples = Examples(words, rarity, talks)
    given = [mark for dialogue in read for mark in marks(dialogue)]
    columns, cues = [], {}
    for cue, kind in learned:
        taught = lesson(examples, [mark for mark in given if (mark.state, mark.kind) == (cue, kind)], cue)
        score = cross_validated(taught)
        yes = taught.yes
        high, low = limits(cross_fitted(score, yes), yes)
        weights, bias = fitted(taught)
        says, hints = (PHRASE_SAY * weights[-2:]).tolist()
        cues[cue] = Cue(bias, (says, hints), fit_calibration(score, yes), high, low)
        columns.append(weights[:-2] * rarity)
        print(
            f"{cue} ({kind}): within tasks "
            f"{within_tasks(yes, score, taught.task):.4f}, all {over_all(yes, score, taught.task):.4f}, "
            f"says {says:.2f}, hints {hints:.2f}, said from {high}, unsaid to {low}",
            file=sys.stderr,
        )
    weights = np.stack(columns, axis=1)
    kept = (weights != 0).any(axis=1)
    return replace(
        words,
        names=tuple(name for name, keep in zip(words.names, kept, strict=True) if keep),
        block=words.block[kept],
        weights=weights[kept],
        cues=cues,
    )


def as_data(model: Model) -> dict[str, Any]:
    """The model as plain data, an n-gram a row: block, name, weights of the cues."""
    return {
        "about": (
            "Learned from the train split of STAR (github.com/RasaHQ/STAR, commit 3058975, MIT licence, "
            "Copyright (c) 2020 Rasa Technologies GmbH) by benchmarks/state/train.py: n-grams that five "
            "customers or more used."
        ),
        "cues": {
            name: {
                "bias": round(cue.bias, 4),
                "phrases": [round(weight, 4) for weight in cue.phrases],
                "calibration": cue.calibration.to_dict(),
                "high": cue.high,
                "low": cue.low,
            }
            for name, cue in model.cues.items()
        },
        "ngrams": [
            [int(block), name, *(round(float(weight), 2) for weight in row)]
            for block, name, row in zip(model.block, model.names, model.weights, strict=True)
        ],
    }


def write(model: Model, path: Path = OUT) -> None:
    """One n-gram a line, so that anyone can read what was learned."""
    data = as_data(model)
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in data.pop("ngrams"))
    head = json.dumps(data, ensure_ascii=False, indent=1)[:-2]
    path.write_text(f'{head},\n "ngrams": [\n{rows}\n]}}\n', encoding="utf-8")


def read_split(folder: Path, split: str) -> list[dict[str, Any]]:
    """The dialogues of a split."""
    return [dialogue for dialogue in dialogues(folder) if dialogue["split"] == split]
