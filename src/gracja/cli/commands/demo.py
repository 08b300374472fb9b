# No postponed annotations in this folder: the help of an option is made when its command is built.
import os
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from gracja.cli.commands.run import whole_job
from gracja.cli.commands.serve import run_server
from gracja.cli.screen import Screen
from gracja.cli.serving.demo import prepare_demo
from gracja.cli.serving.ready import look_for_the_extra, port_is_free
from gracja.cli.serving.refused import CannotServe
from gracja.demo import write_demo
from gracja.wording import say

WRONG = 2


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja demo`: the application with a made-up company, or the main job on its conversations."""

    @app.command(name="demo", help=say("help_demo", lang), short_help=say("short_demo", lang))
    def demo(
        out: Annotated[
            Path, typer.Option("--out", "-o", help=say("help_demo_out", lang), metavar="FOLDER")
        ] = Path("demo"),
        no_open: Annotated[bool, typer.Option("--no-open", help=say("help_no_open", lang))] = False,
        report_only: Annotated[
            bool, typer.Option("--report-only", help=say("help_report_only", lang))
        ] = False,
        reset: Annotated[bool, typer.Option("--reset", help=say("help_demo_reset", lang))] = False,
        host: Annotated[str, typer.Option("--host", help=say("help_host", lang))] = "127.0.0.1",
        port: Annotated[int, typer.Option("--port", help=say("help_port", lang), min=1, max=65535)] = 8000,
    ) -> None:
        screen = Screen(lang)
        if not report_only:
            try:
                look_for_the_extra()
            except CannotServe as refused:
                screen.say(refused.key, **refused.facts)
                screen.say("demo_report_instead")
                report_only = True
        if report_only:
            _report(out, screen, show=not no_open)
        else:
            _application(out / "home", screen, reset=reset, host=host, port=port, show=not no_open)


def _application(home: Path, screen: Screen, *, reset: bool, host: str, port: int, show: bool) -> None:
    """The application, filled; it answers until told to stop."""
    try:
        port_is_free(host, port)
        prepare_demo(home, screen, reset=reset)
        run_server(screen, host=host, port=port, workers=1, path="/demo/", show=show and _has_screen())
    except CannotServe as refused:
        screen.say(refused.key, **refused.facts)
        raise SystemExit(WRONG) from None


def _report(out: Path, screen: Screen, *, show: bool) -> None:
    """The main job on the demo's conversations, ending with its report."""
    with screen.stage("demo"):
        files = write_demo(out)
    screen.say("demo_written", path=out)
    whole_job(
        [str(files.conversations)],
        files.edition,
        out,
        screen,
        contacts=[str(files.contacts)],
        title=say("demo_title", screen.lang),
    )
    if show and _has_screen():
        webbrowser.open((out / "report.html").resolve().as_uri())


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
