"""The main job in three steps, from files to files: score, measure, report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gracja.cli.files import batches, read_contacts, read_observations, rejected_to, replacing, write_parquet
from gracja.cli.opening import size_bytes
from gracja.cli.screen import Screen
from gracja.engine.conversations.outcome import Tally
from gracja.engine.detect.batch import detect_with
from gracja.engine.detect.plan import Plan
from gracja.engine.edition.model import Edition
from gracja.engine.edition.read import EditionDocument, read_edition
from gracja.engine.edition.write import edition_digest
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.measure import Measured, measure
from gracja.engine.tables import CONVERSATIONS, OBSERVATIONS, RESULTS
from gracja.report import write_report

_EDITION_HASH = b"gracja.edition.sha256"
_MEASURED = b"gracja.measured"


@dataclass
class Scored:
    """What scoring read and wrote."""

    observations: int = 0
    tally: Tally = field(default_factory=Tally)
    rejected: Path | None = None


@dataclass(frozen=True)
class Beside:
    """What the engine said beside its results, as it travels in the results file's metadata."""

    notes: tuple[Any, ...] = ()
    not_measured: tuple[Any, ...] = ()
    rejected: int = 0


def load_edition(path: Path) -> EditionDocument:
    """Raises EngineInputError: file_not_found, not_utf8; ManyInputErrors as `read_edition`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise EngineInputError("edition_not_found", Where(str(path))) from None
    except UnicodeDecodeError as broken:
        raise EngineInputError("edition_not_utf8", Where(str(path)), byte=broken.start) from None
    return read_edition(text, file=str(path))


def score(
    conversations: Sequence[str],
    edition: Edition,
    *,
    out: Path,
    screen: Screen,
    rejected: Path | None = None,
    strict: bool = False,
    language: str | None = None,
    keep: Path | None = None,
) -> Scored:
    """Conversations -> observations.parquet. keep: where the accepted conversations go, to quote from."""
    scored = Scored(rejected=rejected or out.with_name("rejected.jsonl"))
    out.parent.mkdir(parents=True, exist_ok=True)
    plan = Plan(edition)
    schema = OBSERVATIONS.with_metadata({_EDITION_HASH: edition_digest(edition).encode()})
    keeper = nullcontext() if keep is None else pq.ParquetWriter(keep, CONVERSATIONS, compression="lz4")
    assert scored.rejected is not None
    with (
        screen.stage("score", size_bytes(conversations) if _all_exist(conversations) else None) as stage,
        rejected_to(scored.rejected, lang=screen.lang) as on_rejected,
        keeper as writer,
    ):

        def observed() -> Iterator[pa.Table]:
            tables = batches(
                conversations,
                on_rejected=on_rejected,
                strict=strict,
                tally=scored.tally,
                progress=stage.advance,
            )
            for table in tables:
                if writer is not None:
                    writer.write_table(table)
                found = detect_with(plan, table, default_language=language)
                scored.observations += found.num_rows
                stage.show(f"{scored.tally.read:,}".replace(",", "\u202f"))
                yield found.replace_schema_metadata(schema.metadata)

        write_parquet(observed(), out, schema)
    if not scored.tally.rejected:
        scored.rejected.unlink()
    return scored


def _all_exist(paths: Sequence[str]) -> bool:
    return all(path == "-" or Path(path).is_file() for path in paths)


def measure_files(
    observations: Sequence[str],
    edition: Edition,
    *,
    out: Path,
    screen: Screen,
    contacts: Sequence[str] = (),
    rejected: Path | None = None,
    strict: bool = False,
    source: str = "auto",
    unread: int = 0,
) -> tuple[Measured, Tally]:
    """Observations (and contacts) -> results.parquet. unread: conversations rejected before."""
    tally = Tally()
    out.parent.mkdir(parents=True, exist_ok=True)
    log = rejected or out.with_name("rejected_observations.jsonl")
    with screen.stage("measure") as stage:
        with rejected_to(log, lang=screen.lang) as on_rejected:
            table = read_observations(observations, on_rejected=on_rejected, strict=strict, tally=tally)
            wanted = (
                read_contacts(contacts, on_rejected=on_rejected, strict=strict, tally=tally)
                if contacts
                else None
            )
        if not tally.rejected:
            log.unlink()
        measured = measure(
            table,
            edition,
            contacts=wanted,
            source=source,  # type: ignore[arg-type]  # typer has checked the choice
            progress=lambda _, share: stage.reach(share),
        )
        metadata = {_EDITION_HASH: edition_digest(edition).encode(), _MEASURED: _packed(measured, unread)}
        results = measured.results.replace_schema_metadata(metadata)
        write_parquet([results], out, RESULTS.with_metadata(metadata))
    return measured, tally


def _packed(measured: Measured, unread: int) -> bytes:
    beside = {
        "notes": [[note.code, note.facts] for note in measured.notes],
        "not_measured": [[n.subject_kind, n.subject, n.code, n.facts] for n in measured.not_measured],
        "rejected": unread,
    }
    return json.dumps(beside, ensure_ascii=False, default=float).encode()


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


def report_files(
    results: Path,
    observations: Sequence[str],
    edition: Edition,
    *,
    out: Path,
    screen: Screen,
    conversations: Sequence[str] = (),
    title: str | None = None,
) -> Path:
    """Results and observations -> one HTML file."""
    table = read_results(results)
    beside = beside_results(table)
    out.parent.mkdir(parents=True, exist_ok=True)
    with screen.stage("report"):
        page = write_report(
            results=table,
            observations=read_observations(observations),
            edition=edition,
            conversations=batches(conversations, on_rejected=lambda _: None) if conversations else None,
            language=screen.lang,
            rejected=beside.rejected,
            title=title,
            notes=beside.notes,
            not_measured=beside.not_measured,
        )
        with replacing(out) as file:
            file.write(page.encode("utf-8"))
    return out


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
