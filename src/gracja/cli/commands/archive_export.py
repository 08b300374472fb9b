# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from gracja.archive import Archive, open_archive
from gracja.archive.stat import stat
from gracja.cli.commands import options
from gracja.cli.edition_file import load_edition
from gracja.cli.files import write_parquet
from gracja.cli.made_with import stamp
from gracja.cli.paths import check_paths
from gracja.cli.screen import Screen
from gracja.engine.edition.model import Edition
from gracja.engine.edition.write import edition_digest
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.tables import CONVERSATIONS, OBSERVATIONS
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja archive export`: archived observations -> observations.parquet."""

    @app.command(
        name="export", help=say("help_archive_export", lang), short_help=say("short_archive_export", lang)
    )
    def export(
        edition: options.edition(lang),  # type: ignore[valid-type]
        archive: options.archive(lang),  # type: ignore[valid-type]
        out: Annotated[
            Path, typer.Option("--out", "-o", help=say("help_out_observations", lang), metavar="FILE")
        ] = Path("observations.parquet"),
        conversations: Annotated[
            Path | None,
            typer.Option("--conversations", help=say("help_archive_conversations_out", lang), metavar="FILE"),
        ] = None,
        month: options.months(lang) = [],  # type: ignore[valid-type]  # noqa: B006  typer copies it
        detector: Annotated[
            str | None, typer.Option("--detector", help=say("help_archive_detector", lang), metavar="NAME")
        ] = None,
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        document = load_edition(edition)
        opened = open_archive(archive)
        outputs = [out] if conversations is None else [out, conversations]
        check_paths([], [edition], outputs=outputs)
        for path in outputs:
            path.parent.mkdir(parents=True, exist_ok=True)
        with screen.stage("archive_export"):
            count = _write_observations(opened, document.edition, out, month or None, detector)
            if conversations is not None:
                tables = map(_table, opened.conversations(month or None))
                write_parquet(tables, conversations, CONVERSATIONS)
        screen.say("archive_exported", count=count)
        screen.say("wrote", path=out, seconds=sum(screen.seconds.values()))
        if format_ == "json":
            said = {"observations": count, "out": str(out), "seconds": screen.seconds}
            typer.echo(json.dumps(said, ensure_ascii=False))


def _write_observations(
    archive: Archive, edition: Edition, out: Path, months: list[str] | None, detector: str | None
) -> int:
    """How many. Raises EngineInputError: archive_not_scored, archive_detector."""
    digest = edition_digest(edition)
    detectors = [each.scored_by for each in stat(archive).scorings if each.edition_digest == digest]
    if detector is None and len(detectors) > 1:
        raise EngineInputError("archive_detector", Where(str(archive.folder)), known=detectors)
    schema = OBSERVATIONS.with_metadata(stamp(edition))
    counts: list[int] = []

    def tables() -> Iterator[pa.Table]:
        for batch in archive.observations(months, edition_digest=digest, scored_by=detector):
            counts.append(batch.num_rows)
            yield _table(batch).replace_schema_metadata(schema.metadata)
        if not counts:
            raise EngineInputError("archive_not_scored", Where(str(archive.folder)), edition=edition.name)

    write_parquet(tables(), out, schema)
    return sum(counts)


def _table(batch: pa.RecordBatch) -> pa.Table:
    return pa.Table.from_batches([batch])
