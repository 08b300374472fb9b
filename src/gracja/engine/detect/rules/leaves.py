"""The hits of every leaf of an edition in a batch: one scan a language, then only look-ups."""

from __future__ import annotations

import re

import numpy as np

from gracja.engine.detect.learned.similarity import ALIKE, UNLIKE, likeness
from gracja.engine.detect.plan import Plan, phrases_for
from gracja.engine.detect.rules.talks import AGENT, CUSTOMER, NOBODY, SYSTEM, Talks, place
from gracja.engine.detect.scan import Hits
from gracja.engine.detect.scan.numbers import Array, as_column, kernels
from gracja.engine.edition.predicate import Predicate


class Leaves:
    """What the leaves found, as places in order."""

    def __init__(self, plan: Plan, talks: Talks) -> None:
        self._plan = plan
        self._talks = talks
        self._codes = [*range(len(talks.language.names))]
        if (talks.language.code == NOBODY).any():
            self._codes.append(NOBODY)
        self._scanned = [found for code in self._codes if (found := self._scan(code)) is not None]
        self._kept: dict[int, tuple[Array, Array]] = {}
        self._likenesses: dict[int, tuple[Array, Array]] = {}

    def _language(self, code: int) -> str | None:
        return None if code == NOBODY else self._talks.language.names[code]

    def _scan(self, code: int) -> Hits | None:
        scan = self._plan.scan(self._language(code))
        if scan is None:
            return None
        talks = self._talks
        heard = (talks.speaker == AGENT) | (talks.speaker == CUSTOMER)
        if len(self._codes) > 1:
            heard &= talks.language.code[talks.talk_of] == code
        return scan.hits(talks.texts, np.where(heard, talks.speaker, -1), leaves=self._plan.leaves)

    def hits(self, node: Predicate) -> tuple[Array, Array]:
        """(start, end) of every hit of a leaf, in order."""
        if id(node) not in self._kept:
            self._kept[id(node)] = self._find(node)
        return self._kept[id(node)]

    def _find(self, node: Predicate) -> tuple[Array, Array]:
        if node.system_event is not None:
            return self._events(node)
        if node.like is not None:
            turns = self._alike(node)[0]
            return place(turns), place(turns, self._talks.lengths[turns])
        leaf = self._plan.leaf(node)
        if leaf is None:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        found = [
            (hits.text[hits.of(leaf)], hits.start[hits.of(leaf)], hits.end[hits.of(leaf)])
            for hits in self._scanned
        ]
        text, start, end = (np.concatenate(part) for part in zip(*found, strict=True)) if found else _NOTHING
        starts, ends = place(text, start), place(text, end)
        if len(found) > 1:
            order = np.argsort(starts, kind="stable")
            return starts[order], ends[order]
        return starts, ends

    def _events(self, node: Predicate) -> tuple[Array, Array]:
        """Where a system turn carries one of the events: one place, neither before nor after itself."""
        wanted = [node.system_event] if isinstance(node.system_event, str) else (node.system_event or [])
        patterns = [re.compile(".*".join(re.escape(part) for part in name.split("*"))) for name in wanted]
        names = self._talks.event.names
        meant = [code for code, name in enumerate(names) if name and any(p.fullmatch(name) for p in patterns)]
        turns = np.flatnonzero(np.isin(self._talks.event.code, meant) & (self._talks.speaker == SYSTEM))
        return place(turns), place(turns, 1)

    def perhaps(self, node: Predicate) -> Array | None:
        """Where a leaf may have hit, but cannot say: places in order."""
        return place(self._alike(node)[1]) if node.like is not None else None

    def _alike(self, node: Predicate) -> tuple[Array, Array]:
        """The agents' turns that are like the sentences of a leaf, and those of which nobody can tell."""
        if id(node) not in self._likenesses:
            talks, likeness_of = self._talks, np.zeros(self._talks.speaker.size)
            for code in self._codes:
                sentences = phrases_for(node.like or [], self._language(code)) or []
                turns = talks.agent_turns[talks.language.code[talks.talk_of[talks.agent_turns]] == code]
                said = kernels.take(talks.texts.array, as_column(turns)).to_pylist()
                likeness_of[turns] = likeness(sentences, said)
            alike = likeness_of >= ALIKE
            self._likenesses[id(node)] = (
                np.flatnonzero(alike),
                np.flatnonzero(~alike & (likeness_of >= UNLIKE)),
            )
        return self._likenesses[id(node)]

    def unheard(self, node: Predicate) -> Array | None:
        """bool[talks]: in whose language the leaf has no phrases."""
        if node.system_event is not None:
            return None
        given = [p for p in (node.agent_says, node.customer_says, node.like) if p is not None]
        if not given:
            return np.ones(len(self._talks), np.bool_)  # `judge` needs a language model
        deaf = [code for code in self._codes if phrases_for(given[0], self._language(code)) is None]
        return np.isin(self._talks.language.code, deaf) if deaf else None


_NOTHING = (np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int32))
