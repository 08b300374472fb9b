# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import partial

import pyarrow as pa
import typer

from gracja.archive import open_archive
from gracja.archive.scoring import score_archive
from gracja.archive.tidy import tidy
from gracja.cli.commands import options
from gracja.cli.detector_files import Learned
from gracja.cli.edition_file import load_edition
from gracja.cli.screen import Screen
from gracja.cli.workers import Scorer, in_order
from gracja.engine.detect.batch import BatchScorer
from gracja.engine.edition.write import edition_digest
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja archive score`: archived conversations -> archived observations."""

    @app.command(
        name="score", help=say("help_archive_score", lang), short_help=say("short_archive_score", lang)
    )
    def score(
        edition: options.edition(lang),  # type: ignore[valid-type]
        archive: options.archive(lang),  # type: ignore[valid-type]
        month: options.months(lang) = [],  # type: ignore[valid-type]  # noqa: B006  typer copies it
        detectors: options.detectors(lang) = None,  # type: ignore[valid-type]
        conversation_language: options.language(lang) = None,  # type: ignore[valid-type]
        workers: options.workers(lang) = 1,  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        document = load_edition(edition)
        opened = open_archive(archive)
        learned = Learned.from_folder(detectors, document.edition, conversation_language)
        # Another language for rows that name none finds other things, so its rows are others, too.
        scored_by = learned.name + (f"+{conversation_language}" if conversation_language else "")
        total = sum(file.rows for file in opened.conversation_files().files(month or None))
        with screen.stage("archive_score", total) as stage:
            done = score_archive(
                opened,
                learned.scorer or BatchScorer(document.edition, conversation_language),
                edition_digest=edition_digest(document.edition),
                scored_by=scored_by,
                months=month or None,
                progress=stage.advance,
                through=partial(_in_order, workers=workers or os.cpu_count() or 1),
            )
        screen.say("archive_scored", conversations=done.conversations, observations=done.observations)
        with screen.stage("archive_tidy"):
            tidy(opened)
        if format_ == "json":
            said = asdict(done) | {"edition": document.edition.name, "detector": scored_by}
            typer.echo(json.dumps(said | {"seconds": screen.seconds}, ensure_ascii=False))


def _in_order(scorer: Scorer, batches: Iterable[pa.RecordBatch], *, workers: int) -> Iterator[pa.RecordBatch]:
    return in_order(batches, scorer, workers=workers)
