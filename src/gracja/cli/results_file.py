"""results.parquet: the engine's results, with what the engine said beside them in the metadata."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from gracja.cli.files import write_parquet
from gracja.cli.made_with import stamp
from gracja.engine.edition.model import Edition
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.tables import RESULTS

if TYPE_CHECKING:
    from gracja.engine.measure import Measured

_MEASURED: Final = b"gracja.measured"


@dataclass(frozen=True)
class Beside:
    """What the engine said beside its results."""

    notes: tuple[Any, ...] = ()
    not_measured: tuple[Any, ...] = ()
    rejected: int = 0


def write_results(measured: Measured, edition: Edition, path: Path, *, unread: int) -> None:
    """unread: conversations that were rejected before anything could be measured."""
    metadata = {**stamp(edition), _MEASURED: _packed(measured, unread)}
    write_parquet([measured.results.replace_schema_metadata(metadata)], path, RESULTS.with_metadata(metadata))


def read_results(path: Path) -> pa.Table:
    """Raises EngineInputError: results_not_found, results_broken (missing columns)."""
    try:
        table = pq.read_table(path)
    except FileNotFoundError:
        raise EngineInputError("results_not_found", Where(str(path))) from None
    except (pa.ArrowInvalid, OSError):
        raise EngineInputError("results_broken", Where(str(path)), missing=RESULTS.names) from None
    missing = [name for name in RESULTS.names if name not in table.column_names]
    if missing:
        raise EngineInputError("results_broken", Where(str(path)), missing=missing)
    return table.select(RESULTS.names).cast(RESULTS).replace_schema_metadata(table.schema.metadata)


def beside_results(results: pa.Table) -> Beside:
    """What travelled with a results table; nothing, where another program wrote it."""
    packed = (results.schema.metadata or {}).get(_MEASURED)
    if packed is None:
        return Beside()
    said = json.loads(packed)
    return Beside(
        tuple((code, facts) for code, facts in said["notes"]),
        tuple((kind, subject, code, facts) for kind, subject, code, facts in said["not_measured"]),
        said["rejected"],
    )


def _packed(measured: Measured, unread: int) -> bytes:
    beside = {
        "notes": [[note.code, note.facts] for note in measured.notes],
        "not_measured": [[n.subject_kind, n.subject, n.code, n.facts] for n in measured.not_measured],
        "rejected": unread,
    }
    return json.dumps(beside, ensure_ascii=False, default=float).encode()
