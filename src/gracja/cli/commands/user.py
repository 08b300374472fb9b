# No postponed annotations in this folder: the help of an option is made when its command is built.
from typing import Annotated

import typer

from gracja.cli.screen import Screen
from gracja.cli.serving.opened import WRONG, application, home_option
from gracja.cli.terms import HELP_NAMES
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja user ...`: accounts of the application, for whoever runs its server."""
    group = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="rich",
        context_settings={"help_option_names": HELP_NAMES},
    )

    @group.callback()
    def user() -> None:
        """Keep the command's name: a group of one would lose it."""

    @group.command(
        name="reset-password",
        help=say("help_reset_password", lang),
        short_help=say("short_reset_password", lang),
    )
    def reset_password(
        who: Annotated[str, typer.Argument(help=say("help_reset_who", lang), metavar="EMAIL")],
        address: Annotated[
            str, typer.Option("--address", help=say("help_reset_address", lang))
        ] = "http://127.0.0.1:8000",
        home: home_option(lang) = None,  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        with application(screen, home, filled=True):
            _reset(who, address.rstrip("/"), screen)

    app.add_typer(group, name="user", help=say("help_user", lang), short_help=say("short_user", lang))


def _reset(who: str, address: str, screen: Screen) -> None:
    from django.db import DatabaseError  # noqa: PLC0415  (needs the extra)
    from django.urls import reverse  # noqa: PLC0415  (as above)

    from gracja.app.organisation.services import lost_password  # noqa: PLC0415  (as above)

    try:
        made = lost_password.reset_password(who)
    except DatabaseError as error:
        screen.say("serve_database_broken", reason=str(error).strip().partition("\n")[0])
        raise SystemExit(WRONG) from None
    screen.say("password_reset", login=made.login, until=f"{made.until.astimezone():%H:%M}")
    typer.echo(address + reverse("invitation", args=(made.token,)))
