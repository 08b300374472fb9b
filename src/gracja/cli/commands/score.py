# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
import os
from pathlib import Path
from typing import Annotated

import typer

from gracja.cli import pipeline
from gracja.cli.commands import options
from gracja.cli.commands.summaries import scored_as_data, tell_scored
from gracja.cli.detector_files import Learned, detector_files_in
from gracja.cli.edition_file import load_edition
from gracja.cli.files import rejected_to
from gracja.cli.paths import check_paths
from gracja.cli.scoring import Job
from gracja.cli.screen import Screen
from gracja.files.batches import CONVERSATIONS_AT_ONCE
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja score`: conversations -> observations."""

    @app.command(name="score", help=say("help_score", lang), short_help=say("short_score", lang))
    def score(
        conversations: options.conversations(lang),  # type: ignore[valid-type]
        edition: options.edition(lang),  # type: ignore[valid-type]
        *,
        out: Annotated[
            Path, typer.Option("--out", "-o", help=say("help_out_observations", lang), metavar="FILE")
        ] = Path("observations.parquet"),
        detectors: options.detectors(lang) = None,  # type: ignore[valid-type]
        rejected: options.rejected(lang) = None,  # type: ignore[valid-type]
        strict: options.strict(lang) = False,  # type: ignore[valid-type]
        conversation_language: options.language(lang) = None,  # type: ignore[valid-type]
        workers: options.workers(lang) = 1,  # type: ignore[valid-type]
        batch: options.batch(lang) = CONVERSATIONS_AT_ONCE,  # type: ignore[valid-type]
        fresh: options.fresh(lang) = False,  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        document = load_edition(edition)
        log = rejected or out.with_name("rejected.jsonl")
        check_paths(conversations, [edition, *detector_files_in(detectors)], outputs=[out, log])
        learned = Learned.from_folder(detectors, document.edition, conversation_language)
        job = Job(
            conversations,
            document.edition,
            out,
            conversation_language,
            scorer=learned.scorer,
            scored_with=learned.scored_with,
            workers=workers or os.cpu_count() or 1,
            at_once=batch,
            fresh=fresh,
        )
        with job.parts() as parts, rejected_to(log, lang=lang, beside=out) as rows:
            scored = pipeline.score(job, parts, screen=screen, rejected=rows, strict=strict)
        tell_scored(scored, screen)
        screen.say("wrote", path=out, seconds=sum(screen.seconds.values()))
        if format_ == "json":
            said = scored_as_data(scored, log) | {"out": str(out), "seconds": screen.seconds}
            typer.echo(json.dumps(said, ensure_ascii=False))
