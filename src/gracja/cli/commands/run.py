# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from gracja.cli import pipeline
from gracja.cli.commands import measure as measure_command
from gracja.cli.commands import options
from gracja.cli.commands import score as score_command
from gracja.cli.screen import Screen
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja run`: score, measure and report in one go."""

    @app.command(name="run", help=say("help_run", lang), short_help=say("short_run", lang))
    def run(
        conversations: options.conversations(lang),  # type: ignore[valid-type]
        edition: options.edition(lang),  # type: ignore[valid-type]
        out: Annotated[
            Path, typer.Option("--out", "-o", help=say("help_out_folder", lang), metavar="FOLDER")
        ] = Path("gracja-results"),
        contacts: options.contacts(lang) = [],  # type: ignore[valid-type]  # noqa: B006  typer copies it
        strict: options.strict(lang) = False,  # type: ignore[valid-type]
        conversation_language: options.language(lang) = None,  # type: ignore[valid-type]
        title: options.title(lang) = None,  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        done = whole_job(
            conversations,
            edition,
            out,
            screen,
            contacts=contacts,
            strict=strict,
            language=conversation_language,
            title=title,
        )
        if format_ == "json":
            typer.echo(json.dumps(done, default=float))


def whole_job(
    conversations: list[str],
    edition: Path,
    out: Path,
    screen: Screen,
    *,
    contacts: list[str] | tuple[str, ...] = (),
    strict: bool = False,
    language: str | None = None,
    title: str | None = None,
) -> dict[str, Any]:
    """All three steps into one folder; says what it did and returns the same as data."""
    document = pipeline.load_edition(edition)
    out.mkdir(parents=True, exist_ok=True)
    observations, results, page = out / "observations.parquet", out / "results.parquet", out / "report.html"
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "conversations.parquet"
        scored = pipeline.score(
            conversations,
            document.edition,
            out=observations,
            screen=screen,
            strict=strict,
            language=language,
            keep=kept,
        )
        score_command.tell(scored, screen)
        measured, _ = pipeline.measure_files(
            [str(observations)],
            document.edition,
            out=results,
            screen=screen,
            contacts=contacts,
            strict=strict,
            unread=scored.tally.rejected,
        )
        measure_command.tell(measured, screen)
        pipeline.report_files(
            results,
            [str(observations)],
            document.edition,
            out=page,
            screen=screen,
            conversations=[str(kept)],
            title=title,
        )
    for stage, seconds in screen.seconds.items():
        screen.say("stage_took", stage=say(f"stage_{stage}", screen.lang), seconds=seconds)
    if (peak := peak_megabytes()) is not None:
        screen.say("memory", megabytes=peak)
    screen.say("report_is_in", path=page)
    return {
        **score_command.summary(scored),
        **measure_command.summary(measured),
        "seconds": screen.seconds,
        "peak_megabytes": peak_megabytes(),
        "report": str(page),
    }


def peak_megabytes() -> float | None:
    """The most memory that this process has held so far (megabytes of 10^6 bytes); None where unknown."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415  not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
