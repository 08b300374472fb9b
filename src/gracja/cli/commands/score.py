# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from gracja.cli import pipeline
from gracja.cli.commands import options
from gracja.cli.screen import Screen
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja score`: conversations -> observations."""

    @app.command(name="score", help=say("help_score", lang), short_help=say("short_score", lang))
    def score(
        conversations: options.conversations(lang),  # type: ignore[valid-type]
        edition: options.edition(lang),  # type: ignore[valid-type]
        out: Annotated[
            Path, typer.Option("--out", "-o", help=say("help_out_observations", lang), metavar="FILE")
        ] = Path("observations.parquet"),
        rejected: options.rejected(lang) = None,  # type: ignore[valid-type]
        strict: options.strict(lang) = False,  # type: ignore[valid-type]
        conversation_language: options.language(lang) = None,  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        document = pipeline.load_edition(edition)
        scored = pipeline.score(
            conversations,
            document.edition,
            out=out,
            screen=screen,
            rejected=rejected,
            strict=strict,
            language=conversation_language,
        )
        tell(scored, screen)
        screen.say("wrote", path=out, seconds=sum(screen.seconds.values()))
        if format_ == "json":
            typer.echo(json.dumps(summary(scored) | {"out": str(out), "seconds": screen.seconds}))


def tell(scored: pipeline.Scored, screen: Screen) -> None:
    """The counts, and where the rejected lines went."""
    screen.counts(scored.tally)
    if scored.tally.rejected:
        screen.say("rejected_are_in", path=scored.rejected)
    screen.say("observations_made", count=scored.observations)


def summary(scored: pipeline.Scored) -> dict[str, Any]:
    """The same for the next program."""
    tally = scored.tally
    return {
        "conversations_in": tally.read,
        "scored": tally.accepted,
        "rejected": tally.rejected,
        "rejected_by_code": dict(tally.rejected_by_code),
        "blank_lines": tally.blank,
        "notices": [
            {"code": code, "file": file, "name": name, "count": count}
            for (code, file, name), count in tally.noticed.items()
        ],
        "observations": scored.observations,
    }
