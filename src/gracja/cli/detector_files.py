"""A folder of learned detectors: for each standard `ID.parquet`, what it knows and its card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from gracja.cli.files import replacing
from gracja.engine.detect.name import DETECTOR
from gracja.engine.edition.model import Edition
from gracja.engine.errors import EngineInputError, Where

if TYPE_CHECKING:
    from gracja.engine.detect.learned.apply import LearnedScorer
    from gracja.engine.detect.learned.detector import Detector

# What was learned is imported where there is some: phrases alone need not wait for SciPy.


@dataclass(frozen=True)
class Learned:
    """What a run scores with besides phrases, and the digests by which an unfinished run is known again."""

    scorer: LearnedScorer | None = None
    scored_with: dict[str, list[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How an archive names its rows: `phrases@2`, `phrases@2+learned:ab12cd34`."""
        if self.scorer is None:
            return DETECTOR
        digests = "".join(self.scored_with["detectors"])
        return f"{DETECTOR}+learned:{sha256(digests.encode()).hexdigest()[:8]}"

    @classmethod
    def from_folder(cls, folder: Path | None, edition: Edition, language: str | None) -> Learned:
        """Nothing without a folder. Errors as `read_detectors` and `check_detectors`.

        A detector whose card lets it decide nothing leaves its standard to the phrases: they said something.
        """
        if folder is None:
            return cls()
        from gracja.engine.detect.learned.apply import LearnedScorer, check_detectors  # noqa: PLC0415
        from gracja.engine.detect.learned.store import write_detector  # noqa: PLC0415

        found = read_detectors(folder)
        digests = [sha256(write_detector(one)).hexdigest() for one in found]
        check_detectors(found, edition)
        deciding = tuple(one for one in found if one.card is None or one.card.thresholds.high is not None)
        return cls(LearnedScorer(edition, deciding, language), {"detectors": digests})


def detector_files_in(folder: Path | None) -> list[Path]:
    """The files of a folder of detectors, if there is one."""
    return sorted(folder.glob("*.parquet")) if folder else []


def write_detectors(detectors: Sequence[Detector], folder: Path) -> tuple[str, ...]:
    """Each file is whole or not there; detectors of other standards stay. Returns the names of these."""
    from gracja.engine.detect.learned.store import write_detector  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    for one in detectors:
        with replacing(folder / f"{one.standard}.parquet") as file:
            file.write(write_detector(one))
    written = {one.standard for one in detectors}
    return tuple(sorted(path.stem for path in folder.glob("*.parquet") if path.stem not in written))


def read_detectors(folder: Path) -> tuple[Detector, ...]:
    """In the order of their standards' ids.

    Raises EngineInputError: detectors_not_found, card_twice, and those of `read_detector`.
    """
    from gracja.engine.detect.learned.store import read_detector  # noqa: PLC0415

    found: dict[str, Detector] = {}
    for path in detector_files_in(folder):
        one = read_detector(path.read_bytes(), file=str(path))
        if one.standard in found:
            raise EngineInputError("card_twice", Where(str(path)), standard=one.standard)
        found[one.standard] = one
    if not found:
        raise EngineInputError("detectors_not_found", Where(str(folder)))
    return tuple(found[standard] for standard in sorted(found))
