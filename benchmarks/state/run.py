"""Customer state from the customer's own words: STAR's scripted customers. See labels.py for the marks.

Taught on "train" (train.py), judged once on the rest: `dev`, or all of another folder that has none. The peer
is TF-IDF with logistic regression on the customer's turns, taught by the same marks, its strength chosen in
the same folds. Two AUCs: over all contacts, where the topic alone tells much (only rides were told to be
late), and over pairs of contacts of one task, where it cannot. `unseen`: tasks that nothing was taught on.
Intervals: 95 %, bootstrap by conversation. `--teach`: write the data file that ships anew.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from figure import figure, machine
from labels import Mark, marks
from live import live
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from train import (
    FOLDS,
    LEARNED,
    Examples,
    Talks,
    fitted,
    fold_numbers,
    lesson,
    over_all,
    read_split,
    teach,
    vocabulary,
    within_tasks,
    write,
)

sys.path.insert(0, str(Path(__file__).parents[1] / "star"))
from convert import conversation, dialogues

from gracja.engine.state import read_states
from gracja.engine.tables import CONVERSATIONS

HERE: Final = Path(__file__).parent
STRENGTHS: Final = (1.0, 10.0)  # of the peer
MARKS: Final = LEARNED
RESAMPLES: Final = 500
OPENING: Final = 3
TASK_GROUPS: Final = 4
Floats = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teach", action="store_true")
    options = parser.parse_args()
    data = Path(os.environ.get("GRACJA_DATA", HERE.parents[2] / "shared" / "data"))
    train = read_split(data, "train")
    machine()
    if options.teach:
        write(teach(train))
    judged = read_split(data, "dev") or [one for one in dialogues(data) if one["split"] != "train"]
    shipped(judged)
    opening(judged)
    if train:
        for state, kind in MARKS:
            against_peer(train, judged, state, kind)
    live()


def shipped(judged: Sequence[dict[str, Any]]) -> None:
    """What `read_states` says, as it ships: its probabilities, what it leaves open, how often it is wrong."""
    table = pa.Table.from_pylist([conversation(one) for one in judged], schema=CONVERSATIONS)
    rows = read_states(table).to_pylist()
    said = {(row["contact"], row["state"]): row for row in rows}
    for state, kind in MARKS:
        given = _marks(judged, state, kind)
        found = [said[mark.contact, state] for mark in given]
        yes, task = np.array([m.yes for m in given]), np.array([m.task for m in given])
        score = np.array([row["probability"] for row in found])
        name = f"{state} ({kind})"
        figure(f"{name}: contacts", len(given), f"yes {int(yes.sum())}")
        figure(f"{name}: AUC as shipped, all", *_with_interval(yes, score, task, over_all))
        figure(f"{name}: AUC as shipped, within tasks", *_with_interval(yes, score, task, within_tasks))
        status = np.array([row["status"] for row in found])
        figure(f"{name}: share abstained", _share(status == "abstained"))
        decided = status != "abstained"
        figure(f"{name}: wrong among decided", _share((status == "said")[decided] != yes[decided]))
        figure(
            f"{name}: wrong among said", _share(~yes[status == "said"]), f"of {int((status == 'said').sum())}"
        )
        figure(
            f"{name}: wrong among unsaid",
            _share(yes[status == "unsaid"]),
            f"of {int((status == 'unsaid').sum())}",
        )


@dataclass(frozen=True)
class Judged:
    """yes, task: of contacts; ours, peer: their scores."""

    yes: NDArray[np.bool_]
    task: NDArray[Any]
    ours: Floats
    peer: Floats


def against_peer(
    train: Sequence[dict[str, Any]], judged: Sequence[dict[str, Any]], state: str, kind: str
) -> None:
    """AUC of ours and of the peer on contacts that neither has seen, and the difference between them."""
    talks = Talks.of([*train, *judged])
    words, rarity = vocabulary(Talks.of(train))
    examples = Examples(words, rarity, talks)
    known, others = _marks(train, state, kind), _marks(judged, state, kind)
    texts = _Texts(talks)
    taught, held = lesson(examples, known, state), lesson(examples, others, state)
    yes, task = held.yes, held.task
    scores = {}
    for by_task in (True, False):
        weights, bias = fitted(taught, by_task=by_task)
        scores[by_task] = held.matrix @ weights + bias
    peer = texts.peer(known, others)
    name = f"{state} ({kind})"
    _compare(name, Judged(yes, task, scores[True], peer), "task taken out", within_tasks, "within tasks")
    _compare(name, Judged(yes, task, scores[False], peer), "task left in", within_tasks, "within tasks")
    _compare(name, Judged(yes, task, scores[False], peer), "task left in", over_all, "all")
    ours, peer = np.full(len(yes), np.nan), np.full(len(yes), np.nan)
    single = sorted({one for one in task if "+" not in one})
    for number in range(TASK_GROUPS):
        away = set(single[number::TASK_GROUPS])
        inside = np.array([not away & set(one.split("+")) for one in taught.task])
        here = np.isin(task, [*away])
        weights, bias = fitted(taught.of(inside))
        ours[here] = held.of(here).matrix @ weights + bias
        kept = [mark for mark in known if not away & set(mark.task.split("+"))]
        peer[here] = texts.peer(kept, [mark for mark, chosen_ in zip(others, here, strict=True) if chosen_])
    seen = ~np.isnan(ours)
    _compare(
        name,
        Judged(yes[seen], task[seen], ours[seen], peer[seen]),
        "task taken out",
        within_tasks,
        "unseen tasks",
    )


def _compare(name: str, one: Judged, how: str, auc: Any, where: str) -> None:
    ours, low, high = _interval(one.yes, one.ours, one.task, auc)
    peer, peer_low, peer_high = _interval(one.yes, one.peer, one.task, auc)
    least, most = _difference(one, auc)
    figure(
        f"{name}: AUC {where}, {how}",
        round(ours, 4),
        f"[{low:.4f}, {high:.4f}]",
        "> TF-IDF",
        ours > peer,
        peer=f"TF-IDF {peer:.4f} [{peer_low:.4f}, {peer_high:.4f}]; difference [{least:+.4f}, {most:+.4f}]",
    )


class _Texts:
    """The peer: what it reads, and how it is taught."""

    def __init__(self, talks: Talks) -> None:
        self._best: float | None = None
        ends = zip(talks.first[:-1].tolist(), talks.first[1:].tolist(), strict=True)
        self._text = {
            name: "\n".join(talks.text[begin:end]) for name, (begin, end) in zip(talks.ids, ends, strict=True)
        }

    def peer(self, known: Sequence[Mark], others: Sequence[Mark]) -> Floats:
        """Scores of `others`, taught by `known`."""
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        x = words.fit_transform([self._text[mark.contact] for mark in known])
        yes = np.array([mark.yes for mark in known])
        fold = fold_numbers(yes, FOLDS)
        if self._best is None:  # in the same folds, once; unseen tasks take it over
            self._best = max(STRENGTHS, key=lambda strength: self._held_out(x, yes, fold, strength))
        model = self._model(self._best).fit(x, yes)
        return model.decision_function(words.transform([self._text[mark.contact] for mark in others]))

    def _held_out(self, x: Any, yes: NDArray[np.bool_], fold: NDArray[np.int64], strength: float) -> float:
        score = np.empty(len(yes))
        for number in range(FOLDS):
            held = fold == number
            score[held] = self._model(strength).fit(x[~held], yes[~held]).decision_function(x[held])
        return over_all(yes, score, yes)

    @staticmethod
    def _model(strength: float) -> LogisticRegression:
        return LogisticRegression(C=strength, solver="liblinear", max_iter=500)


def opening(judged: Sequence[dict[str, Any]]) -> None:
    """The same from the first `OPENING` turns of the customer, judged by what was told by then."""
    talks = [conversation(one) for one in judged]
    ends = [_turns_until(one["turns"], OPENING) for one in talks]
    table = pa.Table.from_pylist(talks, schema=CONVERSATIONS)
    said = {(row["contact"], row["state"]): row for row in read_states(table, until_turn=ends).to_pylist()}
    for state, kind in MARKS:
        if kind != "told":
            continue
        given = _marks(judged, state, kind)
        yes = np.array([mark.since is not None and mark.since < OPENING for mark in given])
        score = np.array([said[mark.contact, state]["probability"] for mark in given])
        found = np.array([said[mark.contact, state]["status"] == "said" for mark in given])
        task = np.array([mark.task for mark in given])
        name = f"{state} ({kind}), opening of {OPENING} turns"
        figure(f"{name}: AUC within tasks", *_with_interval(yes, score, task, within_tasks))
        figure(f"{name}: wrong among said", _share(~yes[found]), f"of {int(found.sum())}")


def _turns_until(turns: Sequence[dict[str, Any]], spoken: int) -> int:
    """The turn before which the customer has spoken so often."""
    own = [number for number, turn in enumerate(turns) if turn["speaker"] == "customer"]
    return own[spoken] if len(own) > spoken else len(turns)


def _marks(read: Sequence[dict[str, Any]], state: str, kind: str) -> list[Mark]:
    return [mark for one in read for mark in marks(one) if (mark.state, mark.kind) == (state, kind)]


def _resampled(size: int) -> list[NDArray[np.int64]]:
    random = np.random.default_rng(20261122)
    return [random.integers(0, size, size) for _ in range(RESAMPLES)]


def _interval(
    yes: NDArray[np.bool_], score: Floats, task: NDArray[Any], auc: Any
) -> tuple[float, float, float]:
    found = [
        auc(yes[rows], score[rows], task[rows])
        for rows in _resampled(len(yes))
        if 0 < yes[rows].sum() < len(rows)
    ]
    low, high = np.nanquantile(found, [0.025, 0.975])
    return auc(yes, score, task), float(low), float(high)


def _with_interval(yes: NDArray[np.bool_], score: Floats, task: NDArray[Any], auc: Any) -> tuple[float, str]:
    value, low, high = _interval(yes, score, task, auc)
    return round(value, 4), f"[{low:.4f}, {high:.4f}]"


def _difference(one: Judged, auc: Any) -> tuple[float, float]:
    found = [
        auc(one.yes[rows], one.ours[rows], one.task[rows])
        - auc(one.yes[rows], one.peer[rows], one.task[rows])
        for rows in _resampled(len(one.yes))
        if 0 < one.yes[rows].sum() < len(rows)
    ]
    low, high = np.nanquantile(found, [0.025, 0.975])
    return float(low), float(high)


def _share(those: NDArray[np.bool_]) -> float | None:
    return round(float(those.mean()), 4) if len(those) else None


if __name__ == "__main__":
    main()
