# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from pathlib import Path
from typing import Annotated

import typer

from gracja.cli import pipeline
from gracja.cli.commands import options
from gracja.cli.commands.summaries import measured_as_data, rows_as_data, tell_measured
from gracja.cli.edition_file import load_edition
from gracja.cli.files import rejected_to
from gracja.cli.flat_files import read_observations
from gracja.cli.made_with import warn_of_changed_edition
from gracja.cli.paths import check_paths
from gracja.cli.screen import Screen
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja measure`: observations -> results."""

    @app.command(name="measure", help=say("help_measure", lang), short_help=say("short_measure", lang))
    def measure(
        observations: Annotated[
            list[str], typer.Argument(help=say("help_observations", lang), metavar="OBSERVATIONS")
        ],
        edition: options.edition(lang),  # type: ignore[valid-type]
        out: Annotated[
            Path, typer.Option("--out", "-o", help=say("help_out_results", lang), metavar="FILE")
        ] = Path("results.parquet"),
        contacts: options.contacts(lang) = [],  # type: ignore[valid-type]  # noqa: B006  typer copies it
        source: options.source(lang) = "auto",  # type: ignore[valid-type]
        rejected: options.rejected(lang) = None,  # type: ignore[valid-type]
        strict: options.strict(lang) = False,  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        document = load_edition(edition)
        log = rejected or out.with_name("rejected_observations.jsonl")
        check_paths([*observations, *contacts], [edition], outputs=[out, log])
        with rejected_to(log, lang=lang) as rows:
            marks, marks_tally = pipeline.read_rows(
                read_observations,
                observations,
                counted="counts_observations",
                screen=screen,
                rejected=rows,
                strict=strict,
            )
            wanted, wanted_tally = pipeline.read_contact_rows(
                contacts, screen=screen, rejected=rows, strict=strict
            )
        warn_of_changed_edition(observations, document.edition, screen)
        measured = pipeline.measure_rows(
            marks, document.edition, out=out, screen=screen, contacts=wanted, source=source
        )
        tell_measured(measured, screen)
        screen.say("wrote", path=out, seconds=sum(screen.seconds.values()))
        if format_ == "json":
            said = measured_as_data(measured) | {
                "observation_rows": rows_as_data(marks_tally),
                "contact_rows": rows_as_data(wanted_tally),
                "rejected_file": str(log),
                "out": str(out),
                "seconds": screen.seconds,
            }
            typer.echo(json.dumps(said, ensure_ascii=False, default=float))
