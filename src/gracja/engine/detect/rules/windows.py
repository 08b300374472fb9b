"""What `where`, `after` and `before` leave of spans, many at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.detect.rules.answers import Answers
from gracja.engine.detect.rules.search import below, up_to
from gracja.engine.detect.rules.spans import Spans, ranges
from gracja.engine.detect.rules.talks import AGENT, CUSTOMER, SYSTEM, TURN_BITS, Talks, place
from gracja.engine.detect.scan.numbers import Array
from gracja.engine.edition.predicate import Predicate, Where

_SPEAKER: Final = {
    "agent_says": AGENT,
    "customer_says": CUSTOMER,
    "system_event": SYSTEM,
    "like": AGENT,
    "judge": AGENT,
}


class Windows:
    """The windows that nodes leave open in a batch; `named` answers for signals and standards."""

    def __init__(self, talks: Talks, named: Callable[[str], Answers]) -> None:
        self._talks = talks
        self._named = named

    def of(self, node: Predicate, spans: Spans) -> tuple[Array, Spans]:
        """(which span, window): none where `after` waits in vain; several with limits and several hits."""
        if node.where:
            spans = self._where(node.where, spans)
        # with `each` the limits, and a `before` that names the same signal, have already made the span
        limited = bool(node.within_turns or node.within_seconds) and not node.each
        which = np.arange(len(spans))
        if node.after:
            which, places = self._hits(node.after, spans, every=limited, ends=True)
            spans = self.following(node, spans.take(which), places)
        if node.before and node.before != node.each:
            if limited and not node.after:
                which, places = self._hits(node.before, spans, every=True, ends=False)
                spans = self.preceding(node, spans.take(which), places)
            else:
                hit, places = self._hits(node.before, spans, every=False, ends=False)
                first = np.zeros(len(spans), np.int64)
                first[hit] = places
                given = np.zeros(len(spans), np.bool_)
                given[hit] = True
                spans = spans.up_to(first, given)
        kept = (spans.lo < spans.hi) | spans.open
        return which[kept], spans.take(kept)

    def _hits(self, name: str, spans: Spans, *, every: bool, ends: bool) -> tuple[Array, Array]:
        """(which span, place) of the hits, or of the first hit, of a name in the talk of each span."""
        hits = self._named(name).hits
        first = hits.first_of(len(self._talks))
        begin, behind = first[spans.talk], first[spans.talk + 1]
        which, hit = ranges(begin, behind if every else np.minimum(behind, begin + 1))
        return which, (hits.end if ends else hits.start)[hit]

    def _where(self, where: Where, spans: Spans) -> Spans:
        turns = self._talks.turns_of(frozenset((AGENT if where.of == "agent" else CUSTOMER,)))
        begin = below(turns, self._talks.first[:-1])[spans.talk]
        behind = below(turns, self._talks.first[1:])[spans.talk]
        enough = behind - begin >= (where.first or where.last or 1)
        if where.first:
            nth = turns[np.where(enough, begin + where.first - 1, 0)] if turns.size else spans.first_turn
            return spans.up_to(place(nth + 1), enough)
        nth = turns[np.where(enough, behind - (where.last or 1), 0)] if turns.size else spans.first_turn
        return spans.from_(np.where(enough, place(nth), spans.lo))

    def following(self, node: Predicate, spans: Spans, start: Array) -> Spans:
        """What comes after `start` (places), up to the node's limit of turns or seconds."""
        narrowed = spans.from_(start)
        if node.within_turns:
            own = own_turns(node, self._talks)
            last = up_to(own, start >> TURN_BITS) + node.within_turns - 1
            there = last < below(own, self._talks.first[1:])[spans.talk]
            ends = own[np.where(there, last, 0)] if own.size else start
            narrowed = narrowed.up_to(place(ends + 1), there)
        return narrowed if node.within_seconds is None else self._in_time(node, narrowed, start, step=1)

    def preceding(self, node: Predicate, spans: Spans, end: Array) -> Spans:
        """What comes before `end` (places), back to the node's limit of turns or seconds."""
        narrowed = spans.up_to(end)
        if node.within_turns:
            own = own_turns(node, self._talks)
            first = below(own, end >> TURN_BITS) - node.within_turns
            there = first >= below(own, self._talks.first[:-1])[spans.talk]
            begins = own[np.where(there, first, 0)] if own.size else end
            narrowed = narrowed.from_(np.where(there, place(begins), narrowed.lo))
        return narrowed if node.within_seconds is None else self._in_time(node, narrowed, end, step=-1)

    def _in_time(self, node: Predicate, spans: Spans, at: Array, *, step: int) -> Spans:
        """The part of spans within the seconds after (step 1) or before (-1) a place.

        A turn without a time may lie outside: what depends on it is not seen.
        """
        talks, turn = self._talks, at >> TURN_BITS
        allowed = timedelta(seconds=node.within_seconds or 0) // timedelta(microseconds=1)
        speakers = np.isin(talks.speaker, [*speakers_of(node)])
        last = talks.first[spans.talk + 1] - 1
        stop = np.minimum(spans.hi >> TURN_BITS, last) if step > 0 else spans.first_turn
        beyond, unknown = _outside(turn, stop, step, allowed, talks.at.micros, talks.at.known, speakers)
        # no time to count from: nothing can be said
        timeless = ~talks.at.known[turn]
        stopped = beyond >= 0
        if step > 0:
            cut = spans.up_to(place(beyond), stopped)
        else:
            cut = spans.from_(np.where(stopped, place(beyond + 1), spans.lo))
        return Spans(
            spans.talk,
            np.where(timeless, at, cut.lo),
            np.where(timeless, at, cut.hi),
            cut.open | unknown | timeless,
        )


@compiled()
def _outside(
    turn: Array, stop: Array, step: int, allowed: int, micros: Array, known: Array, speakers: Array
) -> tuple[Array, Array]:
    """The first turn (int64, or -1) from each turn on that is too far off, or may be: then `unknown`."""
    beyond = np.full(turn.size, -1, np.int64)
    unknown = np.zeros(turn.size, np.bool_)
    for index in range(turn.size):
        if not known[turn[index]]:
            continue
        limit = micros[turn[index]] + step * allowed
        other = turn[index] + step
        while (other <= stop[index]) if step > 0 else (other >= stop[index]):
            if known[other] and (micros[other] - limit) * step > 0:
                beyond[index] = other
                break
            if not known[other] and speakers[other]:
                beyond[index] = other
                unknown[index] = True
                break
            other += step
    return beyond, unknown


def own_turns(node: Predicate, talks: Talks) -> Array:
    """The turns of those whose words a node is about, in order."""
    return talks.turns_of(frozenset(speakers_of(node)))


def speakers_of(node: Predicate) -> set[int]:
    """Whose words this tree is about: the speakers of its leaves that are not under `not`; else of all."""
    said = _speakers(node, through_not=False)
    return said or _speakers(node, through_not=True) or {AGENT}


def _speakers(node: Predicate, *, through_not: bool) -> set[int]:
    if node.kind in _SPEAKER:
        return {_SPEAKER[node.kind]}
    if node.not_ is not None and not through_not:
        return set()
    found = (_speakers(child, through_not=through_not) for child in node.children)
    return set().union(*found)
