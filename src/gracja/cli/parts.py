"""Observations on their way into one Parquet file, in parts that are still there when the run is killed.

Why a part is a stretch of the output and no Parquet file of its own: docs/adr, 0005.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from gracja.cli.locked import locked
from gracja.engine.errors import EngineInputError, Where
from gracja.files.opening import STANDARD_INPUT

_MADE_WITH: Final = "made_with.json"
_ENDING: Final = ".part"
_MAGIC: Final = b"PAR1"  # begins and ends a Parquet file
_AFTER_FOOTER_BYTES: Final = 8  # its length, and the magic
_SKIPPED_AT_ONCE: Final = 2**26


@contextmanager
def parts_of(
    out: Path, schema: pa.Schema, made_with: Mapping[str, Any], *, fresh: bool = False, resumable: bool = True
) -> Iterator[Parts]:
    """The parts of this output: what an unfinished run with the same `made_with` has left, and what comes.

    They lie in a hidden folder beside the output, which goes when the output is there, and stays when the
    run breaks off. made_with: all that the rows depend on, fit for JSON. fresh: take nothing over.
    resumable: False where the input cannot be read again, so that nothing is left either.

    Raises EngineInputError: output_in_use, where another process is writing the same output.
    """
    to_pipe = str(out) == STANDARD_INPUT
    folder = Path(tempfile.mkdtemp()) if to_pipe else out.with_name(f".{out.name}.parts")
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder, out):
        stays = resumable and not to_pipe
        parts = Parts(out, folder, schema, json.loads(json.dumps(made_with)), stays=stays)
        parts.take_over(fresh=fresh or not stays)
        try:
            yield parts
        finally:
            if parts.joined or not parts.kept:
                shutil.rmtree(folder, ignore_errors=True)  # with the lock, while it is held
    if sys.platform == "win32" and not any(folder.glob(f"*{_ENDING}")):
        shutil.rmtree(folder, ignore_errors=True)  # which removes no file that is open


class _Part(NamedTuple):
    """A stretch of the output: its bytes up to where Parquet's footer would begin, and what it stands for."""

    path: Path
    size: int
    conversations: int
    observations: int


class Parts:
    """What is scored so far, one part for each batch of conversations, in their order."""

    def __init__(
        self, out: Path, folder: Path, schema: pa.Schema, made_with: dict[str, Any], *, stays: bool
    ) -> None:
        self.joined = False
        self.taken_over = 0  # parts of an earlier run
        self.changed: list[str] = []  # what of `made_with` is another than in the run that broke off
        self._out, self._folder, self._schema, self._made_with = out, folder, schema, made_with
        self._parts: list[_Part] = []
        self._stays = stays

    @property
    def conversations(self) -> int:
        return sum(part.conversations for part in self._parts)

    @property
    def kept(self) -> int:
        """How many conversations another run need not score again."""
        return self.conversations if self._stays else 0

    @property
    def observations(self) -> int:
        return sum(part.observations for part in self._parts)

    def take_over(self, *, fresh: bool) -> None:
        """Look at what an earlier run left: keep what was made with the same, remove the rest."""
        (self._folder / "joined").unlink(missing_ok=True)
        manifest = self._folder / _MADE_WITH
        found = json.loads(manifest.read_bytes()) if manifest.exists() else {}  # which is whole, or not there
        left = sorted(self._folder.glob(f"*{_ENDING}"))
        if fresh or found != self._made_with:
            if left and not fresh:
                self.changed = [name for name, value in self._made_with.items() if found.get(name) != value]
            for path in left:
                path.unlink()
            _write(manifest, json.dumps(self._made_with, ensure_ascii=False, indent=1).encode())
            return
        for number, path in enumerate(left):
            part = _part(path) if int(path.name.split("-")[0]) == number else None
            if part is None:  # each begins where the one before ends, so those after it are lost too
                for lost in left[number:]:
                    lost.unlink()
                break
            self._parts.append(part)
        self.taken_over = len(self._parts)

    def name(self, number: int, batch: pa.RecordBatch) -> str:
        """The file of the part for this batch, which is the one of this number."""
        digest = sha256(batch.select(["contact"]).serialize()).hexdigest()
        return f"{number:08d}-{batch.num_rows}-{digest[:16]}{_ENDING}"

    def holds(self, number: int, batch: pa.RecordBatch) -> bool:
        """Whether an earlier run has scored this batch.

        Raises EngineInputError: parts_of_other_input, where it has scored another one in its place.
        """
        if number >= self.taken_over:
            return False
        if self._parts[number].path.name != self.name(number, batch):
            raise EngineInputError("parts_of_other_input", Where(str(self._out)))
        return True

    def add(self, name: str, observations: pa.RecordBatch) -> None:
        """Write the next part. Raises EngineInputError: output_unwritable."""
        encoded = _encoded(observations, self._schema, len(_MAGIC) + sum(part.size for part in self._parts))
        try:
            _write(self._folder / name, encoded)
        except OSError as problem:
            raise self._unwritable(problem) from None
        part = _part(self._folder / name)
        assert part is not None  # it was written just now
        self._parts.append(part)

    def join(self) -> None:
        """All parts as one Parquet file, which takes its name when it is whole.

        Raises EngineInputError: output_unwritable.
        """
        if str(self._out) == STANDARD_INPUT:
            self._copy_to(sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return
        whole = self._folder / "joined"
        try:
            with whole.open("wb") as out:
                self._copy_to(out)
                out.flush()
                os.fsync(out.fileno())
            whole.replace(self._out)
        except OSError as problem:
            with suppress(OSError):
                whole.unlink(missing_ok=True)
            raise self._unwritable(problem) from None
        self.joined = True

    def _copy_to(self, out: IO[bytes]) -> None:
        footer: pq.FileMetaData | None = None
        out.write(_MAGIC)
        for part in self._parts:
            with part.path.open("rb") as file:
                own = pq.read_metadata(file)
                file.seek(0)
                out.write(file.read(part.size))
            if footer is None:
                footer = own
            else:
                footer.append_row_groups(own)
        assert footer is not None  # a run without conversations has ended before
        end = io.BytesIO()
        footer.write_metadata_file(end)
        out.write(end.getvalue()[len(_MAGIC) :])

    def _unwritable(self, problem: OSError) -> EngineInputError:
        reason = problem.strerror or str(problem)
        return EngineInputError("output_unwritable", Where(str(self._out)), problem=reason, count=self.kept)


class _Kept(io.RawIOBase):
    """What is written after the first `skipped` bytes."""

    def __init__(self, skipped: int) -> None:
        super().__init__()
        self.content = io.BytesIO()
        self._skipped = skipped

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self._skipped:
            self._skipped -= len(data)
        else:
            self.content.write(data)
        return len(data)


def _encoded(observations: pa.RecordBatch, schema: pa.Schema, place: int) -> bytes:
    """One row group as it stands at this place of a Parquet file, and the footer of a file that ended there.

    Parquet counts from the beginning of the file, so Arrow is made to believe that all before is written.
    """
    kept = _Kept(place)
    with pa.PythonFile(kept, mode="w") as out:
        with pq.ParquetWriter(out, schema, compression="zstd") as writer:
            nothing = bytes(min(place, _SKIPPED_AT_ONCE))  # which the system does not even lay out
            for skipped in range(len(_MAGIC), place, _SKIPPED_AT_ONCE):
                out.write(memoryview(nothing)[: min(_SKIPPED_AT_ONCE, place - skipped)])
            writer.write_batch(observations.replace_schema_metadata(schema.metadata))
        return kept.content.getvalue()


def _part(path: Path) -> _Part | None:
    """What this file holds; None where the disk has spoilt it."""
    try:
        observations = pq.read_metadata(path).num_rows
        with path.open("rb") as file:
            file.seek(-_AFTER_FOOTER_BYTES, os.SEEK_END)
            footer_bytes = int.from_bytes(file.read(4), "little")
    except (pa.ArrowException, OSError):
        return None
    size = path.stat().st_size - footer_bytes - _AFTER_FOOTER_BYTES
    return _Part(path, size, int(path.name.split("-")[1]), observations)


def _write(path: Path, content: bytes) -> None:
    """The file is there whole or not at all, also when the machine goes down."""
    unfinished = path.with_name("unfinished")
    try:
        with unfinished.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
