"""Any number of conversations through a scorer into one file; what a killed run has scored stays scored."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from gracja import __version__
from gracja.cli.made_with import stamp
from gracja.cli.parts import Parts, parts_of
from gracja.cli.workers import Scorer, in_order
from gracja.engine.detect.batch import BatchScorer
from gracja.engine.detect.name import DETECTOR
from gracja.engine.edition.model import Edition
from gracja.engine.edition.write import edition_digest
from gracja.engine.tables import OBSERVATIONS
from gracja.files.batches import CONVERSATIONS_AT_ONCE


@dataclass(frozen=True)
class Job:
    """What is scored, by what and into which file.

    scorer: any picklable `RecordBatch -> RecordBatch` from tables.CONVERSATIONS to tables.OBSERVATIONS; by
    default the edition's phrases and rules. scored_with: what it depends on besides edition and language
    (digests of learned detectors, a judge's model): another value starts an unfinished run anew.
    workers: processes. at_once: conversations in a batch, which is what a killed run loses at most.
    """

    conversations: Sequence[str]
    edition: Edition
    out: Path
    language: str | None = None
    scorer: Scorer | None = None
    scored_with: Mapping[str, Any] = field(default_factory=dict)
    workers: int = 1
    at_once: int = CONVERSATIONS_AT_ONCE
    fresh: bool = False

    def parts(self) -> AbstractContextManager[Parts]:
        """The parts of the output, to be held as long as anything is written. Errors as `parts_of`."""
        paths = [Path(each) for each in self.conversations]
        files = all(path.is_file() for path in paths)
        made_with = {
            "program": [__version__, DETECTOR],
            "edition": [self.edition.name, edition_digest(self.edition)],
            "options": {"language": self.language, "at_once": self.at_once, **self.scored_with},
            "inputs": [_identity(path) for path in paths] if files else None,
        }
        schema = OBSERVATIONS.with_metadata(stamp(self.edition))
        return parts_of(self.out, schema, made_with, fresh=self.fresh, resumable=files)

    def score(self, batches: Iterable[pa.Table], parts: Parts) -> None:
        """Score what no part holds yet, and write it. Errors as `in_order` and `Parts`."""
        scorer = self.scorer or BatchScorer(self.edition, self.language)
        names: deque[str] = deque()

        def to_score() -> Iterator[pa.RecordBatch]:
            for number, table in enumerate(batches):
                (batch,) = table.combine_chunks().to_batches()
                if not parts.holds(number, batch):
                    names.append(parts.name(number, batch))
                    yield batch

        with closing(in_order(to_score(), scorer, workers=self.workers)) as found:
            for observations in found:
                parts.add(names.popleft(), observations)


def _identity(path: Path) -> list[Any]:
    found = path.stat()
    return [str(path.resolve()), found.st_size, found.st_mtime_ns]
