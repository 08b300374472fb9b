"""The dial of many situations at once: a table in, two columns out."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gracja.engine.dial.rules import BANDS, SituationRules
from gracja.engine.dial.situation import MOST, unknown
from gracja.engine.errors import EngineInputError, Where

_FIELDS: Final[list[pa.Field[Any]]] = [pa.field("dial", pa.int16()), pa.field("band", pa.string())]
DIALS: Final = pa.schema(_FIELDS)
Ints = npt.NDArray[np.int32]


def read_dials(situations: pa.Table, rules: SituationRules) -> pa.Table:
    """`dial` and `band` of each row, equal to `read_dial` row by row.

    situations: columns `service_kind` (string; null: the occupation's), `occupation` (string, null: unknown)
    and any cue by its name (bool or integer, null: not so). Missing columns are null throughout.
    Raises EngineInputError as `check_situation`, with the row (from 1) as line.
    """
    rows = situations.num_rows
    dial = _start(situations, rules)
    ceiling = np.full(rows, 100, np.int32)
    counts: dict[str, Ints] = {}
    for name in situations.column_names:
        if name in ("service_kind", "occupation"):
            continue
        cue = rules.cue(name)
        if cue is None:
            raise unknown("cue_unknown", Where(field=name), name, [one.cue for one in rules.cues])
        most = 1 if cue.counts is None else MOST
        counts[name] = count = _counts(situations, name, most)
        # each count's points are looked up: one table a cue instead of arithmetic a row
        points = np.asarray([cue.adds(n) for n in range(min(most, int(count.max(initial=0))) + 1)], np.int32)
        dial += points[count]
        if cue.ceiling is not None:
            np.minimum(ceiling, np.where(count > 0, np.int32(cue.ceiling), np.int32(100)), out=ceiling)
    _refuse_contradictions(counts, rules)
    np.clip(dial, 0, 100, out=dial)
    np.minimum(dial, ceiling, out=dial)
    band = np.searchsorted([rules.bands.attentive_from, rules.bands.personal_from], dial, side="right")
    named = pa.array(np.asarray(BANDS)[band])
    return pa.Table.from_arrays([pa.array(dial.astype(np.int16)), named], schema=DIALS)


def _start(situations: pa.Table, rules: SituationRules) -> Ints:
    known = {one.occupation: one for one in rules.occupations}
    kind = _codes(situations, "service_kind", ["encounter", "relationship"], "service_kind_unknown")
    job = _codes(situations, "occupation", list(known), "occupation_unknown")
    starts = np.asarray([rules.start.encounter, rules.start.relationship, 0], np.int32)
    own_kind = np.asarray([int(one.kind == "relationship") for one in known.values()] + [-1], np.int32)
    shift = np.asarray([one.points for one in known.values()] + [0], np.int32)
    kind = np.where(kind >= 0, kind, own_kind[job])
    if (kind < 0).any():
        raise EngineInputError("service_kind_missing", _row(kind < 0, "service_kind"))
    return np.asarray(starts[kind] + shift[job], np.int32)


def _codes(situations: pa.Table, name: str, known: list[str], code: str) -> Ints:
    """Each row's place among the known names; -1 where it is null."""
    if name not in situations.column_names:
        return np.full(situations.num_rows, -1, np.int32)
    column = situations[name].combine_chunks()
    places: Any = pc.index_in(column.cast(pa.string()), value_set=pa.array(known, pa.string()))
    strange = pc.and_(places.is_null(), column.is_valid()).to_numpy(zero_copy_only=False)
    if strange.any():
        given = column[int(np.argmax(strange))].as_py()
        raise unknown(code, _row(strange, name), given, known)
    return np.asarray(places.fill_null(-1).to_numpy(zero_copy_only=False), np.int32)


def _counts(situations: pa.Table, name: str, most: int) -> Ints:
    column = situations[name].combine_chunks().cast(pa.int64()).fill_null(0)
    counts = column.to_numpy(zero_copy_only=False)
    wrong = (counts < 0) | (counts > most)
    if wrong.any():
        given = int(counts[np.argmax(wrong)])
        raise EngineInputError("cue_count_out_of_range", _row(wrong, name), cue=name, given=given, most=most)
    return np.asarray(counts, np.int32)


def _refuse_contradictions(counts: dict[str, Ints], rules: SituationRules) -> None:
    for first, second in rules.exclude:
        if first in counts and second in counts:
            both = (counts[first] > 0) & (counts[second] > 0)
            if both.any():
                raise EngineInputError("cues_contradict", _row(both, first), first=first, second=second)


def _row(wrong: npt.NDArray[np.bool_], field: str) -> Where:
    return Where(line=int(np.argmax(wrong)) + 1, field=field)
