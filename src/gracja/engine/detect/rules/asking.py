"""Ask a predicate of many spans at once: the meaning of a detect tree (docs/adr/0002), as array work."""

from __future__ import annotations

import numpy as np

from gracja.engine.detect.plan import Plan
from gracja.engine.detect.rules.answers import (
    ABSTAINED,
    NO,
    NOT_SEEN,
    YES,
    Answers,
    Found,
    across,
    together,
)
from gracja.engine.detect.rules.leaves import Leaves
from gracja.engine.detect.rules.search import below, up_to
from gracja.engine.detect.rules.spans import Spans, ranges
from gracja.engine.detect.rules.talks import TURN_BITS, Talks, place
from gracja.engine.detect.rules.windows import Windows, own_turns
from gracja.engine.detect.scan.numbers import Array
from gracja.engine.edition.predicate import Predicate


class Asking:
    """A batch of conversations under one plan. Named signals and standards are worked out once."""

    def __init__(self, plan: Plan, talks: Talks) -> None:
        self.plan = plan
        self.talks = talks
        self.whole = Spans.whole(talks)
        self._leaves = Leaves(plan, talks)
        self._named: dict[str, Answers] = {}
        starts = [talks.first[:-1], np.flatnonzero(self._begins_segment())]
        self.segment_starts = np.unique(np.concatenate(starts))
        if plan.edition.new_segment_at:
            starts.append(self.named(plan.edition.new_segment_at).hits.start >> TURN_BITS)
            self.segment_starts = np.unique(np.concatenate(starts))
            self._named.clear()  # what stood in a segment may stand in another one now

    def _begins_segment(self) -> Array:
        names = self.talks.event.names
        return (
            self.talks.event.code == names.index("segment") if "segment" in names else np.zeros(0, np.bool_)
        )

    def named(self, name: str) -> Answers:
        """The answers of a signal or standard over whole contacts."""
        if name not in self._named:
            self._named[name] = self.ask(self.plan.named[name], self.whole)
        return self._named[name]

    def ask(self, node: Predicate, spans: Spans) -> Answers:
        """The answers of a node for spans, its own `where`, `after` and `before` applied first."""
        early = np.zeros(len(spans), np.bool_)
        if node.where and node.where.last:
            early = spans.open  # which turns are the last is not known before the end
        unheard = np.zeros(len(spans), np.bool_)
        for name in (node.after, node.before):
            if name:  # whether the other thing happened cannot be said
                unheard |= self.named(name).truth[spans.talk] == ABSTAINED
        closed = NO if node.not_ is None else YES
        if not (node.where or node.after or node.before):
            empty = (spans.lo >= spans.hi) & ~spans.open
            answers = self._ask_in(node, spans)
            return answers.instead(empty, closed) if empty.any() else answers
        asked = np.flatnonzero(~(early | unheard))
        owner, windows = self.windows(node, spans.take(asked))
        # what must never happen must happen in none of the windows
        answers = together(self._ask_in(node, windows), owner, asked.size, every=node.not_ is not None)
        without = np.ones(asked.size, np.bool_)
        without[owner] = False
        # nothing to look at: what it waits for has not happened, and may still happen
        answers = answers.instead(without, np.where(spans.open[asked], NOT_SEEN, closed))
        whole = answers.take(asked, len(spans))
        return whole.instead(unheard, ABSTAINED).instead(early, NOT_SEEN)

    def windows(self, node: Predicate, spans: Spans) -> tuple[Array, Spans]:
        """What `where`, `after` and `before` leave of spans: (which span, window), some spans having none."""
        return Windows(self.talks, self.named).of(node, spans)

    def _ask_in(self, node: Predicate, spans: Spans) -> Answers:
        if node.not_ is not None:
            if node.within != "segment":
                return self.ask(node.not_, spans).opposite()
            owner, parts = self._segments(spans)
            return together(self.ask(node.not_, parts).opposite(), owner, len(spans), every=True)
        children = node.all or node.any
        if children is None:
            return self._leaf(node, spans)
        if node.within == "contact":
            return across([self.ask(child, spans) for child in children], every=bool(node.all))
        owner, units = self._segments(spans) if node.within == "segment" else self._turns(node, spans)
        answers = across([self.ask(child, units) for child in children], every=bool(node.all))
        found = together(answers, owner, len(spans), every=False)
        if node.within == "segment":
            return found
        return found.instead(spans.open & (found.truth == NO), NOT_SEEN)

    def _leaf(self, node: Predicate, spans: Spans) -> Answers:
        start, end = self._leaves.hits(node)
        which, hit = ranges(below(start, spans.lo), below(start, spans.hi))
        inside = end[hit] <= spans.hi[which]
        hits = Found(which[inside], start[hit[inside]], end[hit[inside]])
        truth = np.where(spans.open, NOT_SEEN, NO).astype(np.int8)
        truth[hits.owner] = YES
        answers = Answers(truth, hits, Found.nothing())
        perhaps = self._leaves.perhaps(node)
        if perhaps is not None:
            within = below(perhaps, spans.lo) < below(perhaps, spans.hi)
            answers = answers.instead(within & (truth != YES), ABSTAINED)
        unheard = self._leaves.unheard(node)
        return answers.instead(unheard[spans.talk], ABSTAINED) if unheard is not None else answers

    def _turns(self, node: Predicate, spans: Spans) -> tuple[Array, Spans]:
        """The turns of those whose words a node is about: (which span, the part of it in one turn)."""
        own = own_turns(node, self.talks)
        if self._when_silent(node) == NO:  # and so are all turns in which nothing of it was said
            own = own[self._touched(node)[own]]
        which, turn = ranges(below(own, spans.first_turn), below(place(own), spans.hi))
        turns = own[turn]
        lo = np.maximum(place(turns), spans.lo[which])
        hi = np.minimum(place(turns + 1), spans.hi[which])
        return which, Spans(spans.talk[which], lo, hi, np.zeros(which.size, np.bool_))

    def _when_silent(self, node: Predicate) -> int | None:
        """The truth of a node for a turn without a hit of its leaves; None where that depends on the turn."""
        if node.after or node.before or node.within == "segment" or (node.where and node.not_ is not None):
            return None
        if node.not_ is not None:
            inner = self._when_silent(node.not_)
            return None if inner is None else YES - inner
        if not node.children:
            return None if node.like is not None or self._leaves.unheard(node) is not None else NO
        within = [self._when_silent(child) for child in node.children]
        truths = [one for one in within if one is not None]
        if len(truths) < len(within):
            return None
        truth = min(truths) if node.all else max(truths)
        if truth == YES and (node.where or node.within != "contact"):
            return None  # for then it matters whose turn it is
        return truth

    def _touched(self, node: Predicate) -> Array:
        """bool[turns]: in which a leaf of this node hits."""
        touched = np.zeros(self.talks.speaker.size, np.bool_)
        for leaf in node.nodes():
            if not leaf.children:
                touched[self._leaves.hits(leaf)[0] >> TURN_BITS] = True
        return touched

    def _segments(self, spans: Spans) -> tuple[Array, Spans]:
        """The segments that a span meets; the span itself where it is empty."""
        starts = self.segment_starts
        begin = up_to(starts, spans.first_turn) - 1
        behind = below(place(starts), spans.hi)
        empty = spans.lo >= spans.hi
        which, segment = ranges(np.where(empty, 0, begin), np.where(empty, 1, behind))
        ends = np.append(place(starts[1:]), place(self.talks.first[-1:]))
        of_talk = self.talks.behind[spans.talk[which]]
        lo, hi = place(starts[segment]), np.minimum(ends[segment], of_talk)
        last = hi == of_talk
        inside = Spans(
            spans.talk[which],
            np.maximum(lo, spans.lo[which]),
            np.minimum(hi, spans.hi[which]),
            spans.open[which] & last & ~self.talks.complete[spans.talk[which]],
        )
        alone = empty[which]
        parts = Spans(
            inside.talk,
            np.where(alone, spans.lo[which], inside.lo),
            np.where(alone, spans.hi[which], inside.hi),
            np.where(alone, spans.open[which], inside.open),
        )
        kept = alone | (parts.lo < parts.hi)
        return which[kept], parts.take(kept)

    def segment_at(self, turn: Array, talk: Array) -> Array:
        """The number of the segment that a turn is in."""
        within = np.clip(turn, self.talks.first[talk], np.maximum(self.talks.first[talk + 1] - 1, 0))
        before = below(self.segment_starts, self.talks.first[talk])
        number: Array = up_to(self.segment_starts, within) - before - 1
        return np.maximum(number, 0)
