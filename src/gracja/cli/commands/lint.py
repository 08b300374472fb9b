# No postponed annotations in this folder: the help of an option is made when its command is built.
from pathlib import Path
from typing import Annotated

import typer

from gracja.cli import lint_output
from gracja.cli.commands import options
from gracja.cli.edition_file import load_edition
from gracja.engine.edition.lint import RULES
from gracja.engine.edition.lint import lint as findings_in
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja lint`: what will go wrong with these standards, and a better wording."""

    @app.command(name="lint", help=say("help_lint", lang), short_help=say("short_lint", lang))
    def lint(
        files: Annotated[
            list[Path] | None, typer.Argument(help=say("help_edition", lang), metavar="FILE")
        ] = None,
        explain: Annotated[
            str | None, typer.Option("--explain", help=say("help_explain", lang), metavar="GR101")
        ] = None,
        format_: options.output_format(lang, "text", "json", "github") = "text",  # type: ignore[valid-type]
    ) -> None:
        if explain:
            code = explain.upper()
            if code not in RULES:
                raise typer.BadParameter(lint_output.unknown_code(code, lang), param_hint="--explain")
            typer.echo(lint_output.explain(code, lang))
            return
        if not files:
            raise typer.BadParameter(say("lint_what", lang), param_hint="FILE")
        findings = [finding for file in files for finding in findings_in(load_edition(file))]
        shape = {
            "text": lint_output.as_text,
            "json": lint_output.as_json,
            "github": lint_output.as_github,
        }[format_]
        text = shape(findings, lang)
        if text:
            typer.echo(text)
        if any(finding.severity == "error" for finding in findings):
            raise typer.Exit(1)
