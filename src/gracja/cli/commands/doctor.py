# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from gracja.cli.commands import options
from gracja.cli.screen import Screen
from gracja.cli.serving.ready import configure, look_for_the_extra, set_up
from gracja.cli.serving.refused import CannotServe
from gracja.engine.errors import EngineInputError
from gracja.wording import say, say_error

WRONG = 2
NOT_WELL = 1
SIGNS = {"well": "✓", "warning": "!", "wrong": "✗"}


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja doctor`: whether this installation is well, and what to do where it is not."""

    @app.command(name="doctor", help=say("help_doctor", lang), short_help=say("short_doctor", lang))
    def doctor(
        home: Annotated[
            Path | None,
            typer.Option("--home", envvar="GRACJA_HOME", help=say("help_home", lang), metavar="FOLDER"),
        ] = None,
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        try:
            look_for_the_extra()
            configure(home)
            set_up()
        except CannotServe as refused:
            screen.say(refused.key, **refused.facts)
            raise SystemExit(WRONG) from None
        from gracja.app.operations.checks import look  # noqa: PLC0415  (only where the extra is there)

        findings = []
        for finding in look():
            said = _sentence(finding.code, finding.facts, lang)
            findings.append({"code": finding.code, "state": finding.state, "says": said})
            if format_ == "text":
                typer.echo(f"{SIGNS[finding.state]} {said}")
        wrong = sum(one["state"] == "wrong" for one in findings)
        if format_ == "json":
            typer.echo(json.dumps({"wrong": wrong, "findings": findings}, ensure_ascii=False))
        else:
            key = "not_well" if wrong else "all_well"
            typer.echo(say(key, lang, area="doctor", **({"wrong": wrong} if wrong else {})))
        if wrong:
            raise SystemExit(NOT_WELL)


def _sentence(code: str, facts: dict[str, Any], lang: str) -> str:
    if code == "archive_wrong":
        facts = {"problem": say_error(EngineInputError(facts["code"], **facts["facts"]), lang)}
    return say(code, lang, area="doctor", **facts)
