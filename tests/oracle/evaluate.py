"""Ask a predicate of a conversation: the meaning of a detect tree (docs/adr/0002)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from datetime import timedelta

from gracja.engine.detect.learned.similarity import ALIKE, UNLIKE, likeness
from gracja.engine.edition.predicate import Predicate
from oracle.plan import Plan, phrases_for
from oracle.talk import Hit, Place, Span, Talk
from oracle.truth import Answer, Truth, every, some

_SPEAKER = {
    "agent_says": "agent",
    "customer_says": "customer",
    "system_event": "system",
    "like": "agent",
    "judge": "agent",
}


class Evaluation:
    """One conversation under one plan. Named signals and standards are worked out once."""

    def __init__(self, plan: Plan, talk: Talk) -> None:
        self.plan = plan
        self.talk = talk
        self._hits = plan.hits(talk)
        self._named: dict[str, Answer] = {}
        self._turns_of: dict[frozenset[str], list[int]] = {}
        if plan.edition.new_segment_at:
            starts = {hit.turn for hit in self.named(plan.edition.new_segment_at).hits}
            talk.segment_starts = sorted({0, *talk.segment_starts, *starts})
            self._named.clear()  # what stood in a segment may stand in another one now

    def named(self, name: str) -> Answer:
        """The answer of a signal or standard over the whole contact."""
        if name not in self._named:
            self._named[name] = self.ask(self.plan.named[name], self.talk.whole)
        return self._named[name]

    def ask(self, node: Predicate, span: Span) -> Answer:
        """The answer of a node for a span, its own `where`, `after` and `before` applied first."""
        if node.where and node.where.last and span.open:
            return Answer(Truth.NOT_SEEN)  # which turns are the last is not known before the end
        if any(self.named(name).truth is Truth.ABSTAINED for name in (node.after, node.before) if name):
            return Answer(Truth.ABSTAINED)  # whether the other thing happened cannot be said
        spans = self.windows(node, span)
        if not spans:
            # nothing to look at: what it waits for has not happened, and may still happen
            return self._without_spans(node, waiting=span.open)
        if len(spans) == 1:
            return self._ask_in(node, spans[0])
        # what must never happen must happen in none of the windows
        join = every if node.not_ is not None else some
        return join(self._ask_in(node, narrowed) for narrowed in spans)

    def _without_spans(self, node: Predicate, *, waiting: bool) -> Answer:
        missing = Answer(Truth.NOT_SEEN if waiting else Truth.NO)
        return missing.opposite() if node.not_ is not None else missing

    def _ask_in(self, node: Predicate, span: Span) -> Answer:
        if node.not_ is not None:
            inside = list(self._segments(span)) if node.within == "segment" else [span]
            return every(self.ask(node.not_, part).opposite() for part in inside)
        children = node.all or node.any
        if children is None:
            return self._leaf(node, span)
        join = every if node.all else some
        units = self._units(node, span)
        answers = [join(self.ask(child, unit) for child in children) for unit in units]
        if node.within in ("segment", "contact"):
            return some(answers)
        unseen = [Answer(Truth.NOT_SEEN)] if span.open else []
        return some([*answers, *unseen]) if answers or unseen else Answer(Truth.NO)

    def _leaf(self, node: Predicate, span: Span) -> Answer:
        if node.judge is not None:
            return Answer(Truth.ABSTAINED)
        if node.like is not None:
            return self._likeness(node, span)
        if node.system_event is not None:
            hits = self._events(node, span)
        else:
            phrases = node.agent_says if node.agent_says is not None else node.customer_says
            if phrases is None or phrases_for(phrases, self.talk.language) is None:
                return Answer(Truth.ABSTAINED)
            hits = span.those_of(self._hits.get(self.plan.leaf(node), []))
        if hits:
            return Answer(Truth.YES, tuple(hits))
        return Answer(Truth.NOT_SEEN if span.open else Truth.NO)

    def _likeness(self, node: Predicate, span: Span) -> Answer:
        sentences = phrases_for(node.like or [], self.talk.language)
        if sentences is None:
            return Answer(Truth.ABSTAINED)
        turns = [self.talk.turns[index] for index in self.talk.turns_of["agent"]]
        how_like = [likeness(sentences, [turn.text])[0] for turn in turns]
        whole = [Hit(turn.index, 0, len(turn.text)) for turn in turns]
        hits = span.those_of([hit for hit, like in zip(whole, how_like, strict=True) if like >= ALIKE])
        if hits:
            return Answer(Truth.YES, tuple(hits))
        if any(
            UNLIKE <= like < ALIKE and span.lo <= (hit.turn, 0) < span.hi
            for hit, like in zip(whole, how_like, strict=True)
        ):
            return Answer(Truth.ABSTAINED)
        return Answer(Truth.NOT_SEEN if span.open else Truth.NO)

    def _events(self, node: Predicate, span: Span) -> list[Hit]:
        wanted = [node.system_event] if isinstance(node.system_event, str) else (node.system_event or [])
        patterns = [re.compile(".*".join(re.escape(part) for part in name.split("*"))) for name in wanted]
        # an event takes up one place, so that it stands neither before nor after itself
        found = [
            Hit(index, 0, 1)
            for index in self.talk.turns_of["system"]
            if (event := self.talk.turns[index].event) and any(p.fullmatch(event) for p in patterns)
        ]
        return span.those_of(found)

    def _units(self, node: Predicate, span: Span) -> list[Span]:
        """The stretches in one of which all of a node must be true."""
        if node.within == "contact":
            return [span]
        if node.within == "segment":
            return list(self._segments(span))
        own = self._own_turns(node)
        first, last = bisect_left(own, span.lo[0]), bisect_right(own, span.hi[0])
        return [
            self.talk.turn_span(index).cut(span.lo, span.hi)
            for index in own[first:last]
            if (index, 0) < span.hi
        ]

    def _segments(self, span: Span) -> list[Span]:
        parts = [
            Span(max(part.lo, span.lo), min(part.hi, span.hi), part.open and span.open)
            for part in self.talk.segments()
        ]
        return [part for part in parts if part.lo < part.hi] or [span]

    def windows(self, node: Predicate, span: Span) -> list[Span]:
        """What `where`, `after` and `before` leave of a span; nothing where `after` waits in vain."""
        if node.where:
            span = self._where(node, span)
        # with `each` the limits, and a `before` that names the same signal, have already made the span
        limited = bool(node.within_turns or node.within_seconds) and not node.each
        spans = [span]
        if node.after:
            hits = self.named(node.after).hits
            spans = [
                self.following(node, part, (hit.turn, hit.end))
                for part in spans
                for hit in (hits if limited else hits[:1])
            ]
        if node.before and node.before != node.each:
            hits = self.named(node.before).hits
            if limited and not node.after:
                spans = [self.preceding(node, part, (hit.turn, hit.start)) for part in spans for hit in hits]
            elif hits:
                spans = [part.cut(hi=(hits[0].turn, hits[0].start)) for part in spans]
        return [part for part in spans if part.lo < part.hi or part.open]

    def _where(self, node: Predicate, span: Span) -> Span:
        where = node.where
        assert where is not None
        turns = self.talk.turns_of[where.of]
        if where.first:
            return span.cut(hi=(turns[where.first - 1] + 1, 0)) if len(turns) >= where.first else span
        last = where.last or 1
        return span.cut(lo=(turns[-last], 0)) if len(turns) >= last else span

    def following(self, node: Predicate, span: Span, start: Place) -> Span:
        """What comes after `start`, up to the node's limit of turns or seconds."""
        hi: Place | None = None
        if node.within_turns:
            own = self._own_turns(node)
            last = bisect_right(own, start[0]) + node.within_turns - 1
            if last < len(own):
                hi = (own[last] + 1, 0)
        narrowed = span.cut(lo=start, hi=hi)
        return narrowed if node.within_seconds is None else self._in_time_after(node, narrowed, start)

    def _in_time_after(self, node: Predicate, span: Span, start: Place) -> Span:
        """The part of a span until the seconds are over; a turn without a time may be too late: not seen."""
        at = self.talk.turns[start[0]].at
        if at is None or node.within_seconds is None:
            return Span(start, start, open=True)  # no time to count from: nothing can be said
        limit = at + timedelta(seconds=node.within_seconds)
        speakers = speakers_of(node)
        for turn in self.talk.turns[start[0] + 1 : span.hi[0] + 1]:
            if turn.at is not None and turn.at > limit:
                return span.cut(hi=(turn.index, 0))
            if turn.at is None and turn.speaker in speakers:
                cut = span.cut(hi=(turn.index, 0))
                return Span(cut.lo, cut.hi, open=True)
        return span

    def preceding(self, node: Predicate, span: Span, end: Place) -> Span:
        """What comes before `end`, back to the node's limit of turns or seconds."""
        lo: Place = (0, 0)
        if node.within_turns:
            own = self._own_turns(node)
            first = bisect_left(own, end[0]) - node.within_turns
            if first >= 0:
                lo = (own[first], 0)
        narrowed = span.cut(lo=lo, hi=end)
        return narrowed if node.within_seconds is None else self._in_time_before(node, narrowed, end)

    def _in_time_before(self, node: Predicate, span: Span, end: Place) -> Span:
        """The part of a span since the seconds began; a turn without a time may be too early: not seen."""
        at = self.talk.turns[end[0]].at
        if at is None or node.within_seconds is None:
            return Span(end, end, open=True)  # no time to count from: nothing can be said
        limit = at - timedelta(seconds=node.within_seconds)
        speakers = speakers_of(node)
        for turn in reversed(self.talk.turns[span.lo[0] : end[0]]):
            if turn.at is not None and turn.at < limit:
                return span.cut(lo=(turn.index + 1, 0))
            if turn.at is None and turn.speaker in speakers:
                cut = span.cut(lo=(turn.index + 1, 0))
                return Span(cut.lo, cut.hi, open=True)
        return span

    def _own_turns(self, node: Predicate) -> list[int]:
        """The turns of those whose words a node is about, in order."""
        speakers = frozenset(speakers_of(node))
        if speakers not in self._turns_of:
            self._turns_of[speakers] = sorted(i for who in speakers for i in self.talk.turns_of[who])
        return self._turns_of[speakers]


def speakers_of(node: Predicate) -> set[str]:
    """Whose words this tree is about: the speakers of its leaves that are not under `not`; else of all."""
    said = _speakers(node, through_not=False)
    return said or _speakers(node, through_not=True) or {"agent"}


def _speakers(node: Predicate, *, through_not: bool) -> set[str]:
    if node.kind in _SPEAKER:
        return {_SPEAKER[node.kind]}
    if node.not_ is not None and not through_not:
        return set()
    found = (_speakers(child, through_not=through_not) for child in node.children)
    return set().union(*found)
