"""The main job in three steps, from files to files: score, measure, report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from gracja.cli.files import RejectedRows, replacing
from gracja.cli.made_with import refuse_other_edition
from gracja.cli.parts import Parts
from gracja.cli.results_file import beside_results, read_results, write_results
from gracja.cli.scoring import Job
from gracja.cli.screen import Screen
from gracja.engine.conversations.outcome import Tally
from gracja.engine.edition.model import Edition
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONVERSATIONS
from gracja.files.batches import batches
from gracja.files.opening import size_bytes

if TYPE_CHECKING:
    from gracja.engine.measure import Measured

INTERRUPTED: Final = 130  # as shells count a program that Ctrl-C has ended


@dataclass
class Scored:
    """What scoring read and wrote."""

    observations: int = 0
    tally: Tally = field(default_factory=Tally)


def score(
    job: Job,
    parts: Parts,
    *,
    screen: Screen,
    rejected: RejectedRows,
    strict: bool = False,
    keep: Path | None = None,
) -> Scored:
    """Conversations -> observations.parquet. keep: where the accepted conversations go, to quote from.

    An unfinished run is gone on with: everything is read again, so that counts and rejected rows are those
    of a run in one go, and only what is not in `parts` is scored.

    Raises EngineInputError: as `batches` and `Job.score`; conversations_empty, where none could be scored.
    """
    scored = Scored()
    _tell_taken_over(parts, screen)
    keeper = nullcontext() if keep is None else pq.ParquetWriter(keep, CONVERSATIONS, compression="lz4")
    with (
        screen.counting("counts", scored.tally, rejected.path),
        screen.stage("score", size_bytes(job.conversations)) as stage,
        keeper as writer,
    ):

        def read() -> Iterator[pa.Table]:
            tables = batches(
                job.conversations,
                on_rejected=rejected,
                strict=strict,
                tally=scored.tally,
                progress=stage.advance,
                at_once=job.at_once,
            )
            for table in tables:
                if writer is not None:
                    writer.write_table(table)
                stage.show(f"{scored.tally.read:,}".replace(",", "\u202f"))
                yield table

        try:
            job.score(read(), parts)
        except KeyboardInterrupt:
            screen.say("interrupted", count=parts.kept)
            raise SystemExit(INTERRUPTED) from None
        if not scored.tally.accepted:
            raise EngineInputError("conversations_empty")
        parts.join()
        scored.observations = parts.observations
    return scored


def _tell_taken_over(parts: Parts, screen: Screen) -> None:
    for what in parts.changed:
        screen.say(f"anew_{what}")
    if parts.taken_over:
        screen.say("goes_on", count=parts.conversations)


def read_rows(
    read: Callable[..., pa.Table],
    paths: Sequence[str],
    *,
    counted: str,
    screen: Screen,
    rejected: RejectedRows,
    strict: bool,
) -> tuple[pa.Table, Tally]:
    """Observations or contacts, and how many there were; `counted` is the sentence that says so."""
    tally = Tally()
    with screen.counting(counted, tally, rejected.path), screen.stage("read", size_bytes(paths)) as stage:
        table = read(paths, on_rejected=rejected, strict=strict, tally=tally, progress=stage.advance)
    return table, tally


def read_contact_rows(
    contacts: Sequence[str], *, screen: Screen, rejected: RejectedRows, strict: bool
) -> tuple[pa.Table, Tally] | tuple[None, None]:
    """As `read_rows`; nothing, where the person named no contacts."""
    if not contacts:
        return None, None
    from gracja.cli.flat_files import read_contacts  # noqa: PLC0415  (scoring need not wait for Polars)

    return read_rows(
        read_contacts, contacts, counted="counts_contacts", screen=screen, rejected=rejected, strict=strict
    )


def measure_rows(
    observations: pa.Table,
    edition: Edition,
    *,
    out: Path,
    screen: Screen,
    contacts: pa.Table | None = None,
    source: str = "auto",
    unread: int = 0,
) -> Measured:
    """Observations (and contacts) -> results.parquet. unread: conversations rejected before."""
    out.parent.mkdir(parents=True, exist_ok=True)
    from gracja.engine.measure import measure  # noqa: PLC0415  (scoring need not wait for SciPy)

    with screen.stage("measure") as stage:
        measured = measure(
            observations,
            edition,
            contacts=contacts,
            source=source,  # type: ignore[arg-type]  # typer has checked the choice
            progress=lambda _, share: stage.reach(share),
        )
        write_results(measured, edition, out, unread=unread)
    return measured


def report_files(
    results: Path,
    observations: Sequence[str],
    edition: Edition,
    *,
    out: Path,
    screen: Screen,
    conversations: Sequence[str] = (),
    title: str | None = None,
) -> None:
    """Results and observations -> one HTML file.

    Raises EngineInputError: as `read_results`, `refuse_other_edition`, `read_observations` and `batches`.
    """
    from gracja.cli.flat_files import read_observations  # noqa: PLC0415  (as above)
    from gracja.report import write_report  # noqa: PLC0415  (scoring need not wait for the templates)

    table = read_results(results)
    refuse_other_edition(table, edition, results)
    beside = beside_results(table)
    tally = Tally()
    out.parent.mkdir(parents=True, exist_ok=True)
    with screen.stage("report"):
        page = write_report(
            results=table,
            observations=read_observations(observations),
            edition=edition,
            conversations=batches(conversations, on_rejected=_counted, tally=tally)
            if conversations
            else None,
            language=screen.lang,
            rejected=beside.rejected,
            title=title,
            notes=beside.notes,
            not_measured=beside.not_measured,
        )
        with replacing(out) as file:
            file.write(page.encode("utf-8"))
    if tally.rejected:
        screen.counts("counts_quotes", tally)


def _counted(_: object) -> None:
    """The tally counts what was rejected; `gracja score` has written the reasons before."""
