"""Timed measures: how long until the first reply, and the longest wait."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.detect.rules import answers as truth
from gracja.engine.detect.rules.answers import Found
from gracja.engine.detect.rules.asking import Asking
from gracja.engine.detect.rules.marks import ABSTAINED, MARKED, NOT_APPLICABLE, NOT_SEEN, SECONDS, Marks
from gracja.engine.detect.rules.search import below, up_to
from gracja.engine.detect.rules.talks import AGENT, CUSTOMER, TURN_BITS, Talks, place
from gracja.engine.detect.scan.cut import decoded
from gracja.engine.detect.scan.letters import SPACE, letters
from gracja.engine.detect.scan.numbers import Array
from gracja.engine.edition.predicate import Predicate

_CLOSING: Final = (0x29, 0x201D, 0x22)  # `?)`, `?”` and `?"` end a question too
_QUESTION: Final = 0x3F


def judge_timed(detect: Predicate, at_most: float, asking: Asking, talk: Array) -> Marks:
    """Whether the time stayed within the threshold; `raw` is the time in seconds."""
    if detect.first_reply_seconds is not None:
        return _first_reply(at_most, asking, talk)
    unless = detect.longest_silence_seconds.unless if detect.longest_silence_seconds else None
    excused = np.zeros(asking.talks.speaker.size, np.bool_)
    if unless is None:
        return _longest_silence(at_most, excused, asking, talk)
    excuse = asking.named(unless)
    excused[excuse.hits.start >> TURN_BITS] = True
    marks = _longest_silence(at_most, excused, asking, talk)
    # a hold message in this language would not be known
    unsure = (excuse.truth[talk] == truth.ABSTAINED) & (marks.value == 0.0)
    return _withdrawn(marks, unsure)


def _withdrawn(marks: Marks, where: Array) -> Marks:
    nothing = np.where(where, np.nan, 1.0)
    return replace(
        marks,
        status=np.where(where, ABSTAINED, marks.status).astype(np.int8),
        segment=np.where(where, 0, marks.segment),
        value=marks.value * nothing,
        evidence=marks.evidence.where(~where[marks.evidence.owner]),
    ).measured(marks.raw, SECONDS, ~np.isnan(marks.raw * nothing))


def _timed(
    asking: Asking, talk: Array, status: Array, employee: Array, value: Array, seconds: Array, turn: Array
) -> Marks:
    """Marks whose evidence is the whole of a turn (-1: none), where `seconds` are known."""
    timed = ~np.isnan(seconds)
    at = np.where(timed, turn, 0)
    whole = Found(np.arange(talk.size), place(at), place(at, asking.talks.lengths[at]))
    marks = Marks.of(talk, status, employee)
    return replace(
        marks,
        segment=np.where(timed, asking.segment_at(at, talk), 0),
        value=value,
        evidence=whole.where(timed),
    ).measured(seconds, SECONDS, timed)


def _first_of(turns: Array, talks: Talks) -> Array:
    """The first of these turns in each talk, or -1."""
    begin = below(turns, talks.first[:-1])
    there = begin < below(turns, talks.first[1:])
    return np.where(there, turns[np.where(there, begin, 0)] if turns.size else -1, -1)


def _first_reply(at_most: float, asking: Asking, talk: Array) -> Marks:
    """From the customer's first turn to the agent's first after it; where the agent opens, from the start."""
    talks, agents = asking.talks, asking.talks.agent_turns
    agent = _first_of(agents, talks)[talk]
    customer = _first_of(talks.turns_of(frozenset((CUSTOMER,))), talks)[talk]
    opens = (agent >= 0) & ((customer < 0) | (agent < customer))
    after = up_to(agents, customer)
    there = (customer >= 0) & (after < below(agents, talks.first[talk + 1]))
    answer = np.where(there, agents[np.where(there, after, 0)] if agents.size else -1, -1)
    reply = np.where(opens, agent, answer)
    replied = reply >= 0
    at = np.where(replied, reply, 0)
    asked = np.where(opens, talks.started.micros[talk], talks.at.micros[customer])
    known = np.where(opens, talks.started.known[talk], (customer >= 0) & talks.at.known[customer])
    timed = replied & known & talks.at.known[at]
    seconds = np.where(timed, (talks.at.micros[at] - asked) / 1e6, np.nan)
    unstarted = opens & ~talks.started.known[talk]
    unanswered = ~replied & (customer >= 0) & talks.complete[talk]
    status = np.select(
        [timed, unanswered, unstarted, ~replied & ~talks.complete[talk], ~replied],
        [MARKED, MARKED, NOT_APPLICABLE, NOT_SEEN, NOT_APPLICABLE],
        NOT_SEEN,
    )
    value = np.where(timed, (seconds <= at_most).astype(float), np.where(unanswered, 0.0, np.nan))
    employee = np.where(replied, talks.turn_employee[at], talks.employee[talk])
    return _timed(asking, talk, status, employee, value, seconds, reply)


def _longest_silence(at_most: float, excused: Array, asking: Asking, talk: Array) -> Marks:
    """The longest wait for the employee, unless a hold message or the employee's question began it.

    The customer waits from any turn of their own until somebody says something again, and from an
    employee's turn until the next one of an employee, if the customer says nothing in between.
    """
    talks = asking.talks
    spoken = talks.turns_of(frozenset((AGENT, CUSTOMER)))
    begin, behind = below(spoken, talks.first[talk]), below(spoken, talks.first[talk + 1])
    longest, ends, untimed = _waits(
        spoken, begin, behind, talks.speaker, excused, talks.at.micros, talks.at.known,
        talks.texts.data, talks.texts.offsets, letters().kinds,
    )  # fmt: skip
    waited = ends >= 0
    seconds = np.where(waited, longest / 1e6, np.nan)
    late = waited & (seconds > at_most)
    unseen = ~late & (untimed | ~talks.complete[talk])
    status = np.select([late, unseen, waited], [MARKED, NOT_SEEN, MARKED], NOT_APPLICABLE)
    marked = status == MARKED
    who = np.where(waited, talks.turn_employee[ends], -1)
    who = np.where(who >= 0, who, talks.holder_at(np.where(waited, ends, 0), talk))
    value = np.where(marked, np.where(late, 0.0, 1.0), np.nan)
    employee = np.where(marked, who, talks.employee[talk])
    return _timed(asking, talk, status, employee, value, np.where(marked, seconds, np.nan), ends)


@compiled()
def _waits(
    spoken: Array, begin: Array, behind: Array, speaker: Array, excused: Array, micros: Array, known: Array,
    data: Array, offsets: Array, kinds: Array,
) -> tuple[Array, Array, Array]:  # fmt: skip
    """(microseconds, the turn that ended it or -1, whether some wait could not be timed) of each talk."""
    longest = np.zeros(begin.size, np.int64)
    ends = np.full(begin.size, -1, np.int64)
    untimed = np.zeros(begin.size, np.bool_)
    for talk in range(begin.size):
        for at in range(begin[talk], behind[talk] - 1):
            before, after = spoken[at], spoken[at + 1]
            if excused[before]:
                continue
            if speaker[before] == AGENT and (
                speaker[after] == CUSTOMER or _asks(data, offsets[before], offsets[before + 1], kinds)
            ):
                continue
            if not (known[before] and known[after]):
                untimed[talk] = True
                continue
            waited = micros[after] - micros[before]
            if ends[talk] < 0 or waited > longest[talk]:
                longest[talk], ends[talk] = waited, after
    return longest, ends, untimed


@compiled()
def _asks(data: Array, begin: int, behind: int, kinds: Array) -> bool:
    """Whether a text ends with a question mark, space and one closing sign behind it allowed."""
    signs = 0
    at = behind
    while at > begin:
        at -= 1
        while data[at] & 0xC0 == 0x80:
            at -= 1
        code, _ = decoded(data, at)
        if signs == 0 and kinds[code] & SPACE:
            continue
        if code == _QUESTION:
            return True
        if signs == 1 or not (code == _CLOSING[0] or code == _CLOSING[1] or code == _CLOSING[2]):
            return False
        signs = 1
    return False
