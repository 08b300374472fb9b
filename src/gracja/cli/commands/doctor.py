# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from typing import Any

import typer

from gracja.cli.commands import options
from gracja.cli.screen import Screen
from gracja.cli.serving.opened import application, home_option
from gracja.engine.errors import EngineInputError
from gracja.wording import say, say_error

NOT_WELL = 1
SIGNS = {"well": "✓", "warning": "!", "wrong": "✗"}


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja doctor`: whether this installation is well, and what to do where it is not."""

    @app.command(name="doctor", help=say("help_doctor", lang), short_help=say("short_doctor", lang))
    def doctor(
        home: home_option(lang) = None,  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        with application(Screen(lang), home):
            wrong = _tell(lang, as_json=format_ == "json")
        if wrong:
            raise SystemExit(NOT_WELL)


def _tell(lang: str, *, as_json: bool) -> int:
    """Say what is found as it is found; how much of it is wrong."""
    from gracja.app.operations.checks import look  # noqa: PLC0415  (only where the extra is there)

    findings = []
    for finding in look():
        said = _sentence(finding.code, finding.facts, lang)
        findings.append({"code": finding.code, "state": finding.state, "says": said})
        if not as_json:
            typer.echo(f"{SIGNS[finding.state]} {said}")
    wrong = sum(one["state"] == "wrong" for one in findings)
    if as_json:
        typer.echo(json.dumps({"wrong": wrong, "findings": findings}, ensure_ascii=False))
    else:
        typer.echo(_in_short(findings, wrong, lang))
    return wrong


def _in_short(findings: list[dict[str, Any]], wrong: int, lang: str) -> str:
    if wrong:
        return say("not_well", lang, area="doctor", wrong=wrong)
    warned = sum(one["state"] == "warning" for one in findings)
    return (
        say("well_but", lang, area="doctor", warned=warned)
        if warned
        else say("all_well", lang, area="doctor")
    )


def _sentence(code: str, facts: dict[str, Any], lang: str) -> str:
    if code == "archive_wrong":
        facts = {"problem": say_error(EngineInputError(facts["code"], **facts["facts"]), lang)}
    return say(code, lang, area="doctor", **facts)
