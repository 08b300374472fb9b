# No postponed annotations in this folder: the help of an option is made when its command is built.
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gracja.cli.screen import Screen
from gracja.cli.serving.opened import application, home_option
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja backup` and `gracja restore`: an installation in one file, and back."""

    @app.command(name="backup", help=say("help_backup", lang), short_help=say("short_backup", lang))
    def backup(
        file: Annotated[
            Path | None, typer.Argument(help=say("help_backup_file", lang), metavar="[FILE]")
        ] = None,
        home: home_option(lang) = None,  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        target = file or Path(f"gracja-{datetime.now(UTC):%Y-%m-%d-%H%M}.tar")
        with application(screen, home, filled=True):
            from gracja.app.operations.backup import make_backup  # noqa: PLC0415  (needs the extra)

            with screen.stage("backup"):
                made = make_backup(target)
            screen.say(
                "backup_made",
                path=target,
                rows=sum(made.rows.values()),
                files=len(made.members),
                megabytes=round(target.stat().st_size / 1e6, 1),
            )

    @app.command(name="restore", help=say("help_restore", lang), short_help=say("short_restore", lang))
    def restore(
        file: Annotated[Path, typer.Argument(help=say("help_restore_file", lang), metavar="FILE")],
        home: home_option(lang) = None,  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        with application(screen, home):
            from gracja.app.operations.restore import restore as bring_back  # noqa: PLC0415  (as above)

            with screen.stage("restore"):
                came = bring_back(file)
            made = came.manifest
            screen.say(
                "restored",
                rows=sum(made.rows.values()),
                files=len(made.members),
                at=f"{datetime.fromisoformat(made.made_at).astimezone():%Y-%m-%d %H:%M %Z}",
                command=f"gracja serve --home {shlex.quote(str(home))}" if home else "gracja serve",
            )
            if came.listed:
                screen.say("erased_again", erased=came.again, marks=came.marks)
            else:
                screen.say("erasures_not_listed")
