# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from gracja.cli.commands import options
from gracja.cli.files import replacing
from gracja.cli.screen import Screen
from gracja.engine.edition.bundled import bundled_names, bundled_text
from gracja.engine.edition.read import read_edition
from gracja.engine.edition.schema import edition_schema
from gracja.engine.edition.texts import in_language
from gracja.engine.errors import EngineInputError, Where
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja editions`, `gracja new` and `gracja schema`: where a company starts from."""

    @app.command(name="editions", help=say("help_editions", lang), short_help=say("short_editions", lang))
    def editions(format_: options.output_format(lang, "text", "json") = "text") -> None:  # type: ignore[valid-type]
        rows = [_described(name, lang) for name in bundled_names()]
        if format_ == "json":
            typer.echo(json.dumps(rows, ensure_ascii=False))
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in ("name", "title", "kind", "parts", "standards"):
            table.add_column(
                say(f"column_{column}", lang), justify="right" if column in ("parts", "standards") else "left"
            )
        for row in rows:
            table.add_row(*(str(row[key]) for key in ("name", "title", "kind", "parts", "standards")))
        Console().print(table)
        Screen(lang).say("editions_next")

    @app.command(name="new", help=say("help_new", lang), short_help=say("short_new", lang))
    def new(
        file: Annotated[Path, typer.Argument(help=say("help_new_file", lang), metavar="FILE")],
        source: Annotated[str, typer.Option("--from", help=say("help_new_from", lang), metavar="NAME")],
        force: Annotated[bool, typer.Option("--force", help=say("help_force", lang))] = False,
    ) -> None:
        text = bundled_text(source)
        if file.exists() and not force:
            raise EngineInputError("file_exists", Where(str(file)))
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as out:
            out.write(text.encode("utf-8"))
        Screen(lang).say("new_next", path=file)

    @app.command(name="schema", help=say("help_schema", lang), short_help=say("short_schema", lang))
    def schema() -> None:
        typer.echo(json.dumps(edition_schema(), indent=2, ensure_ascii=False))


def _described(name: str, lang: str) -> dict[str, str | int]:
    edition = read_edition(bundled_text(name), file=f"{name}.yaml").edition
    return {
        "name": name,
        "title": in_language(edition.title, lang),
        "kind": say(f"kind_{edition.service.kind}", lang),
        "parts": len(edition.sequence),
        "standards": sum(1 for _ in edition.standards()),
    }
