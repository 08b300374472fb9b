# No postponed annotations in this folder: the help of an option is made when its command is built.
import os
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from gracja.cli.commands.run import whole_job
from gracja.cli.screen import Screen
from gracja.demo import write_demo
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja demo`: the main job on a made-up company, ending with its report."""

    @app.command(name="demo", help=say("help_demo", lang), short_help=say("short_demo", lang))
    def demo(
        out: Annotated[
            Path, typer.Option("--out", "-o", help=say("help_out_folder", lang), metavar="FOLDER")
        ] = Path("demo"),
        no_open: Annotated[bool, typer.Option("--no-open", help=say("help_no_open", lang))] = False,
    ) -> None:
        screen = Screen(lang)
        with screen.stage("demo"):
            files = write_demo(out)
        screen.say("demo_written", path=out)
        whole_job(
            [str(files.conversations)],
            files.edition,
            out,
            screen,
            contacts=[str(files.contacts)],
            title=say("demo_title", lang),
        )
        if not no_open and _has_screen():
            webbrowser.open((out / "report.html").resolve().as_uri())


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
