# No postponed annotations in this folder: the help of an option is made when its command is built.
import os
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from gracja.cli.screen import Screen
from gracja.cli.serving.ready import (
    bring_database_up_to_date,
    code_of_set_up,
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
            code = make_ready(screen, home=home, host=host, port=port)
            run_server(screen, host=host, port=port, workers=workers, code=code)
        except CannotServe as refused:
            screen.say(refused.key, **refused.facts)
            raise SystemExit(WRONG) from None


def make_ready(screen: Screen, *, home: Path | None, host: str, port: int) -> str:
    """Everything but answering; the code that the set-up page asks for, or nothing. Raises CannotServe."""
    look_for_the_extra()
    port_is_free(host, port)
    configure(home)
    open_to_others = host not in THIS_MACHINE or bool(os.environ.get("GRACJA_HOSTS"))
    os.environ["GRACJA_SETUP_CODE"] = "1" if open_to_others else "0"
    set_up()
    if applied := bring_database_up_to_date():
        screen.say("serve_migrated", count=applied)
    collect_static_files()
    return code_of_set_up() if open_to_others else ""


def run_server(
    screen: Screen,
    *,
    host: str,
    port: int,
    workers: int,
    path: str = "/",
    show: bool = False,
    code: str = "",
) -> None:
    """Answer until told to stop.

    path: what the printed address leads to. show: open it in a browser. code: what set-up asks for.
    """
    from gracja.cli.serving.server import serve  # noqa: PLC0415  (only where the extra is there)

    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  (shown, not bound)
    address = f"http://[{shown}]:{port}{path}" if ":" in shown else f"http://{shown}:{port}{path}"

    def on_ready() -> None:
        screen.say("serve_address", address=address)
        if code:
            screen.say("serve_setup_code", code=code)
        if host not in THIS_MACHINE and not os.environ.get("GRACJA_HOSTS"):
            screen.say("serve_hosts")
        if show:
            webbrowser.open(address)

    serve(host=host, port=port, workers=workers, on_ready=on_ready)
