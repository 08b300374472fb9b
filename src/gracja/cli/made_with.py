"""Which edition a Parquet file was made with: its name in the rows, its content's hash in the metadata."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gracja.cli.screen import Screen
from gracja.engine.edition.model import Edition
from gracja.engine.edition.write import edition_digest
from gracja.engine.errors import EngineInputError, Where
from gracja.files.opening import sources

_HASH: Final = b"gracja.edition.sha256"


def stamp(edition: Edition) -> dict[bytes, bytes]:
    """The metadata of a file that is made with this edition."""
    return {_HASH: edition_digest(edition).encode()}


def refuse_other_edition(results: pa.Table, edition: Edition, path: Path) -> None:
    """Raises EngineInputError: results_other_edition, for another id or another version."""
    names = sorted(name for name in pc.unique(results["edition"]).to_pylist() if name is not None)
    if names and names != [edition.name]:
        raise EngineInputError("results_other_edition", Where(str(path)), given=names, expected=edition.name)


def warn_of_changed_edition(paths: Iterable[str | Path], edition: Edition, screen: Screen) -> None:
    """Say of each Parquet file that was made with another content under this edition's id and version."""
    ours = edition_digest(edition).encode()
    for source in sources(list(paths)):
        if source.kind != "parquet":
            continue
        theirs = (pq.read_schema(source.name).metadata or {}).get(_HASH)
        if theirs not in (None, ours) and _names(source.name, edition.name):
            screen.say("edition_changed", path=source.name, edition=edition.name)


def _names(path: str, edition: str) -> bool:
    return edition in pc.unique(pq.read_table(path, columns=["edition"])["edition"]).to_pylist()
