"""The words that the command-line library itself puts on the screen, in Polish too."""

from __future__ import annotations

from typing import Final

from typer import rich_utils

_POLISH: Final = {
    "ARGUMENTS_PANEL_TITLE": "Argumenty",
    "OPTIONS_PANEL_TITLE": "Opcje",
    "COMMANDS_PANEL_TITLE": "Polecenia",
    "ERRORS_PANEL_TITLE": "Błąd",
    "DEFAULT_STRING": "[domyślnie: {}]",
    "REQUIRED_LONG_STRING": "[wymagane]",
}


def speak(lang: str) -> None:
    """Put the library's headings in this language."""
    if lang == "pl":
        for name, text in _POLISH.items():
            if not hasattr(rich_utils, name):
                msg = f"typer.rich_utils has no {name} any more"
                raise AttributeError(msg)
            setattr(rich_utils, name, text)
