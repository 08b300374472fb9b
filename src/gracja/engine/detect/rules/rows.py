"""Marks of all standards as observations (tables.OBSERVATIONS), by conversation, then by standard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from gracja.engine.detect.rules.answers import Found
from gracja.engine.detect.rules.marks import UNITS, Marks, one_after_another
from gracja.engine.detect.rules.search import below
from gracja.engine.detect.rules.talks import NOBODY, TURN_BITS, Talks
from gracja.engine.detect.scan.numbers import Array, Column, as_column, kernels, one_array
from gracja.engine.tables import EVIDENCE, OBSERVATIONS, STATUSES, TIME

_LOW = (1 << TURN_BITS) - 1


def rows_of(
    judged: Sequence[Marks], standards: Sequence[str], edition: str, detector: str, talks: Talks
) -> pa.Table:
    """judged: the marks of each of `standards`."""
    marks = one_after_another(judged) if judged else None
    if marks is None:
        return OBSERVATIONS.empty_table()
    sizes = [one.talk.size for one in judged]
    of_standard = np.repeat(np.arange(len(judged)), sizes)
    order = np.argsort(np.concatenate([one.talk for one in judged]), kind="stable")
    talk = as_column(marks.talk)
    columns: dict[str, Column] = {
        "contact": kernels.take(_column(talks, "contact"), talk),
        "segment": as_column(marks.segment.astype(np.int16)),
        "employee": _named(marks.employee, talks.employees),
        "standard": _named(of_standard[order], list(standards)),
        "edition": _same(edition, marks),
        "source": _same("automatic", marks),
        "place": kernels.take(_column(talks, "place"), talk),
        "occurred_at": kernels.take(_occurred_at(talks), talk),
        "status": _named(marks.status, list(STATUSES)),
        "value": _number(marks.value),
        "raw": _number(marks.raw),
        "unit": _named(marks.unit, list(UNITS)),
        "detector": _same(detector, marks),
        "evidence": _evidence(marks.evidence, marks.talk, talks),
        "revision": as_column(np.ones(marks.talk.size, np.int32)),
    }
    nothing: dict[str, Any] = {
        field.name: pa.nulls(marks.talk.size, field.type)
        for field in OBSERVATIONS
        if field.name not in columns
    }
    return pa.table([(columns | nothing)[name] for name in OBSERVATIONS.names], schema=OBSERVATIONS)


def _column(talks: Talks, name: str) -> Column:
    return one_array(talks.rows.column(name))


def _named(code: Array, names: list[str]) -> Column:
    codes = as_column(code.astype(np.int32), code == NOBODY)
    return kernels.take(pa.array(names, pa.string()), codes)


def _same(text: str, marks: Marks) -> Column:
    return pa.repeat(pa.scalar(text, pa.string()), marks.talk.size)


def _number(values: Array) -> Column:
    return as_column(values.astype(np.float32), np.isnan(values))


def _occurred_at(talks: Talks) -> Column:
    """When a contact began; else the time of its first turn that has one."""
    timed = np.flatnonzero(talks.at.known)
    first = below(timed, talks.first[:-1])
    there = first < below(timed, talks.first[1:])
    turn = timed[np.where(there, first, 0)] if timed.size else np.zeros(len(talks), np.int64)
    by_turn = talks.at.micros[turn] if timed.size else np.zeros(len(talks), np.int64)
    micros = np.where(talks.started.known, talks.started.micros, by_turn)
    return as_column(micros, ~(talks.started.known | there)).cast(TIME)


def _evidence(found: Found, talk: Array, talks: Talks) -> Column:
    """Code points of the original text; an event has no words."""
    turn = found.start >> TURN_BITS
    end = np.minimum(found.end & _LOW, talks.lengths[turn]) if turn.size else turn
    within = turn - talks.first[talk[found.owner]]
    spans = pa.StructArray.from_arrays(
        [as_column(part.astype(np.int32)) for part in (within, found.start & _LOW, end)],
        fields=[*EVIDENCE],
    )
    offsets = as_column(found.first_of(talk.size).astype(np.int32))
    return pa.ListArray.from_arrays(offsets, spans)
