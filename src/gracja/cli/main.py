"""The command line, `gracja`: one typer command a file in `gracja.cli.commands`."""

from __future__ import annotations

import importlib
import sys

import typer
from typer.exceptions import TyperException

from gracja import __version__
from gracja.cli.language import language_of
from gracja.cli.screen import Screen
from gracja.cli.terms import HELP_NAMES, command_of, speak
from gracja.engine.errors import EngineInputError
from gracja.wording import say

WRONG_INPUT = 2


# command -> the module that adds it, in the order of the help
COMMANDS = {
    "run": "run",
    "score": "score",
    "judge": "judge",
    "measure": "measure",
    "report": "report",
    "sample": "sample",
    "learn": "learn",
    "drift": "drift",
    "plan": "plan",
    "lint": "lint",
    "editions": "editions",
    "new": "editions",
    "schema": "editions",
    "advise": "advise",
    "rules": "advise",
    "archive": "archive",
    "demo": "demo",
    "serve": "serve",
    "doctor": "doctor",
    "backup": "backup",
    "restore": "backup",
    "user": "user",
}


def build(lang: str, command: str | None = None) -> typer.Typer:
    """The command line in one language; with `command`, only what that one needs, which is there sooner."""
    app = typer.Typer(
        name="gracja",
        help=say("help_gracja", lang),
        epilog=say("help_gracja_end", lang),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": HELP_NAMES},
    )

    @app.callback()
    def gracja(
        lang_: str = typer.Option(
            lang, "--lang", help=say("help_lang", lang), metavar="pl|en", show_default=False
        ),
        version: bool = typer.Option(  # noqa: ARG001, FBT001  (its callback has answered)
            False,  # noqa: FBT003
            "--version",
            help=say("help_version", lang),
            is_eager=True,
            callback=_show_version,
        ),
    ) -> None:
        if lang_ not in ("pl", "en"):
            raise typer.BadParameter(say("lang_unknown", lang, given=lang_), param_hint="--lang")

    if command == "--version":
        return app  # answered before any command
    modules = [COMMANDS[command]] if command in COMMANDS else dict.fromkeys(COMMANDS.values())
    for module in modules:
        importlib.import_module(f"gracja.cli.commands.{module}").add_to(app, lang)
    return app


def _show_version(asked: bool) -> None:  # noqa: FBT001  (typer's callback)
    if asked:
        typer.echo(f"gracja {__version__}")
        raise typer.Exit


def main(arguments: list[str] | None = None) -> None:
    """Run one command; wrong input is said in the user's language and ends with exit code 2."""
    lang, rest = language_of(sys.argv[1:] if arguments is None else arguments)
    screen = Screen(lang)
    try:
        command = next((word for word in rest if not word.startswith("-") or word == "--version"), None)
        group = command_of(build(lang, command), lang)
        raise SystemExit(group.main(args=rest, prog_name="gracja", standalone_mode=False))
    except EngineInputError as error:
        screen.error(error)
        raise SystemExit(WRONG_INPUT) from None
    except typer.Abort:
        speak(lang).rich_abort_error()
        raise SystemExit(1) from None
    except TyperException as wrong:  # a word on the command line that is none
        speak(lang).rich_format_error(wrong)
        raise SystemExit(getattr(wrong, "exit_code", 1)) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:
        screen.say("system_error", name=error.filename or "", reason=error.strerror or str(error))
        raise SystemExit(WRONG_INPUT) from None
