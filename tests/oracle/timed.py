"""Timed measures: how long until the first reply, and the longest wait."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Final

from gracja.engine.edition.predicate import Predicate
from oracle.evaluate import Evaluation
from oracle.mark import Mark
from oracle.talk import Hit, Talk, Turn
from oracle.truth import Truth

_QUESTION: Final = ("?", "?)", "?”", '?"')


def judge_timed(detect: Predicate, at_most: float, evaluation: Evaluation) -> Mark:
    """Whether the time stayed within the threshold; `raw` is the time in seconds."""
    if detect.first_reply_seconds is not None:
        return _first_reply(at_most, evaluation.talk)
    unless = detect.longest_silence_seconds.unless if detect.longest_silence_seconds else None
    if unless is None:
        return _longest_silence(at_most, set(), evaluation.talk)
    excuse = evaluation.named(unless)
    mark = _longest_silence(at_most, {hit.turn for hit in excuse.hits}, evaluation.talk)
    if excuse.truth is Truth.ABSTAINED and mark.value == 0.0:
        return Mark("abstained", mark.employee)  # a hold message in this language would not be known
    return mark


def _first_reply(at_most: float, talk: Talk) -> Mark:
    """From the customer's first turn to the agent's first after it; where the agent opens, from the start."""
    agent, customer = talk.turns_of["agent"], talk.turns_of["customer"]
    opens = bool(agent) and (not customer or agent[0] < customer[0])
    replies = agent if opens else [turn for turn in agent if customer and turn > customer[0]]
    if not replies:
        if not talk.complete:
            return Mark("not_seen", talk.employee)
        if not customer:
            return Mark("not_applicable", talk.employee)
        return Mark("marked", talk.employee, 0, 0.0)  # the customer wrote and was never answered
    reply = talk.turns[replies[0]]
    if opens and talk.started_at is None:
        return Mark("not_applicable", reply.employee)
    return _within(at_most, talk.started_at if opens else talk.turns[customer[0]].at, reply, talk)


def _within(at_most: float, asked: datetime | None, reply: Turn, talk: Talk) -> Mark:
    if asked is None or reply.at is None:
        return Mark("not_seen", reply.employee)
    seconds = (reply.at - asked).total_seconds()
    evidence = (Hit(reply.index, 0, len(reply.text)),)
    met = float(seconds <= at_most)
    return Mark("marked", reply.employee, talk.segment_at(reply.index), met, seconds, "seconds", evidence)


def _longest_silence(at_most: float, excused: set[int], talk: Talk) -> Mark:
    """The longest wait for the employee, unless a hold message or the employee's question began it.

    The customer waits from any turn of their own until somebody says something again, and from an
    employee's turn until the next one of an employee, if the customer says nothing in between.
    """
    spoken = [turn for turn in talk.turns if turn.speaker in ("agent", "customer")]
    longest: tuple[float, Turn] | None = None
    untimed = False
    for before, ends in pairwise(spoken):
        asks = before.speaker == "agent" and before.text.rstrip().endswith(_QUESTION)
        customers_turn = before.speaker == "agent" and ends.speaker == "customer"
        if customers_turn or before.index in excused or asks:
            continue
        if before.at is None or ends.at is None:
            untimed = True
            continue
        seconds = (ends.at - before.at).total_seconds()
        if longest is None or seconds > longest[0]:
            longest = (seconds, ends)
    if longest is not None and longest[0] > at_most:
        return _silence(longest, 0.0, talk)
    if untimed or not talk.complete:
        return Mark("not_seen", talk.employee)
    if longest is None:
        return Mark("not_applicable", talk.employee)  # nobody waited for the employee
    return _silence(longest, 1.0, talk)


def _silence(longest: tuple[float, Turn], value: float, talk: Talk) -> Mark:
    seconds, ends = longest
    who = ends.employee or talk.holder_at(ends.index)
    evidence = (Hit(ends.index, 0, len(ends.text)),)
    return Mark("marked", who, talk.segment_at(ends.index), value, seconds, "seconds", evidence)
