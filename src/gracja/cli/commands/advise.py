# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer
from rich.console import Console
from rich.table import Table

from gracja.cli.commands import options
from gracja.cli.edition_file import load_edition
from gracja.cli.files import replacing
from gracja.cli.rules_file import load_rules
from gracja.cli.screen import Screen
from gracja.engine.dial.advice import Advice, advise
from gracja.engine.dial.read import bundled_rules_text, occupation_sources
from gracja.engine.dial.rules import SituationRules
from gracja.engine.dial.situation import Situation
from gracja.engine.edition.model import Channel
from gracja.engine.edition.texts import in_language
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.gesture.fitting import Fit, fitting_gestures
from gracja.wording import say
from gracja.wording.advice import say_band, say_cost, say_line, say_reason

SHOWN = 6  # of each list; --format json gives all


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja advise` and `gracja rules`: how personal to be, and by which rules."""

    @app.command(name="advise", help=say("help_advise", lang), short_help=say("short_advise", lang))
    def advise_(
        *,
        service: Annotated[
            Literal["encounter", "relationship"] | None,
            typer.Option("--service", help=say("help_advise_service", lang)),
        ] = None,
        occupation: Annotated[
            str | None, typer.Option("--occupation", help=say("help_advise_occupation", lang), metavar="NAME")
        ] = None,
        state: Annotated[
            list[str], typer.Option("--state", help=say("help_advise_state", lang), metavar="CUE")
        ] = [],  # noqa: B006  (typer's own way; it is never changed)
        visits: Annotated[
            int, typer.Option("--visits", help=say("help_advise_visits", lang), metavar="N")
        ] = 0,
        queue: Annotated[int, typer.Option("--queue", help=say("help_advise_queue", lang), metavar="N")] = 0,
        moves: Annotated[
            int, typer.Option("--moves", help=say("help_advise_moves", lang), min=0, metavar="N")
        ] = 0,
        edition: Annotated[
            Path | None,
            typer.Option("--edition", "-e", help=say("help_advise_edition", lang), metavar="E.yaml"),
        ] = None,
        channel: Annotated[
            Literal[get_args(Channel)] | None,  # type: ignore[valid-type]
            typer.Option("--channel", help=say("help_advise_channel", lang)),
        ] = None,
        rules: Annotated[
            Path | None, typer.Option("--rules", help=say("help_advise_rules", lang), metavar="R.yaml")
        ] = None,
        list_: Annotated[bool, typer.Option("--list", help=say("help_advise_list", lang))] = False,
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        known = load_rules(rules)
        if list_:
            _list(known, lang, as_json=format_ == "json")
            return
        document = load_edition(edition).edition if edition else None
        if document and service is None and occupation is None:
            service, occupation = document.service.kind, document.service.occupation
        situation = Situation(service, occupation, _cues(state, visits, queue))
        advice = advise(situation, known, document, channel=channel, moves_made=moves)
        fits = fitting_gestures(
            advice.reading.band,
            [cue for cue, count in situation.cues.items() if count],
            edition_allows=document is None or document.allows_gestures,
        )
        if format_ == "json":
            typer.echo(json.dumps(_as_data(advice, fits, lang), ensure_ascii=False))
        else:
            _show(advice, fits, lang)

    @app.command(name="rules", help=say("help_rules", lang), short_help=say("short_rules", lang))
    def rules_(
        file: Annotated[Path, typer.Argument(help=say("help_rules_file", lang), metavar="FILE")],
        force: Annotated[bool, typer.Option("--force", help=say("help_force", lang))] = False,
    ) -> None:
        if file.exists() and not force:
            raise EngineInputError("file_exists", Where(str(file)))
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as out:
            out.write(bundled_rules_text().encode("utf-8"))
        Screen(lang).say("rules_next", path=file)


def _cues(states: list[str], visits: int, queue: int) -> dict[str, int]:
    """`--state hurried`, or `--state pets=2` for a cue of one's own that counts."""
    cues = {}
    for state in states:
        name, _, count = state.partition("=")
        if count and not count.isdecimal():
            raise EngineInputError("cue_count_unreadable", Where(field="--state"), cue=name, given=count)
        cues[name.strip()] = int(count) if count else 1
    return cues | ({"known": visits} if visits else {}) | ({"queue": queue} if queue else {})


def _as_data(advice: Advice, fits: tuple[Fit, ...], lang: str) -> dict[str, Any]:
    reading = advice.reading
    return {
        "dial": reading.dial,
        "band": reading.band,
        "reasons": [
            {
                "what": reason.what,
                "name": reason.name,
                "points": reason.points,
                "text": say_reason(reason, reading, lang),
            }
            for reason in reading.reasons
        ],
        "do": [say_line(line, lang) for line in advice.do],
        "hold": [say_line(line, lang) for line in advice.hold],
        "within_reach": [say_line(line, lang) for line in advice.within_reach],
        "personal_moves": advice.personal_moves,
        "minutes_if_personal": {
            "customer": advice.cost_if_personal.own_minutes,
            "others": advice.cost_if_personal.others_minutes,
        },
        "gestures": [
            {
                "kind": fit.kind,
                "fits": fit.fits,
                "text": say(f"fit_{fit.reason}", lang, area="gesture"),
            }
            for fit in fits
        ],
        "rules": reading.rules,
    }


def _show(advice: Advice, fits: tuple[Fit, ...], lang: str) -> None:
    out = Console(highlight=False, soft_wrap=True)
    reading = advice.reading
    out.print(say("advise_dial", lang, dial=reading.dial, band=say_band(reading.band, lang)), style="bold")
    for reason in reading.reasons:
        out.print(f"  {reason.points:+4d}  {say_reason(reason, reading, lang)}", markup=False)
    for heading, lines in (("do", advice.do), ("hold", advice.hold), ("within_reach", advice.within_reach)):
        if lines:
            out.print()
            out.print(say(f"advise_{heading}", lang), style="bold")
            for line in lines[:SHOWN]:
                out.print(f"  - {say_line(line, lang)}", markup=False)
            if len(lines) > SHOWN:
                out.print(f"  {say('advise_more', lang, count=len(lines) - SHOWN)}", style="dim")
    if good := [say(f"kind_{fit.kind}", lang, area="gesture") for fit in fits if fit.fits]:
        said = say("advise_gestures", lang, kinds=", ".join(good))
    else:
        said = say("advise_no_gesture", lang, why=say(f"fit_{fits[0].reason}", lang, area="gesture"))
    out.print()
    out.print(said, markup=False)
    out.print(say("advise_moves", lang, moves=advice.personal_moves), markup=False)
    out.print(say_cost(advice.cost_if_personal, lang), markup=False)
    out.print(say("advise_rules", lang, rules=reading.rules), style="dim", markup=False)


def _list(rules: SituationRules, lang: str, *, as_json: bool) -> None:
    cues = [
        {"cue": cue.cue, "title": in_language(cue.title, lang), "points": cue.points, "ceiling": cue.ceiling}
        for cue in rules.cues
    ]
    occupations = [
        {
            "occupation": one.occupation,
            "title": in_language(one.title, lang),
            "kind": one.kind,
            "points": one.points,
            "source": occupation_sources().get(one.source, one.source),
        }
        for one in rules.occupations
    ]
    if as_json:
        typer.echo(json.dumps({"cues": cues, "occupations": occupations}, ensure_ascii=False))
        return
    for rows in (cues, occupations):
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in rows[0]:
            table.add_column(say(f"column_{column}", lang), justify="right" if column == "points" else "left")
        for row in rows:
            table.add_row(*("" if value is None else str(value) for value in row.values()))
        Console().print(table)
        Console().print()
