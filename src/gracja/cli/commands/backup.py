# No postponed annotations in this folder: the help of an option is made when its command is built.
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gracja.cli.screen import Screen
from gracja.cli.serving.ready import configure, look_for_the_extra, set_up
from gracja.cli.serving.refused import CannotServe
from gracja.wording import say

WRONG = 2


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja backup` and `gracja restore`: an installation in one file, and back."""

    @app.command(name="backup", help=say("help_backup", lang), short_help=say("short_backup", lang))
    def backup(
        file: Annotated[
            Path | None, typer.Argument(help=say("help_backup_file", lang), metavar="[FILE]")
        ] = None,
        home: _home(lang) = None,  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        target = file or Path(f"gracja-{datetime.now(UTC):%Y-%m-%d-%H%M}.tar")
        with _application(screen, home):
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
        home: _home(lang) = None,  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        with _application(screen, home):
            from gracja.app.operations.restore import restore as bring_back  # noqa: PLC0415  (as above)

            with screen.stage("restore"):
                made = bring_back(file)
            screen.say("restored", rows=sum(made.rows.values()), files=len(made.members), at=made.made_at)


def _home(lang: str) -> Any:
    return Annotated[
        Path | None,
        typer.Option("--home", envvar="GRACJA_HOME", help=say("help_home", lang), metavar="FOLDER"),
    ]


@contextmanager
def _application(screen: Screen, home: Path | None) -> Iterator[None]:
    """The application's code at hand; what it refuses is said, and ends with 2."""
    try:
        look_for_the_extra()
        configure(home)
        set_up()
    except CannotServe as refused:
        screen.say(refused.key, **refused.facts)
        raise SystemExit(WRONG) from None
    from gracja.app.common.refused import Refused  # noqa: PLC0415  (needs the extra)
    from gracja.wording.refusals import say_refusal  # noqa: PLC0415  (as above)

    try:
        yield
    except Refused as refused:
        typer.echo(say_refusal(refused.code, screen.lang, **refused.facts), err=True)
        raise SystemExit(WRONG) from None
