"""Measure, with whoever is in training kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gracja.app.measurement.services.gather import Gathered
from gracja.app.organisation.models import Person
from gracja.engine.edition.model import Edition
from gracja.engine.measure import Measured, Note, measure

_COMPARED = ("rank_low", "rank_high", "tier")


@dataclass(frozen=True, slots=True)
class Fairly:
    """measured: the results. apart: the measurement of everybody, where those of trainees come from; None
    where there is nobody to keep apart. trainees: their keys.
    """

    measured: Measured
    apart: Measured | None = None
    trainees: frozenset[str] = frozenset()


def in_training(on: date) -> frozenset[str]:
    """The keys of those who are still learning on this day."""
    return frozenset(Person.objects.filter(trainee_until__gte=on).values_list("key", flat=True))


def measured_fairly(
    gathered: Gathered,
    edition: Edition,
    trainees: frozenset[str],
    mix: Mapping[str, float] | None = None,
) -> Fairly:
    """The results of everybody else without the trainees, and theirs beside it, compared with nobody.

    Where conversations were left out because people marked, that note says how many, and of how many people
    nothing else is known: until both are measured together, nobody should take silence for a result.
    mix: the edition's reference mix, once it is frozen.

    Raises EngineInputError as engine.measure.measure.
    """
    found = _measured(gathered, edition, trainees, mix)
    notes = tuple(_counted(one, gathered) for one in found.measured.notes)
    return replace(found, measured=replace(found.measured, notes=notes))


def _counted(note: Note, gathered: Gathered) -> Note:
    if note.code != "automatic_left_out":
        return note
    automatic: Any = pc.equal(gathered.observations["source"], pa.scalar("automatic"))
    theirs, others = (gathered.observations.filter(one) for one in (automatic, pc.invert(automatic)))
    known = set(others["employee"].unique().to_pylist()) | {None}
    more = {
        "conversations": len(theirs["contact"].unique()),
        "people": len(set(theirs["employee"].unique().to_pylist()) - known),
    }
    return note._replace(facts={**note.facts, **more})


def _measured(
    gathered: Gathered, edition: Edition, trainees: frozenset[str], mix: Mapping[str, float] | None
) -> Fairly:
    contacts = gathered.contacts if gathered.contacts.num_rows else None
    everybody = measure(gathered.observations, edition, contacts=contacts, mix=mix)
    theirs = _apart(everybody.results, trainees)
    if not theirs.num_rows:
        return Fairly(everybody)
    learning: Any = pc.is_in(gathered.observations["employee"], value_set=pa.array(sorted(trainees)))
    others = gathered.observations.filter(pc.invert(learning))
    if not others.num_rows:
        return Fairly(replace(everybody, results=_uncompared(everybody.results)))
    fair = measure(others, edition, contacts=contacts, mix=mix)
    return Fairly(
        replace(fair, results=pa.concat_tables([fair.results, _uncompared(theirs)])), everybody, trainees
    )


def _apart(results: pa.Table, trainees: frozenset[str]) -> pa.Table:
    kinds: Any = results["subject_kind"]
    learning: Any = pc.and_(
        pc.equal(kinds, pa.scalar("employee")),
        pc.is_in(results["subject"], value_set=pa.array(sorted(trainees), pa.string())),
    )
    return results.filter(learning)


def _uncompared(results: pa.Table) -> pa.Table:
    """Without ranks and tiers."""
    for name in _COMPARED:
        place = results.column_names.index(name)
        field = results.schema.field(place)
        results = results.set_column(place, field, pa.nulls(results.num_rows, field.type))
    return results
