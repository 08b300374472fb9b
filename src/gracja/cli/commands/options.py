"""Options that several commands share, with their help in the language of the run."""

# No postponed annotations in this folder: the help of an option is made when its command is built.
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from gracja.wording import say


def conversations(lang: str) -> Any:
    return Annotated[list[str], typer.Argument(help=say("help_conversations", lang), metavar="CONVERSATIONS")]


def edition(lang: str) -> Any:
    return Annotated[Path, typer.Option("--edition", "-e", help=say("help_edition", lang), metavar="E.yaml")]


def strict(lang: str) -> Any:
    return Annotated[bool, typer.Option("--strict", help=say("help_strict", lang))]


def rejected(lang: str) -> Any:
    return Annotated[Path | None, typer.Option("--rejected", help=say("help_rejected", lang), metavar="FILE")]


def language(lang: str) -> Any:
    return Annotated[
        str | None,
        typer.Option("--conversation-language", help=say("help_language", lang), metavar="pl|en|..."),
    ]


def workers(lang: str) -> Any:
    return Annotated[int, typer.Option("--workers", help=say("help_workers", lang), min=0, metavar="N")]


def detectors(lang: str) -> Any:
    words = say("help_score_detectors", lang)
    return Annotated[Path | None, typer.Option("--detectors", help=words, metavar="DIR")]


def batch(lang: str) -> Any:
    return Annotated[int, typer.Option("--batch", help=say("help_batch", lang), min=1, metavar="N")]


def fresh(lang: str) -> Any:
    return Annotated[bool, typer.Option("--fresh", help=say("help_fresh", lang))]


def contacts(lang: str) -> Any:
    return Annotated[list[str], typer.Option("--contacts", help=say("help_contacts", lang), metavar="FILE")]


def source(lang: str) -> Any:
    return Annotated[
        Literal["auto", "human", "automatic"], typer.Option("--source", help=say("help_source", lang))
    ]


def output_format(lang: str, *choices: str) -> Any:
    return Annotated[Literal[choices], typer.Option("--format", help=say("help_format", lang))]


def title(lang: str) -> Any:
    return Annotated[str | None, typer.Option("--title", help=say("help_title", lang))]


def archive(lang: str) -> Any:
    return Annotated[
        Path,
        typer.Option(
            "--archive", envvar="GRACJA_ARCHIVE", help=say("help_archive_folder", lang), metavar="FOLDER"
        ),
    ]


def months(lang: str) -> Any:
    return Annotated[
        list[str], typer.Option("--month", help=say("help_archive_month", lang), metavar="2026-11")
    ]
