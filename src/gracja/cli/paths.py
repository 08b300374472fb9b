"""What a command reads and writes, checked together before either begins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gracja.engine.errors import EngineInputError, Where
from gracja.files.opening import STANDARD_INPUT, sources


def check_paths(
    tables: Sequence[str | Path],
    others: Sequence[Path],
    *,
    outputs: Sequence[Path],
    also: Sequence[Path] = (),
) -> None:
    """Look at all inputs, and refuse to write over one of them or twice to one place.

    tables: JSON lines, CSV or Parquet. others: inputs that their own readers check. also: old outputs that
    will be removed.

    Raises EngineInputError: those of `sources`, input_is_output, output_twice.
    """
    sources(tables)
    for given in [*tables, *others]:
        if any(_same(Path(given), output) for output in [*outputs, *also]):
            raise EngineInputError("input_is_output", Where(str(given)))
    for number, output in enumerate(outputs):
        if any(_same(output, other) for other in outputs[:number]):
            raise EngineInputError("output_twice", Where(str(output)))


def _same(one: Path, other: Path) -> bool:
    """Whether two names lead to one file, also through links and other spellings."""
    if STANDARD_INPUT in (str(one), str(other)):
        return False
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()
