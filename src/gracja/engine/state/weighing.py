"""What was heard and how it sounded, weighed to one answer for each contact and cue."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gracja.engine.state.hearing import Heard
from gracja.engine.state.learned import model
from gracja.engine.state.phrases import CUES, DENIES, SAYS
from gracja.engine.state.sounding import Sound
from gracja.engine.state.turns import Turns

UNSAID, ABSTAINED, SAID = range(3)
Place = tuple[int, int, int]  # turn of its conversation, start, end
_DENIED: Final = -1


@dataclass
class _Answer:
    """What phrases say of one cue of one contact so far."""

    status: int = UNSAID
    since: int = -1
    last: tuple[int, int] = (-1, -1)

    def __post_init__(self) -> None:
        self.places: list[Place] = []

    def hear(self, kind: int, place: Place) -> None:
        if kind == DENIES:
            self.status, self.since, self.places = _DENIED, -1, [place]
        elif kind == SAYS:
            if self.status != SAID:
                self.since, self.places = place[0], []
            self.status = SAID
            self.places.append(place)
        elif self.status in (UNSAID, ABSTAINED):
            self.status = ABSTAINED
            self.places.append(place)
        else:
            return
        self.last = place[:2]


@dataclass(frozen=True)
class Weighed:
    """status, since (-1: none), probability (NaN: none), all (talks, cues). The evidence of row r of these,
    counted through, is places[first[r]:first[r + 1]] of turn, start, end.
    """

    status: NDArray[np.int64]
    since: NDArray[np.int64]
    probability: NDArray[np.float64]
    first: NDArray[np.int64]
    places: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def weigh(
    talks: Turns,
    heard: list[Heard],
    sounded: Sound,
    exclude: list[tuple[int, int]],
) -> Weighed:
    """One answer for each contact and cue."""
    answers = _answers(talks, heard)
    status = np.full((len(talks), len(CUES)), UNSAID)
    status[np.bincount(talks.talk_of[talks.language >= 0], minlength=len(talks)) == 0] = ABSTAINED
    probability = np.full(status.shape, np.nan)
    _by_sound(talks, sounded, answers, status, probability)
    since = np.full(status.shape, -1)
    for (talk, cue), one in answers.items():
        status[talk, cue] = UNSAID if one.status == _DENIED else one.status
        since[talk, cue] = one.since
    for earlier, other in exclude:
        for talk in np.flatnonzero((status[:, earlier] == SAID) & (status[:, other] == SAID)).tolist():
            loser = min(other, earlier, key=lambda cue: answers[talk, cue].last)
            status[talk, loser], since[talk, loser] = UNSAID, -1
            answers[talk, loser].places = []
    return Weighed(status, since, probability, *_places(answers, status.shape))


def _answers(talks: Turns, heard: list[Heard]) -> defaultdict[tuple[int, int], _Answer]:
    answers: defaultdict[tuple[int, int], _Answer] = defaultdict(_Answer)
    rows = np.array([one.text for one in heard], dtype=np.int64)
    contact = talks.talk_of[rows]
    for one, talk, turn in zip(heard, contact.tolist(), (rows - talks.first[contact]).tolist(), strict=True):
        answers[talk, one.cue].hear(one.kind, (turn, one.start, one.end))
    return answers


def _by_sound(
    talks: Turns,
    sounded: Sound,
    answers: defaultdict[tuple[int, int], _Answer],
    status: NDArray[np.int64],
    probability: NDArray[np.float64],
) -> None:
    """What the learned part says where no phrase decides; a hint is left open only where it is unsure."""
    turn = sounded.turn
    if not len(turn):
        return
    contact = talks.talk_of[turn]
    last = np.flatnonzero(np.concatenate([contact[1:] != contact[:-1], [True]]))
    begins = np.concatenate([[0], last[:-1] + 1])
    for number, (name, learned) in enumerate(model().cues.items()):
        cue, chance = CUES.index(name), sounded.probability[:, number]
        probability[contact[last], cue] = chance[last]
        high = np.inf if learned.high is None else learned.high
        low = -np.inf if learned.low is None else learned.low
        for begin, end in zip(begins.tolist(), last.tolist(), strict=True):
            talk = int(contact[begin])
            heard = answers.get((talk, cue))
            if heard is not None and heard.status in (SAID, _DENIED):
                continue
            if chance[end] >= high:
                below = np.flatnonzero(chance[begin : end + 1] < high)
                since = begin + (int(below[-1]) + 1 if len(below) else 0)
                best = begin + int(np.argmax(sounded.gain[begin : end + 1, number]))
                _sounds_so(answers[talk, cue], talks, int(turn[since]), int(turn[best]), talk)
            elif chance[end] <= low:
                answers.pop((talk, cue), None)
            else:
                status[talk, cue] = ABSTAINED


def _sounds_so(answer: _Answer, talks: Turns, since: int, best: int, talk: int) -> None:
    first = int(talks.first[talk])
    answer.status, answer.since = SAID, since - first
    answer.places = [(best - first, 0, talks.length(best))]
    answer.last = (since - first, 0)


def _places(
    answers: defaultdict[tuple[int, int], _Answer], shape: tuple[int, ...]
) -> tuple[NDArray[np.int64], tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    counts = np.zeros(shape, dtype=np.int64)
    flat: list[Place] = []
    for key in sorted(answers):
        counts[key] = len(answers[key].places)
        flat += answers[key].places
    columns = np.array(flat or np.zeros((0, 3)), dtype=np.int64).reshape(-1, 3)
    first = np.concatenate([[0], np.cumsum(counts.ravel())])
    return first, (columns[:, 0], columns[:, 1], columns[:, 2])
