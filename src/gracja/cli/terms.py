"""The words that the command-line library itself puts on the screen, in Polish too.

The library has no catalogue for most of them. What it shows of an error passes its highlighter, and there a
whole sentence is put in the place of another; one that is not known here stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, Final

import typer
from rich.text import Text
from typer.core import TyperGroup

from gracja.wording import say

HELP_NAMES: Final = ["-h", "--help"]
_POLISH: Final = {
    "ARGUMENTS_PANEL_TITLE": "Argumenty",
    "OPTIONS_PANEL_TITLE": "Opcje",
    "COMMANDS_PANEL_TITLE": "Polecenia",
    "ERRORS_PANEL_TITLE": "Błąd",
    "ABORTED_TEXT": "Przerwano.",
    "DEFAULT_STRING": "[domyślnie: {}]",
    "REQUIRED_LONG_STRING": "[wymagane]",
    "RICH_HELP": "Pomoc: [blue]{command_path} {help_option}[/]",
}
_SENTENCES: Final = [
    (r"Usage: (.+)", r"Użycie: \1"),
    (r"Missing argument ('.+')\..*", r"Brakuje argumentu \1."),
    (r"Missing option ('.+')\..*", r"Brakuje opcji \1."),
    (r"No such option: (\S+?)\.? \(Possible options: (.+)\)", r"Nie ma opcji \1. Może \2?"),
    (r"No such option: (\S+?)\.? Did you mean (.+)\?", r"Nie ma opcji \1. Może \2?"),
    (r"No such option: (\S+)", r"Nie ma opcji \1."),
    (r"No such command '(.+?)'\. Did you mean (.+)\?", r"Nie ma polecenia „\1”. Może \2?"),
    (r"No such command '(.+?)'\.", r"Nie ma polecenia „\1”."),
    (r"Missing command\.", r"Brakuje polecenia."),
    (r"Option ('.+') requires an argument\.", r"Opcja \1 wymaga wartości."),
    (r"Option ('.+') does not take a value\.", r"Opcja \1 nie przyjmuje wartości."),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)\.?", r"To zbędne: \1."),
    (
        r"Invalid value for ('.+?'): (?:Value error, )?'(.*)' is not one of (.+)\.",
        r"Niewłaściwa wartość \1: „\2”. Możliwe: \3.",
    ),
    (
        r"Invalid value for (.+?): Input should be a valid integer.*",
        r"Niewłaściwa wartość \1: potrzebna jest liczba całkowita, na przykład 2.",
    ),
    (
        r"Invalid value for (.+?): Input should be a valid number.*",
        r"Niewłaściwa wartość \1: potrzebna jest liczba, na przykład 0.5.",
    ),
    (
        r"Invalid value for (.+?): Input should be greater than or equal to (.+)",
        r"Niewłaściwa wartość \1: musi wynosić co najmniej \2.",
    ),
    (r"Invalid value for (.+?): (.+)", r"Niewłaściwa wartość \1: \2"),
]


def speak(lang: str) -> Any:
    """Put what the library says into this language; its module of pretty words. Loading it takes longer than
    all of the command line: so only where there is help or an error to show.
    """
    from typer import rich_utils  # noqa: PLC0415  (as above)

    for name, said in (_polish() if lang == "pl" else _english()).items():
        setattr(rich_utils, name, said)
    return rich_utils


@cache
def _english() -> dict[str, Any]:
    """As the library has them."""
    from typer import rich_utils  # noqa: PLC0415  (as `speak`)

    return {name: getattr(rich_utils, name) for name in (*_POLISH, "highlighter")}


@cache
def _polish() -> dict[str, Any]:
    from typer.rich_utils import OptionHighlighter  # noqa: PLC0415  (as `speak`)

    class Polish(OptionHighlighter):
        def __call__(self, text: str | Text) -> Text:
            return super().__call__(_in_polish(text) if isinstance(text, str) else text)

    _english()  # before anything of it is changed
    return _POLISH | {"highlighter": Polish()}


def command_of(app: typer.Typer, lang: str) -> TyperGroup:
    """The command line with the words that stand in its parameters in this language, too."""
    group: Any = typer.main.get_command(app)
    for command in _with_all_below(group):
        help_option = command.get_help_option(typer.Context(command, help_option_names=HELP_NAMES))
        help_option.help = say("help_help", lang)
        command.format_help = partial(_help_in, lang, command.format_help)
        command.options_metavar = say("usage_options", lang)
        if hasattr(command, "commands"):
            command.subcommand_metavar = say("usage_command", lang)
    return group  # type: ignore[no-any-return]


def _help_in(lang: str, format_help: Callable[..., None], *given: Any) -> None:
    speak(lang)
    format_help(*given)


def _with_all_below(command: Any) -> Iterator[Any]:
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from _with_all_below(below)


def _in_polish(text: str) -> str:
    for english, polish in _SENTENCES:
        if found := re.fullmatch(english, text.strip(), re.DOTALL):
            return found.expand(polish)
    return text
