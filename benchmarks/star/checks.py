"""The six checks of a whole conversation: what the labels say against what the detector marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from convert import labelled_turns

CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    "greet": lambda act: act == "hello",
    "ask_name": lambda act: act == "ask_name",
    "offer_more_help": lambda act: act == "anything_else",
    "farewell": lambda act: act.startswith("goodbye") or act.endswith("_bye"),
    "apologise_out_of_scope": lambda act: act == "out_of_scope",
    "confirm_before_acting": lambda act: "ask_confirm" in act,
}


@dataclass(frozen=True)
class Score:
    check: str
    true_positive: int
    false_positive: int
    false_negative: int

    @property
    def f1(self) -> float:
        return 2 * self.true_positive / (2 * self.true_positive + self.false_positive + self.false_negative)


def labels(dialogue: dict[str, Any]) -> dict[str, bool] | None:
    """Which of the six acts occur; None where the published figures leave the conversation out."""
    turns = labelled_turns(dialogue)
    if not turns or dialogue["labels"]["completion"] != "Complete":
        return None
    return {check: any(is_act(turn["act"]) for turn in turns) for check, is_act in CHECKS.items()}


def score(truth: dict[str, dict[str, bool]], marks: dict[tuple[str, str], float]) -> list[Score]:
    """truth: contact -> check -> label; marks: (contact, standard) -> value. Unmarked counts as no."""
    scores = []
    for check in CHECKS:
        pairs = [(label[check], marks.get((contact, check), 0.0) >= 1.0) for contact, label in truth.items()]
        scores.append(
            Score(
                check,
                sum(label and mark for label, mark in pairs),
                sum(mark and not label for label, mark in pairs),
                sum(label and not mark for label, mark in pairs),
            )
        )
    return scores
