# No postponed annotations in this folder: the help of an option is made when its command is built.
import json

import typer

from gracja.archive import open_archive
from gracja.archive.tidy import Tidied, tidy
from gracja.cli.commands import (
    archive_erase,
    archive_export,
    archive_import,
    archive_score,
    archive_stat,
    options,
)
from gracja.cli.screen import Screen
from gracja.cli.terms import HELP_NAMES
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja archive ...`: a folder of conversations and observations that grows."""
    group = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="rich",
        context_settings={"help_option_names": HELP_NAMES},
    )
    for command in (archive_import, archive_score, archive_export, archive_erase, archive_stat):
        command.add_to(group, lang)

    @group.command(
        name="compact", help=say("help_archive_compact", lang), short_help=say("short_archive_compact", lang)
    )
    def compact(
        archive: options.archive(lang),  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        opened = open_archive(archive)
        with screen.stage("archive_tidy"):
            done = tidy(opened, at_least=2)
        _tell(done, screen)
        if format_ == "json":
            typer.echo(json.dumps({"small": done.small, "whole": done.whole, "deleted": done.deleted}))

    app.add_typer(
        group, name="archive", help=say("help_archive", lang), short_help=say("short_archive", lang)
    )


def _tell(done: Tidied, screen: Screen) -> None:
    if done.deleted is None:
        screen.say("archive_tidied_later", small=done.small, whole=done.whole)
    else:
        screen.say("archive_tidied", small=done.small, whole=done.whole, deleted=done.deleted)
