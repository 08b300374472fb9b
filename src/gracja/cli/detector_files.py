"""A folder of learned detectors: for each standard `ID.parquet`, what it knows and its card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gracja.cli.files import replacing
from gracja.engine.detect.learned.detector import Detector
from gracja.engine.detect.learned.store import read_detector, write_detector
from gracja.engine.errors import EngineInputError, Where


def write_detectors(detectors: Sequence[Detector], folder: Path) -> None:
    """Each file is whole or not there; detectors of other standards stay."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in detectors:
        with replacing(folder / f"{one.standard}.parquet") as file:
            file.write(write_detector(one))


def read_detectors(folder: Path) -> tuple[Detector, ...]:
    """In the order of their standards' ids.

    Raises EngineInputError: detectors_not_found, card_twice, and those of `read_detector`.
    """
    found: dict[str, Detector] = {}
    for path in sorted(folder.glob("*.parquet")):
        one = read_detector(path.read_bytes(), file=str(path))
        if one.standard in found:
            raise EngineInputError("card_twice", Where(str(path)), standard=one.standard)
        found[one.standard] = one
    if not found:
        raise EngineInputError("detectors_not_found", Where(str(folder)))
    return tuple(found[standard] for standard in sorted(found))
