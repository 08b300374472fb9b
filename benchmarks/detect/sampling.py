"""How many human marks does it save to choose what people read, instead of drawing it at random?

STAR, the six checks of a whole conversation: the train split is the pool, a mark is the label of a
contact, and every detector is judged on the dev split. All start from the same 25 random contacts. Four
ways to go on: at random; by the list of `gracja sample` (doubt, spread over standards and people) with
every contact marked for all six checks; half and half, as `gracja sample` does by default; and with a list
for each check alone, as with `--standard`. The learner is small on purpose, and the same for all: n-grams
of the agent's words, those of the first and last turn apart, and a balanced logistic regression; once from
marks alone, and once with what the phrases of the STAR edition found as six features more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from checks import CHECKS, labels
from convert import conversation, dialogues
from figure import figure
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from gracja.engine.conversations.jsonl import read_jsonl
from gracja.engine.conversations.outcome import Accepted
from gracja.engine.conversations.table import to_table
from gracja.engine.detect.batch import detect
from gracja.engine.edition.read import read_edition
from gracja.engine.sampling import order

NAMES = list(CHECKS)
STEPS = (25, 50, 75, 100, 150, 200, 250, 300)
REPETITIONS = 10
SHOWN = (50, 100, 300)
PHRASES_WEIGH = 2.0  # of 0, 1, 2, 4: the highest F1 of few marks within the train split
STAR = Path(__file__).parents[1] / "star"
Rows = list[int]


@dataclass(frozen=True)
class Pool:
    """Contacts that may be marked, and those that detectors are judged on, in one matrix of features."""

    features: csr_matrix
    marks: NDArray[np.bool_]  # (contacts, checks)
    train: Rows
    judged: Rows
    contacts: list[str]
    employees: list[str]


def figures(data: Path, evaluate: Path | None) -> None:
    pool, found = _pool(data, evaluate)
    figure("sampling: contacts to choose from", len(pool.train))
    figure("sampling: contacts judged", len(pool.judged))
    _study("from marks alone", pool)
    with_phrases = hstack([pool.features, csr_matrix(PHRASES_WEIGH * found)])
    _study("marks and phrases", replace(pool, features=csr_matrix(with_phrases)))


def _study(learner: str, pool: Pool) -> None:
    curves = {name: _curves(pool, way) for name, way in WAYS.items()}
    random = curves["random"].mean(axis=0)
    for name, found in curves.items():
        for marks in SHOWN:
            at = found[:, STEPS.index(marks)].mean(axis=1)
            error = at.std(ddof=1) / len(at) ** 0.5
            shown = f"sampling, {learner}: mean F1 of six checks, {marks} marks each, {name}"
            figure(shown, round(float(at.mean()), 4), f"+- {error:.4f}")
    for name, found in curves.items():
        if name != "random":
            _savings(f"sampling, {learner}, {name}", random, found.mean(axis=0))


def _savings(name: str, random: NDArray[np.float64], found: NDArray[np.float64]) -> None:
    """Marks that reach what 300 random ones reach: on average, and for each check."""
    _saving(f"{name}: marks for the F1 of 300 random ones", random.mean(axis=1), found.mean(axis=1))
    for number, check in enumerate(NAMES):
        _saving(f"{name}: ... {check}", random[:, number], found[:, number])


def _saving(name: str, random: NDArray[np.float64], found: NDArray[np.float64]) -> None:
    reached = np.flatnonzero(found >= random[-1])
    if not len(reached):
        figure(name, f"> {STEPS[-1]}", "marks: nothing saved")
        return
    at = int(reached[0])
    marks = float(STEPS[0])
    if at:
        rise = (random[-1] - found[at - 1]) / (found[at] - found[at - 1])
        marks = STEPS[at - 1] + rise * (STEPS[at] - STEPS[at - 1])
    figure(name, round(marks), f"marks, {1 - marks / STEPS[-1]:.0%} saved")


def _pool(data: Path, evaluate: Path | None) -> tuple[Pool, NDArray[np.float64]]:
    """The pool, and (contacts, checks) what the edition's phrases found."""
    read = [dialogue for dialogue in dialogues(data) if labels(dialogue) is not None]
    train = [dialogue for dialogue in read if dialogue["split"] == "train"]
    other = read if evaluate is None else [d for d in dialogues(evaluate) if labels(d) is not None]
    judged = [dialogue for dialogue in other if dialogue["split"] == "dev"] or other
    every = [*train, *judged]
    pool = Pool(
        _features([_agent_words(dialogue) for dialogue in every], len(train)),
        np.array([list((labels(dialogue) or {}).values()) for dialogue in every]),
        list(range(len(train))),
        list(range(len(train), len(every))),
        [dialogue["id"] for dialogue in every],
        [dialogue["agent_id"] for dialogue in every],
    )
    return pool, _found_by_phrases(every)


def _found_by_phrases(every: list[dict[str, Any]]) -> NDArray[np.float64]:
    edition = read_edition((STAR / "edition.yaml").read_text(encoding="utf-8")).edition
    lines = [json.dumps(conversation(dialogue)).encode() + b"\n" for dialogue in every]
    good = [one.conversation for one in read_jsonl(lines) if isinstance(one, Accepted)]
    marks = detect(to_table(good), edition).select(["contact", "standard", "value"]).to_pylist()
    met = {(mark["contact"], mark["standard"]): mark["value"] or 0.0 for mark in marks}
    return np.array([[met.get((dialogue["id"], check), 0.0) for check in NAMES] for dialogue in every])


def _agent_words(dialogue: dict[str, Any]) -> list[str]:
    turns = conversation(dialogue)["turns"]
    return [turn["text"] for turn in turns if turn["speaker"] == "agent" and turn["text"]]


def _features(said: Sequence[list[str]], train: int) -> csr_matrix:
    """Words and characters of all turns, words of the first and last; vocabularies from train alone."""
    whole = ["\n".join(turns) for turns in said]
    ends = [
        " ".join(_tagged(turns[0], "first") + _tagged(turns[-1], "last")) if turns else "" for turns in said
    ]
    blocks = [
        (TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), whole),
        (TfidfVectorizer(min_df=2, tokenizer=str.split, token_pattern=None), ends),
        (TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=5, sublinear_tf=True), whole),
    ]
    return csr_matrix(
        hstack([vectorizer.fit(texts[:train]).transform(texts) for vectorizer, texts in blocks])
    )


def _tagged(text: str, tag: str) -> list[str]:
    return [f"{tag}_{word}" for word in text.lower().split()]


def _curves(pool: Pool, way: Callable[..., list[Rows]]) -> NDArray[np.float64]:
    """(repetitions, steps, checks) F1."""
    return np.array([_curve(pool, way, seed) for seed in range(REPETITIONS)])


def _curve(pool: Pool, way: Callable[..., list[Rows]], seed: int) -> list[list[float]]:
    lot = np.random.default_rng(seed).permutation(pool.train).tolist()
    marked = [lot[: STEPS[0]] for _ in NAMES]
    curve = []
    for step, following in zip(STEPS, [*STEPS[1:], None], strict=True):
        chances = np.stack([_learnt(pool, rows, check) for check, rows in enumerate(marked)], axis=1)
        curve.append(
            [_f1(pool.marks[pool.judged, n], chances[pool.judged, n] >= 0.5) for n in range(len(NAMES))]
        )
        if following:
            marked = way(pool, chances, marked, lot, following - step)
    return curve


def _learnt(pool: Pool, rows: Rows, check: int) -> NDArray[np.float64]:
    """(contacts,) probabilities; where all marks are alike there is nothing to learn yet."""
    marks = pool.marks[rows, check]
    if marks.all() or not marks.any():
        return np.full(len(pool.contacts), float(marks[0]))
    model = LogisticRegression(C=10, class_weight="balanced", solver="liblinear")
    chances: NDArray[np.float64] = model.fit(pool.features[rows], marks).predict_proba(pool.features)[:, 1]
    return chances


def _f1(truth: NDArray[np.bool_], found: NDArray[np.bool_]) -> float:
    hits = int((truth & found).sum())
    return 2 * hits / max(1, int(truth.sum()) + int(found.sum()))


def _random(pool: Pool, chances: Any, marked: list[Rows], lot: Rows, more: int) -> list[Rows]:  # noqa: ARG001
    return [rows + _left(lot, rows)[:more] for rows in marked]


def _listed(pool: Pool, chances: NDArray[np.float64], marked: list[Rows], lot: Rows, more: int) -> list[Rows]:
    left = _left(lot, marked[0])
    chosen = _with_lot(_by_doubt(pool, chances, left, range(len(NAMES))), left, more)
    return [rows + chosen for rows in marked]


def _half_listed(
    pool: Pool, chances: NDArray[np.float64], marked: list[Rows], lot: Rows, more: int
) -> list[Rows]:
    drawn = _random(pool, chances, marked, lot, more // 2)
    return _listed(pool, chances, drawn, lot, more - more // 2)


def _listed_alone(
    pool: Pool, chances: NDArray[np.float64], marked: list[Rows], lot: Rows, more: int
) -> list[Rows]:
    found = []
    for check, rows in enumerate(marked):
        left = _left(lot, rows)
        found.append(rows + _with_lot(_by_doubt(pool, chances, left, [check]), left, more))
    return found


WAYS: dict[str, Callable[[Pool, NDArray[np.float64], list[Rows], Rows, int], list[Rows]]] = {
    "random": _random,
    "listed": _listed,
    "half listed": _half_listed,
    "listed for each check alone": _listed_alone,
}


def _left(lot: Rows, taken: Rows) -> Rows:
    known = set(taken)
    return [row for row in lot if row not in known]


def _with_lot(listed: Rows, left: Rows, more: int) -> Rows:
    """The first of the list; where it is too short, the lot goes on."""
    first = listed[:more]
    return first + _left(left, first)[: more - len(first)]


def _by_doubt(pool: Pool, chances: NDArray[np.float64], left: Rows, checks: Sequence[int]) -> Rows:
    """The list that `gracja sample` makes of these probabilities."""
    frame = pl.DataFrame(
        {
            "contact": [str(row) for row in left],
            "employee": [pool.employees[row] for row in left],
            "tie": [order.tie_breaker(pool.contacts[row]) for row in left],
        }
    )
    marks = pl.concat(
        [
            frame.with_columns(
                pl.lit(NAMES[check]).alias("standard"),
                pl.lit("marked").alias("status"),
                pl.Series("probability", chances[left, check]),
            )
            for check in checks
        ]
    )
    names = [NAMES[check] for check in checks]
    return [int(row) for row in order.uncertain(marks, names, len(left))["contact"]]
