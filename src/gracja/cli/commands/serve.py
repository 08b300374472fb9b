# No postponed annotations in this folder: the help of an option is made when its command is built.
import os
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from gracja.cli.screen import Screen
from gracja.cli.serving.ready import (
    bring_database_up_to_date,
    collect_static_files,
    configure,
    look_for_the_extra,
    port_is_free,
    set_up,
)
from gracja.cli.serving.refused import CannotServe
from gracja.wording import say

WRONG = 2
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja serve`: the web application."""

    @app.command(name="serve", help=say("help_serve", lang), short_help=say("short_serve", lang))
    def serve(
        host: Annotated[str, typer.Option("--host", help=say("help_host", lang))] = "127.0.0.1",
        port: Annotated[int, typer.Option("--port", help=say("help_port", lang), min=1, max=65535)] = 8000,
        workers: Annotated[
            int, typer.Option("--workers", help=say("help_serve_workers", lang), min=1, max=64)
        ] = 2,
        home: Annotated[
            Path | None,
            typer.Option("--home", envvar="GRACJA_HOME", help=say("help_home", lang), metavar="FOLDER"),
        ] = None,
    ) -> None:
        screen = Screen(lang)
        try:
            make_ready(screen, home=home, host=host, port=port)
            run_server(screen, host=host, port=port, workers=workers)
        except CannotServe as refused:
            screen.say(refused.key, **refused.facts)
            raise SystemExit(WRONG) from None


def make_ready(screen: Screen, *, home: Path | None, host: str, port: int) -> None:
    """Everything but answering. Raises CannotServe."""
    look_for_the_extra()
    port_is_free(host, port)
    configure(home)
    set_up()
    if applied := bring_database_up_to_date():
        screen.say("serve_migrated", count=applied)
    collect_static_files()


def run_server(
    screen: Screen, *, host: str, port: int, workers: int, path: str = "/", show: bool = False
) -> None:
    """Answer until told to stop. path: what the printed address leads to; show: open it in a browser."""
    from gracja.cli.serving.server import serve  # noqa: PLC0415  (only where the extra is there)

    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  (shown, not bound)
    address = f"http://[{shown}]:{port}{path}" if ":" in shown else f"http://{shown}:{port}{path}"

    def on_ready() -> None:
        screen.say("serve_address", address=address)
        if host not in THIS_MACHINE and not os.environ.get("GRACJA_HOSTS"):
            screen.say("serve_hosts")
        if show:
            webbrowser.open(address)

    serve(host=host, port=port, workers=workers, on_ready=on_ready)
