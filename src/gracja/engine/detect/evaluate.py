"""Ask a predicate of a conversation: the meaning of a detect tree (docs/adr/0002)."""

from __future__ import annotations

from datetime import timedelta
from fnmatch import fnmatchcase

from gracja.engine.detect.plan import Plan, phrases_for
from gracja.engine.detect.talk import Hit, Place, Span, Talk
from gracja.engine.detect.truth import Answer, Truth, every, some
from gracja.engine.edition.model import Predicate

_SPEAKER = {"agent_says": "agent", "customer_says": "customer", "system_event": "system", "like": "agent"}


class Evaluation:
    """One conversation under one plan. Named signals and standards are worked out once."""

    def __init__(self, plan: Plan, talk: Talk) -> None:
        self.plan = plan
        self.talk = talk
        self._hits = plan.hits(talk)
        self._named: dict[str, Answer] = {}
        if plan.edition.new_segment_at:
            starts = {hit.turn for hit in self.named(plan.edition.new_segment_at).hits}
            talk.segment_starts = sorted({0, *talk.segment_starts, *starts})
            self._named.clear()  # what stood in a segment may stand in another one now

    def named(self, name: str) -> Answer:
        """The answer of a signal or standard over the whole contact; a standard without detector: no hits."""
        if name not in self._named:
            tree = self.plan.named.get(name)
            self._named[name] = self.ask(tree, self.talk.whole) if tree else Answer(Truth.NO)
        return self._named[name]

    def ask(self, node: Predicate, span: Span) -> Answer:
        """The answer of a node for a span, its own `where`, `after` and `before` applied first."""
        if node.where and node.where.last and span.open:
            return Answer(Truth.NOT_SEEN)  # which turns are the last is not known before the end
        spans = self.windows(node, span)
        if not spans:
            # nothing to look at: `after` something that has not happened, and may still happen
            waiting = span.open and bool(node.after)
            return self._without_spans(node, waiting=waiting)
        if len(spans) == 1:
            return self._ask_in(node, spans[0])
        return some(self._ask_in(node, narrowed) for narrowed in spans)

    def _without_spans(self, node: Predicate, *, waiting: bool) -> Answer:
        missing = Answer(Truth.NOT_SEEN if waiting else Truth.NO)
        return missing.opposite() if node.not_ is not None else missing

    def _ask_in(self, node: Predicate, span: Span) -> Answer:
        if node.not_ is not None:
            inside = list(self._segments(span)) if node.within == "segment" else [span]
            return some(self.ask(node.not_, part).opposite() for part in inside)
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
        if node.like is not None:
            return Answer(Truth.ABSTAINED)  # needs a trained detector
        if node.system_event is not None:
            hits = self._events(node, span)
        else:
            phrases = node.agent_says if node.agent_says is not None else node.customer_says
            if phrases is None or phrases_for(phrases, self.talk.language) is None:
                return Answer(Truth.ABSTAINED)
            hits = [hit for hit in self._hits.get(self.plan.leaf(node), ()) if span.holds(hit)]
        if hits:
            return Answer(Truth.YES, tuple(hits))
        return Answer(Truth.NOT_SEEN if span.open else Truth.NO)

    def _events(self, node: Predicate, span: Span) -> list[Hit]:
        wanted = [node.system_event] if isinstance(node.system_event, str) else (node.system_event or [])
        return [
            hit
            for index in self.talk.turns_of["system"]
            if (event := self.talk.turns[index].event) and any(fnmatchcase(event, name) for name in wanted)
            if span.holds(hit := Hit(index, 0, 0))
        ]

    def _units(self, node: Predicate, span: Span) -> list[Span]:
        """The stretches in one of which all of a node must be true."""
        if node.within == "contact":
            return [span]
        if node.within == "segment":
            return list(self._segments(span))
        speakers = speakers_of(node)
        return [
            self.talk.turn_span(turn.index).cut(span.lo, span.hi)
            for turn in self.talk.turns[span.lo[0] : span.hi[0] + 1]
            if turn.speaker in speakers and (turn.index, 0) < span.hi
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
            own = [i for i in self._own_turns(node) if i > start[0]]
            if len(own) >= node.within_turns:
                hi = (own[node.within_turns - 1] + 1, 0)
        if node.within_seconds:
            at = self.talk.turns[start[0]].at
            if at is None:
                return Span(start, start, open=True)  # no time to count from: nothing can be said
            limit = at + timedelta(seconds=node.within_seconds)
            later = (t.index for t in self.talk.turns[start[0] + 1 :] if t.at is not None and t.at > limit)
            late = next(later, None)
            if late is not None:
                hi = min(hi, (late, 0)) if hi else (late, 0)
        return span.cut(lo=start, hi=hi)

    def preceding(self, node: Predicate, span: Span, end: Place) -> Span:
        """What comes before `end`, back to the node's limit of turns or seconds."""
        lo: Place = (0, 0)
        if node.within_turns:
            own = [i for i in self._own_turns(node) if i < end[0]]
            if len(own) >= node.within_turns:
                lo = (own[-node.within_turns], 0)
        if node.within_seconds:
            at = self.talk.turns[end[0]].at
            if at is None:
                return Span(end, end, open=True)  # no time to count from: nothing can be said
            limit = at - timedelta(seconds=node.within_seconds)
            since = (t.index for t in self.talk.turns[: end[0]] if t.at is not None and t.at >= limit)
            lo = max(lo, (next(since, end[0]), 0))
        return span.cut(lo=lo, hi=end)

    def _own_turns(self, node: Predicate) -> list[int]:
        speakers = speakers_of(node)
        return [i for i, turn in enumerate(self.talk.turns) if turn.speaker in speakers]


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
