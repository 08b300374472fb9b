# No postponed annotations here: the option is made when its command is built.
"""The application's code at hand for a command that does not serve it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from gracja.cli.screen import Screen
from gracja.cli.serving.ready import configure, look_for_tables, look_for_the_extra, set_up
from gracja.cli.serving.refused import CannotServe
from gracja.wording import say

WRONG = 2


def home_option(lang: str) -> Any:
    """`--home`: the data folder."""
    return Annotated[
        Path | None,
        typer.Option("--home", envvar="GRACJA_HOME", help=say("help_home", lang), metavar="FOLDER"),
    ]


@contextmanager
def application(screen: Screen, home: Path | None, *, filled: bool = False) -> Iterator[None]:
    """The application's code at hand; what it refuses is said, and ends with 2. filled: of an empty database
    nothing can be asked.
    """
    try:
        look_for_the_extra()
        configure(home)
        set_up()
        if filled:
            look_for_tables()
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
