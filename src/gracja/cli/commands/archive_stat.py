# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from dataclasses import asdict

import typer

from gracja.archive import open_archive
from gracja.archive.stat import stat
from gracja.cli.commands import options
from gracja.cli.screen import Screen
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja archive stat`: what the archive holds."""

    @app.command(name="stat", help=say("help_archive_stat", lang), short_help=say("short_archive_stat", lang))
    def stat_(
        archive: options.archive(lang),  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        found = stat(open_archive(archive))
        if format_ == "json":
            typer.echo(json.dumps(asdict(found), ensure_ascii=False))
            return
        screen = Screen(lang)
        screen.say(
            "archive_holds",
            conversations=found.conversations,
            observations=found.observations,
            files=found.files,
            megabytes=round(found.size_bytes / 1e6, 1),
            last=found.last_import or "-",
        )
        for month, count in found.conversations_by_month.items():
            screen.say("archive_month_holds", month=month, count=count)
        for each in found.scorings:
            screen.say(
                "archive_scoring_holds",
                edition=each.edition,
                digest=each.edition_digest[:12],
                detector=each.scored_by,
                count=each.observations,
            )
