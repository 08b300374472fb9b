# No postponed annotations in this folder: the help of an option is made when its command is built.
from pathlib import Path
from typing import Annotated

import typer

from gracja.cli import pipeline
from gracja.cli.commands import options
from gracja.cli.edition_file import load_edition
from gracja.cli.made_with import warn_of_changed_edition
from gracja.cli.paths import check_paths
from gracja.cli.screen import Screen
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja report`: results and observations -> one HTML file."""

    @app.command(name="report", help=say("help_report", lang), short_help=say("short_report", lang))
    def report(
        results: Annotated[Path, typer.Argument(help=say("help_results", lang), metavar="RESULTS")],
        observations: Annotated[
            list[str], typer.Option("--observations", help=say("help_observations", lang), metavar="FILE")
        ],
        edition: options.edition(lang),  # type: ignore[valid-type]
        out: Annotated[
            Path, typer.Option("--out", "-o", help=say("help_out_report", lang), metavar="FILE")
        ] = Path("report.html"),
        conversations: Annotated[
            list[str], typer.Option("--conversations", help=say("help_quotes", lang), metavar="FILE")
        ] = [],  # noqa: B006  typer copies it
        title: options.title(lang) = None,  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        document = load_edition(edition)
        check_paths([*observations, *conversations], [results, edition], outputs=[out])
        pipeline.report_files(
            results,
            observations,
            document.edition,
            out=out,
            screen=screen,
            conversations=conversations,
            title=title,
        )
        warn_of_changed_edition([results, *observations], document.edition, screen)
        screen.say("wrote", path=out, seconds=sum(screen.seconds.values()))
