"""The judge against people: the same card and the same abstention as for any detector."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import polars as pl
import pyarrow as pa
from scipy.special import logit

from gracja.engine.detect.certainty.card import About, Card, make_card
from gracja.engine.detect.certainty.consensus import (
    Consensus,
    consensus,
    counted_rows,
    evaluators_of,
    random_stratum,
)
from gracja.engine.detect.certainty.thresholds import ABSTAINED, decide
from gracja.engine.errors import EngineInputError
from gracja.judge.fill import Filled

_SURE: Final = 1e-6
_Answers = list[tuple[int, dict[str, Any]]]


@dataclass(frozen=True)
class Checked:
    """One standard's judge held against people.

    labelled: contacts drawn at random on which people agree. answered: those of them that the judge marked.
    card: None, where it cannot be made: nothing to compare (no_marks), or people always said the same.
    """

    standard: str
    labelled: int
    answered: int
    card: Card | None
    problem: Literal["no_marks", "one_answer"] | None = None

    @property
    def holds(self) -> bool:
        """Whether at most 5 % of some decided marks are wrong, with 90 % confidence."""
        return self.card is not None and self.card.thresholds.high is not None


def certify(
    filled: Filled,
    human: pa.Table,
    *,
    made_on: str,
    drawn: Collection[str] | None = None,
    keep_all: bool = False,
) -> tuple[list[Checked], Filled]:
    """A card for each standard, and the answers with those abstained that the guarantee does not cover.

    human: tables.OBSERVATIONS with people's marks. made_on: date, ISO 8601. drawn: the contacts that the
    sampling ledger drew at random; without it all must have been asked with one probability. keep_all: leave
    the answers as they are.

    Raises EngineInputError: as `consensus`, `random_stratum` and `make_card`.
    """
    people = consensus(human, filled.waiting.edition.id)
    counted = counted_rows(pl.DataFrame(human), filled.waiting.edition.id)
    answers: dict[str, _Answers] = {standard: [] for standard in filled.waiting.questions}
    for number, row in filled.new.items():
        if row["status"] == "marked":
            answers[row["standard"]].append((number, row))
    checked = [
        _checked(standard, rows, counted, people, drawn, filled, made_on)
        for standard, rows in answers.items()
    ]
    if keep_all:
        return checked, filled
    new, left = dict(filled.new), filled.left.copy()
    for one in checked:
        for number, sure in _decided(answers[one.standard], one.card):
            abstained = filled.waiting.rows[number] | {"detector": new[number]["detector"]}
            new[number] = abstained if sure is None else sure
            left["not_guaranteed"] += sure is None
    return checked, Filled(filled.waiting, new, +left)


def _checked(
    standard: str,
    answers: _Answers,
    counted: pl.DataFrame,
    people: Consensus,
    drawn: Collection[str] | None,
    filled: Filled,
    made_on: str,
) -> Checked:
    ours = people.of(standard)
    labels = random_stratum(ours, drawn) if len(ours) else ours
    given = pl.DataFrame(
        {"contact": [row["contact"] for _, row in answers], "score": _scores(answers)},
        schema={"contact": pl.String, "score": pl.Float64},
    )
    both = labels.join(given, on="contact").sort("contact")
    if not len(both):
        return Checked(standard, len(labels), 0, None, "no_marks")
    about = About(
        detector=answers[0][1]["detector"],
        edition=filled.waiting.edition.name,
        standard=standard,
        made_on=made_on,
        design="held_out",
        evaluators=evaluators_of(counted, ours),
        ties=people.tied(standard),
        training_digest=hashlib.sha256(b"").hexdigest(),  # no mark trained this detector
        calibration_digest=_digest(both),
    )
    try:
        card = make_card(about, both["score"].to_numpy(), both["met"].to_numpy(), pool=_scores(answers))
    except EngineInputError as refused:
        if refused.code != "calibration_one_answer":
            raise
        return Checked(standard, len(labels), len(both), None, "one_answer")
    return Checked(standard, len(labels), len(both), card)


def _decided(answers: _Answers, card: Card | None) -> list[tuple[int, dict[str, Any] | None]]:
    """Each answer with its calibrated probability; None, where it is not sure enough, or said otherwise."""
    if card is None:
        return [(number, None) for number, _ in answers]
    chance = card.calibration.probability(_scores(answers))
    decisions = decide(chance, card.thresholds)
    return [
        (
            number,
            row | {"probability": float(probability)}
            if decision != ABSTAINED and float(decision) == row["value"]
            else None,
        )
        for (number, row), probability, decision in zip(answers, chance, decisions, strict=True)
    ]


def _scores(answers: _Answers) -> list[float]:
    """Log odds where the endpoint gave them for all answers of a standard, else 1 for yes and -1 for no."""
    if all(row["probability"] is not None for _, row in answers):
        chances = np.clip([row["probability"] for _, row in answers], _SURE, 1 - _SURE)
        return [float(score) for score in logit(chances)]
    return [1.0 if row["value"] else -1.0 for _, row in answers]


def _digest(labels: pl.DataFrame) -> str:
    lines = (f"{contact}\t{int(met)}" for contact, met in labels.select("contact", "met").iter_rows())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
