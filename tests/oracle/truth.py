"""Four answers: yes, no, not seen (the rest could change it), abstained (no phrases for this language)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from oracle.talk import Hit


class Truth(Enum):
    YES = "yes"
    NO = "no"
    NOT_SEEN = "not_seen"
    ABSTAINED = "abstained"


_OPPOSITE = {Truth.YES: Truth.NO, Truth.NO: Truth.YES}


@dataclass(frozen=True, slots=True)
class Answer:
    """The truth of a predicate, the hits that show it, and the hits that speak against it."""

    truth: Truth
    hits: tuple[Hit, ...] = ()
    against: tuple[Hit, ...] = ()

    def opposite(self) -> Answer:
        return Answer(_OPPOSITE.get(self.truth, self.truth), self.against, self.hits)


def every(answers: Iterable[Answer]) -> Answer:
    """Kleene's and: one *no* decides; otherwise *abstained* goes before *not seen* before *yes*."""
    answers = tuple(answers)
    truths = {answer.truth for answer in answers}
    truth = next(t for t in (Truth.NO, Truth.ABSTAINED, Truth.NOT_SEEN, Truth.YES) if t in truths)
    return _joined(truth, answers)


def some(answers: Iterable[Answer]) -> Answer:
    """Kleene's or: one *yes* decides; otherwise *abstained* goes before *not seen* before *no*."""
    answers = tuple(answers)
    truths = {answer.truth for answer in answers}
    truth = next(t for t in (Truth.YES, Truth.ABSTAINED, Truth.NOT_SEEN, Truth.NO) if t in truths)
    return _joined(truth, answers)


def _joined(truth: Truth, answers: tuple[Answer, ...]) -> Answer:
    """Evidence comes from those that agree with the outcome."""
    hits = {hit for answer in answers if answer.truth is Truth.YES for hit in answer.hits}
    against = {hit for answer in answers if answer.truth is Truth.NO for hit in answer.against}
    return Answer(
        truth,
        tuple(sorted(hits)) if truth is Truth.YES else (),
        tuple(sorted(against)) if truth is Truth.NO else (),
    )
